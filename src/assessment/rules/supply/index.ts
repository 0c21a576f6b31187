import { type AnyRule, causedBy } from '../../rule.ts';
import { catalogue } from './catalogue.ts';
import { supplies } from './supplies.ts';
import { use } from './use.ts';

export const rules: readonly AnyRule[] = [
  ...causedBy('supply', supplies),
  ...causedBy('supply', catalogue),
  ...use,
];
