import type { AnyRule } from '../../rule.ts';
import { codes } from './codes.ts';

export const rules: readonly AnyRule[] = codes;
