import type { AnyRule } from '../../rule.ts';
import { identity } from './identity.ts';

export const rules: readonly AnyRule[] = identity;
