import type { AnyRule } from '../../rule.ts';
import { discharge } from './discharge.ts';
import { notes } from './notes.ts';

export const rules: readonly AnyRule[] = [...notes, ...discharge];
