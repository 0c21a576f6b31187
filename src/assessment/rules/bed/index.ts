import type { AnyRule } from '../../rule.ts';
import { days } from './days.ts';

export const rules: readonly AnyRule[] = days;
