import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyVisit } from '../../test/properties/snapshots.ts';
import { projectClaim } from '../claims/index.ts';
import type { ClaimTables } from '../claims/tables.ts';
import type { VisitRecord } from '../encounters/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { type Change, isWrittenBy, ruleReads } from './affected.ts';
import { rulesInForce } from './in-force.ts';

/** Places in which two versions of a claim differ: `XML2` = rows came or went. */
function differences(before: ClaimTables, after: ClaimTables): readonly string[] {
  const tables = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ClaimTables>;
  return [...tables].flatMap((table) => {
    const [one = [], two = []] = [before[table], after[table]];
    if (one.length !== two.length) return [table];
    return one.flatMap((row, at) =>
      [...new Set([...Object.keys(row), ...Object.keys(two[at]!)])]
        .filter((field) => row[field] !== two[at]![field])
        .map((field) => `${table}.${field}`),
    );
  });
}

const LATER = '2026-09-01T03:17:00.000Z';
/** What a person saves, as a change of the record. */
const SAVED: Readonly<
  Record<Exclude<Change, 'arrival' | 'settlement'>, (visit: VisitRecord) => VisitRecord>
> = {
  visit: (visit) => ({
    ...visit,
    coverages: [],
    encounter: {
      ...visit.encounter,
      classCode: '02',
      routeCode: '2',
      admittedAt: LATER,
      reason: 'Đau bụng',
      admissionReason: 'Theo dõi',
      provisionalDiagnosis: 'Viêm',
      injuryCode: '1',
      weightKg: '51.5',
      referralFrom: '40001',
      referralPaper: 'GCT-1',
    },
  }),
  conditions: (visit) => ({ ...visit, conditions: [] }),
  orders: (visit) => ({
    ...visit,
    // A line with results stays: rows of results are numbered by it.
    lines: visit.lines
      .filter(({ id }) => visit.observations.some(({ lineId }) => lineId === id))
      .map((line) => ({ ...line, dose: '1 viên/lần', departmentCode: 'K99' })),
  }),
  results: (visit) => ({
    ...visit,
    observations: [],
    lines: visit.lines.map((line) => ({
      ...line,
      performedAt: LATER,
      resultAt: LATER,
      performedByLicences: ['000001/NA-CCHN'],
      machineCodes: ['XN.1.40021.X'],
    })),
  }),
  notes: (visit) => ({ ...visit, notes: [] }),
};

describe('what a save writes is what the rules are told of it', () => {
  test.each(Object.keys(SAVED) as (keyof typeof SAVED)[])('%s', (change) => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyVisit, ({ snapshot: { visit } }) => {
        const encounter = { ...visit.encounter, state: 'open', endedAt: null, settledAt: null } as const;
        const draft = (of: VisitRecord) => projectClaim({ visit: of, settlement: null });
        const open = { ...visit, encounter };
        for (const place of differences(draft(open), draft(SAVED[change](open)))) seen.add(place);
      }),
      { numRuns: 100, seed: 20_261_126 },
    );
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen].filter((place) => !isWrittenBy(change, place))).toEqual([]);
  });
});

test('of every rule that is asked of a visit in progress, with those above it, it is known what it reads', () => {
  const asked = rulesInForce([], 'x' as Id, '2026-11-26' as LocalDate).affectedBy('arrival').rules;
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter(({ id }) => ruleReads()[id] === undefined).map(({ id }) => id)).toEqual([]);
});
