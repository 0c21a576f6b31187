import type { AnyRule } from '../rule.ts';
import { rules as bed } from './bed/index.ts';
import { rules as benefit } from './benefit/index.ts';
import { rules as crossEncounter } from './cross-encounter/index.ts';
import { rules as datetime } from './datetime/index.ts';
import { rules as documents } from './documents/index.ts';
import { rules as drug } from './drug/index.ts';
import { rules as icd } from './icd/index.ts';
import { rules as lab } from './lab/index.ts';
import { rules as money } from './money/index.ts';
import { rules as patient } from './patient/index.ts';
import { rules as practitioner } from './practitioner/index.ts';
import { rules as service } from './service/index.ts';
import { rules as structure } from './structure/index.ts';
import { rules as supply } from './supply/index.ts';

/** Every rule, group by group. Its message is `rules.<id>` in the catalogue of messages. */
export const ALL_RULES: readonly AnyRule[] = [
  ...structure,
  ...patient,
  ...datetime,
  ...money,
  ...benefit,
  ...drug,
  ...service,
  ...bed,
  ...supply,
  ...lab,
  ...documents,
  ...icd,
  ...crossEncounter,
  ...practitioner,
];
