import type { AnyRule } from '../../rule.ts';
import { days } from './days.ts';
import { neighbours } from './neighbours.ts';
import { review } from './review.ts';

export const rules: readonly AnyRule[] = [...days, ...review, ...neighbours];
