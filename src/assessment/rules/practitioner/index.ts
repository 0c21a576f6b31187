import type { AnyRule } from '../../rule.ts';
import { attendance } from './attendance.ts';
import { day } from './day.ts';
import { known } from './known.ts';
import { rights } from './rights.ts';
import { together } from './together.ts';

export const rules: readonly AnyRule[] = [...known, ...rights, ...attendance, ...together, ...day];
