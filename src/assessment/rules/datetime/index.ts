import type { AnyRule } from '../../rule.ts';
import { sequence } from './sequence.ts';
import { stay } from './stay.ts';

export const rules: readonly AnyRule[] = [...stay, ...sequence];
