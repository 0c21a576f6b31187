import type { AnyRule } from '../../rule.ts';
import { patientClass } from './class.ts';
import { exemption } from './exemption.ts';
import { level } from './level.ts';
import { papers } from './papers.ts';

export const rules: readonly AnyRule[] = [...patientClass, ...papers, ...level, ...exemption];
