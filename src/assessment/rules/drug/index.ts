import { type AnyRule, causedBy } from '../../rule.ts';
import { catalogue } from './catalogue.ts';
import { condition } from './condition.ts';
import { days } from './days.ts';
import { dose } from './dose.ts';
import { identity } from './identity.ts';
import { source } from './source.ts';
import { together } from './together.ts';
import { twice } from './twice.ts';

export const rules: readonly AnyRule[] = [
  ...causedBy('drug', identity),
  ...causedBy('drug', catalogue),
  ...causedBy('drug', source),
  ...dose,
  ...days,
  ...twice,
  ...together,
  ...causedBy('drug', condition),
];
