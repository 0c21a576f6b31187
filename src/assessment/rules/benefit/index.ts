import type { AnyRule } from '../../rule.ts';
import { patientClass } from './class.ts';
import { disease } from './disease.ts';
import { exemption } from './exemption.ts';
import { facility } from './facility.ts';
import { level } from './level.ts';
import { limits } from './limits.ts';
import { papers } from './papers.ts';
import { route } from './route.ts';
import { yearly } from './yearly.ts';

export const rules: readonly AnyRule[] = [
  ...patientClass,
  ...route,
  ...papers,
  ...disease,
  ...facility,
  ...level,
  ...exemption,
  ...limits,
  ...yearly,
];
