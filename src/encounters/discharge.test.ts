import { expect, test } from '@jest/globals';
import type { Discharge } from '../../schemas/api/encounters.ts';
import type { Problem } from '../platform/problem.ts';
import type { Recording } from './decide.ts';
import { checkDischarge, type EndingVisit } from './discharge.ts';

const visit: EndingVisit = {
  encounter: {
    classCode: '01',
    routeCode: '9',
    arrivedAt: '2024-01-01T08:00:00+07:00',
    admittedAt: null,
    admissionReason: null,
    provisionalDiagnosis: null,
    referral: null,
    weightKg: null,
  },
  patient: { birthDate: '1990-02-01' },
  coverages: [],
  conditions: [{ role: 'primary' }],
  lines: [],
  observations: [],
  notes: [],
};
const rec = { now: new Date('2026-11-24T00:00:00Z') } as Recording;
const ending = (endedAt: string): Discharge => ({
  endedAt,
  outcomeCode: '2',
  dischargeCode: '1',
  finalDiagnosis: 'Cảm',
});

test.each([
  ['999 days, the first and the last counted', '2026-09-25T08:00:00+07:00', '9'],
  ['one day more', '2026-09-26T08:00:00+07:00', 'time-implausible'],
])('a stay is no longer than a claim can say: %s', (_name, endedAt, expected) => {
  const answer = () => {
    try {
      return checkDischarge(ending(endedAt), visit, rec);
    } catch (error) {
      return (error as Problem).type;
    }
  };
  expect(answer()).toBe(expected);
});
