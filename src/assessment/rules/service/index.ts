import type { AnyRule } from '../../rule.ts';
import { code } from './code.ts';
import { examination } from './examination.ts';
import { performance } from './performance.ts';

export const rules: readonly AnyRule[] = [...code, ...performance, ...examination];
