import type { AnyRule } from '../../rule.ts';
import { form } from './form.ts';
import { length } from './length.ts';
import { neighbours } from './neighbours.ts';
import { orders } from './orders.ts';
import { pace } from './pace.ts';
import { sending } from './sending.ts';
import { sequence } from './sequence.ts';
import { stay } from './stay.ts';

export const rules: readonly AnyRule[] = [
  ...form,
  ...stay,
  ...sequence,
  ...pace,
  ...length,
  ...orders,
  ...sending,
  ...neighbours,
];
