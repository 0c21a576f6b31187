import type { AnyRule } from '../../rule.ts';

export const rules: readonly AnyRule[] = [];
