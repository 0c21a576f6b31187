import type { AnyRule } from '../../rule.ts';
import { supplies } from './supplies.ts';

export const rules: readonly AnyRule[] = supplies;
