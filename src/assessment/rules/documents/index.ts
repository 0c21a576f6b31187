import type { AnyRule } from '../../rule.ts';
import { discharge } from './discharge.ts';
import { noteCoverage } from './note-coverage.ts';
import { notes } from './notes.ts';

export const rules: readonly AnyRule[] = [...notes, ...noteCoverage, ...discharge];
