import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  assessVisit,
  type BenefitVisit,
  type Law,
  loadPolicy,
  type Parameter,
} from '../../src/benefits/index.ts';
import { createLaw } from '../../src/benefits/law.ts';
import { addDays } from '../../src/platform/dates.ts';
import { decimal, decimalText, moneyText } from '../../src/platform/money.ts';
import { Problem } from '../../src/platform/problem.ts';

/** What every day on which the law changes does, and what a law with a hole in it does: nothing by default. */
const law = loadPolicy();
const FIRST_DAY = '2015-01-01';

/** Every day on which a value of any parameter begins or ends. */
const policyDays = [
  ...new Set(
    law.parameters.flatMap(({ values }) => values.flatMap(({ from, to }) => [from, ...(to ? [to] : [])])),
  ),
].toSorted();

const card = {
  cardNumber: 'DN4400000000001',
  from: '2010-01-01',
  to: null,
  areaCode: 'K1' as const,
  freeCopayFrom: null,
  presentedAt: null,
};
const line = (date: string, more: Partial<BenefitVisit['lines'][number]> = {}) => ({
  id: 'L1',
  kind: 'service' as const,
  date,
  quantity: decimal('1'),
  unitPrice: decimal('10000000'),
  insuredUnitPrice: decimal('10000000'),
  unitCeiling: null,
  scopeCode: '1',
  catalogueRate: decimal('100'),
  ...more,
});
const visitOn = (date: string, routeCode: string | null, more: Partial<BenefitVisit> = {}): BenefitVisit => ({
  policyDate: date,
  classCode: '03',
  careSetting: 'outpatient',
  routeCode,
  ...(routeCode === null ? { legacyRoute: 'wrong' as const } : {}),
  facility: { level: null, points: null, formerTier: 'province' },
  coverages: [card],
  lines: [line(date)],
  ...more,
});

/** The value of a parameter on a day, read past the formulas. */
const valueOn = (id: string, date: string) =>
  law.parameters
    .find((one) => one.id === id)
    ?.values.find(({ from, to }) => from <= date && (to === null || date < to));

/** The outcome of a visit in words: an amount, or the refusal. */
function outcome(visit: BenefitVisit, by: Law = law): string {
  try {
    const { totals, lowCostLimit, routeFactor } = assessVisit(visit, by);
    return [moneyText(totals.insurerPays), moneyText(lowCostLimit), decimalText(routeFactor)].join(' ');
  } catch (error) {
    if (error instanceof Problem) return error.type;
    throw error;
  }
}

describe('the day before and the day of every policy date', () => {
  test('there are such days', () => expect(policyDays.length).toBeGreaterThan(12));

  test.each(policyDays)('%s: each day has the values of its own day', (day) => {
    for (const date of [addDays(day, -1), day]) {
      if (date < FIRST_DAY) continue;
      const salary = valueOn('base-salary', date);
      const share = valueOn('salary-multiple.low-cost-visit', date);
      if (typeof salary?.value !== 'string' || typeof share?.value !== 'string') throw new Error(date);
      const limit = moneyText(decimal(salary.value).times(share.value));
      const codes = law.parameters.flatMap(({ id }) =>
        id.startsWith('route-factor.') ? [id.slice('route-factor.'.length)] : [],
      );
      for (const code of codes) {
        for (const care of ['inpatient', 'outpatient'] as const) {
          const column = valueOn(`route-factor.${code}`, date)?.value as
            | Record<string, string | null>
            | undefined;
          const found = outcome(visitOn(date, code, { careSetting: care }));
          const factor = column?.[care];
          const level = code === '1.2' ? 100 : 80;
          // Before the first day of a code it cannot be judged; where the table says "-" it is refused.
          const refusal = column === undefined ? 'policy-not-in-force' : 'route-not-possible';
          const paid = factor ? `${(100_000 * level * Number(factor)) / 100}.00 ${limit} ${factor}` : refusal;
          expect([date, code, care, found]).toEqual([date, code, care, paid]);
        }
      }
    }
  });

  test.each(policyDays)('%s: the way of before 2025', (day) => {
    for (const date of [addDays(day, -1), day]) {
      if (date < FIRST_DAY) continue;
      for (const care of ['inpatient', 'outpatient'] as const) {
        const found = outcome(
          visitOn(date, null, { careSetting: care, coverages: [{ ...card, areaCode: null }] }),
        );
        const inpatient = date < '2021-01-01' ? '60' : '100';
        const factor = care === 'inpatient' ? inpatient : '0';
        expect([date, care, found.split(' ').at(-1)]).toEqual([
          date,
          care,
          date < '2025-01-01' ? factor : 'policy-not-in-force',
        ]);
      }
    }
  });

  test('before the first day nothing is judged', () => {
    for (const code of ['1.1', null])
      expect(outcome(visitOn('2014-12-31', code))).toBe('policy-not-in-force');
  });
});

describe('a missing value is never made up', () => {
  const visits: readonly BenefitVisit[] = [
    visitOn('2026-08-10', '1.1'),
    visitOn('2026-08-10', '1.2', { coverages: [card, { ...card, cardNumber: 'HT3400000000002' }] }),
    visitOn('2026-08-10', '1.13', { coverages: [{ ...card, cardNumber: 'LH4400000000002' }] }),
    visitOn('2026-08-10', '2', {
      coverages: [{ ...card, to: '2026-08-01' }],
      policyDate: '2026-07-20',
      lines: [line('2026-08-05')],
    }),
    visitOn('2026-08-10', '3.6', { careSetting: 'inpatient' }),
    visitOn('2026-08-10', '7.2', { underlyingRouteCode: '1.1' }),
    visitOn('2024-08-10', null, { facility: { level: null, points: null, formerTier: 'commune' } }),
    visitOn('2024-08-10', null, { careSetting: 'inpatient' }),
    visitOn('2026-08-10', '1.1', { coverages: [{ ...card, freeCopayFrom: '2026-02-01' }] }),
    visitOn('2026-08-10', '1.1', {
      yearlyCopay: {
        fiveYearsFrom: '2020-01-01',
        paid: decimal('15000000'),
        paidBeforeChange: decimal('100000'),
      },
    }),
    visitOn('2026-08-10', '1.1', {
      lines: [
        line('2026-08-10', { id: 'exam', kind: 'exam', examOrdinal: 2, sameDayReturn: true }),
        line('2026-08-10', { id: 'bed', kind: 'bed', bedOccupants: 3 }),
        line('2026-08-10', { id: 'stretcher', kind: 'bed', isStretcher: true }),
        line('2026-08-10', { id: 'surgery', kind: 'surgery', surgeryRole: 'additionalOtherTeam' }),
        line('2026-08-10', { id: 'ratio', kind: 'drug', catalogueRate: decimal('50') }),
        line('2026-08-10', { id: 'out', scopeCode: '2' }),
        line('2026-08-10', { id: 'army', scopeCode: '3' }),
        line('2026-08-10', { id: 'ceiling', kind: 'supply', unitCeiling: decimal('5') }),
        line('2026-08-10', {
          id: 'package',
          kind: 'supply',
          packageCode: 'G1',
          unitPrice: decimal('200000000'),
          insuredUnitPrice: decimal('200000000'),
        }),
        line('2026-08-10', { id: 'programme', kind: 'drug', otherPayer: { kind: 'programme' } }),
        line('2026-08-10', { id: 'individual', otherPayer: { kind: 'individual', amount: decimal('5') } }),
        line('2026-08-10', { id: 'stent', kind: 'supply', stentOrdinal: 2 }),
      ],
    }),
  ];
  const without = (id: string, keep: (parameter: Parameter) => Parameter | null): Law =>
    createLaw(
      law.parameters.flatMap((one) => (one.id === id ? (keep(one) ?? []) : one)),
      'test',
    );
  /** Everything that any of these visits says it has read. */
  const read = new Set(
    visits.flatMap((visit) =>
      assessVisit(visit, law).lines.flatMap(({ because }) =>
        because.flatMap(({ parameters }) => parameters.map(({ id }) => id.split('/')[0]!)),
      ),
    ),
  );

  test('the visits read most of the law', () => expect(read.size).toBeGreaterThan(40));

  /** Exceptions to a rule: without them the rule holds. So the program does not start without them. */
  const EXCEPTIONS = ['card-digit-override.LH4', 'route.card-level.1.2'];
  test('what would silently not apply must be there when the program starts', () => {
    const url = new URL('../../src/benefits/policy/required.json', import.meta.url);
    const { required } = JSON.parse(readFileSync(url, 'utf8')) as { required: { ids: string[] }[] };
    expect(required.flatMap(({ ids }) => ids)).toEqual(expect.arrayContaining(EXCEPTIONS));
  });

  test.each([...read].filter((id) => !EXCEPTIONS.includes(id)).toSorted())(
    'without %s, what reads it is refused, and nothing else changes',
    (id) => {
      const hole = without(id, () => null);
      for (const visit of visits) {
        const reads = assessVisit(visit, law).lines.some(({ because }) =>
          because.some(({ parameters }) => parameters.some((one) => one.id.split('/')[0] === id)),
        );
        const found = outcome(visit, hole);
        // Where nothing says that it was read, it may still have been read to find that it does not apply.
        if (reads) expect([id, ['policy-not-in-force', 'unknown-code'].includes(found)]).toEqual([id, true]);
        else
          expect([
            found === outcome(visit) || ['policy-not-in-force', 'unknown-code'].includes(found),
          ]).toEqual([true]);
      }
    },
  );

  test('nor one that begins a day later', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...visits),
        fc.constantFrom('base-salary', 'card-level.4', 'salary-multiple.low-cost-visit'),
        (visit, id) => {
          const later = without(id, (one) => ({
            ...one,
            values: one.values.map((value) =>
              value.to === null
                ? { ...value, from: addDays(visit.policyDate, 30) }
                : { ...value, to: addDays(value.from, 1) },
            ),
          }));
          const [last] = [law.parameters.find((one) => one.id === id)!.values.at(-1)!];
          if (last.from > visit.policyDate) return;
          const levels = visit.coverages.some(
            ({ cardNumber }) => cardNumber[2] === '4' && !cardNumber.startsWith('LH'),
          );
          if (id === 'card-level.4' && !levels) return;
          expect(outcome(visit, later)).toBe('policy-not-in-force');
        },
      ),
    );
  });

  test('a table without the entry is refused too', () => {
    const hole = without('service-rate.surgery', (one) => ({
      ...one,
      values: one.values.map((value) => ({ ...value, value: { main: '100' } })),
    }));
    expect(outcome(visits.at(-1)!, hole)).toBe('policy-not-in-force');
  });
});
