import type { AnyRule } from '../../rule.ts';
import { indicators } from './indicators.ts';
import { results } from './results.ts';

export const rules: readonly AnyRule[] = [...results, ...indicators];
