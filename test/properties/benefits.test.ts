import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  assessVisit,
  type BenefitLine,
  type BenefitResult,
  type BenefitVisit,
  loadPolicy,
} from '../../src/benefits/index.ts';
import { addDays, instantAt } from '../../src/platform/dates.ts';
import { add, decimal, type Money, moneyText, scale, zero } from '../../src/platform/money.ts';

/** Properties of every assessment, on invented visits around the days on which the law changes. Equality is exact. */
const law = loadPolicy();

const DAYS = ['2025-01-01', '2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01', '2026-08-10'];
const decimals = (max: number) =>
  fc.integer({ min: 0, max }).map((n) => decimal(String(n)).div(decimal('1000')));
const price = fc.oneof(decimals(5_000_000_000), fc.constantFrom('351000', '379500', '0').map(decimal));
const rate = fc.constantFrom('0', '30', '50', '80', '100').map(decimal);
const line = (date: string): fc.Arbitrary<BenefitLine> =>
  fc.record({
    id: fc.uuid(),
    kind: fc.constantFrom('exam', 'service', 'surgery', 'bed', 'drug', 'blood', 'supply', 'transport'),
    date: fc.constant(date),
    quantity: decimals(99_999),
    unitPrice: price,
    insuredUnitPrice: price,
    unitCeiling: fc.option(price, { nil: null }),
    scopeCode: fc.constantFrom('1', '1', '1', '2', '3'),
    catalogueRate: rate,
    examOrdinal: fc.integer({ min: 1, max: 8 }),
    bedOccupants: fc.integer({ min: 1, max: 4 }),
  });
const coverage = fc
  .record({
    group: fc.constantFrom('DN', 'CN', 'LH', 'TE', 'QN'),
    digit: fc.constantFrom('1', '2', '3', '4', '5'),
  })
  .map(({ group, digit }) => ({
    cardNumber: `${group}${digit}400000000001`,
    from: '2020-01-01',
    to: null,
    areaCode: null,
    freeCopayFrom: null,
    presentedAt: null,
  }));
/** Other payers, packages, late and further cards, free copay: what makes parts move. */
const rich = (date: string): fc.Arbitrary<BenefitLine> =>
  fc
    .tuple(
      line(date),
      fc.record(
        {
          packageCode: fc.constantFrom('G1', 'G2'),
          surgeryRole: fc.constantFrom('main' as const, 'additionalSameTeam' as const),
          sameDayReturn: fc.boolean(),
          otherPayer: fc.constant({ kind: 'programme' as const }),
          performedAt: fc
            .integer({ min: 0, max: 23 })
            .map((hour) => instantAt(date, `${String(hour).padStart(2, '0')}:00`)),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([plain, more]) => ({ ...plain, ...more }));
const richCoverage = (date: string) =>
  fc
    .tuple(
      coverage,
      fc.record({
        freeCopayFrom: fc.constantFrom(null, `${date.slice(0, 4)}-01-01`, date),
        presentedAt: fc.constantFrom(null, instantAt(date, '12:00')),
        to: fc.constantFrom(null, addDays(date, 1), addDays(date, -3)),
      }),
    )
    .map(([plain, more]) => ({ ...plain, ...more }));
const richVisit: fc.Arbitrary<BenefitVisit> = fc.constantFrom(...DAYS).chain((policyDate) =>
  fc
    .record({
      policyDate: fc.constant(policyDate),
      classCode: fc.constantFrom('01', '03'),
      routeCode: fc.constantFrom('1.1', '1.2', '1.3', '2', '3.1', '8'),
      facility: fc.constant({ level: 'basic' as const, points: 45, formerTier: 'district' as const }),
      coverages: fc.array(richCoverage(policyDate), { maxLength: 3 }),
      lines: fc.array(rich(policyDate), { maxLength: 12 }),
      yearly: fc.option(decimals(20_000_000_000), { nil: null }),
    })
    .map(({ yearly, ...it }) => ({
      ...it,
      ...(yearly
        ? { yearlyCopay: { fiveYearsFrom: '2020-01-01', paid: scale(yearly, '1'), paidBeforeChange: zero } }
        : {}),
    })),
);
const visit: fc.Arbitrary<BenefitVisit> = fc.constantFrom(...DAYS).chain((policyDate) =>
  fc.record({
    policyDate: fc.constant(policyDate),
    classCode: fc.constant('01'),
    routeCode: fc.constantFrom('1.1', '1.2', '1.3', '1.13', '1.18', '2', '3.1', '9'),
    facility: fc.constant({ level: 'basic' as const, points: 45, formerTier: 'district' as const }),
    coverages: fc.array(coverage, { maxLength: 2 }),
    lines: fc.array(line(policyDate), { maxLength: 12 }),
  }),
);

const PARTS = ['insurerPays', 'copay', 'selfPay', 'otherPayers'] as const;
const TOTALS = ['grossAmount', 'insuredAmount', ...PARTS] as const;
const texts = (totals: BenefitResult['totals']) =>
  Object.fromEntries(Object.entries(totals).map(([name, amount]) => [name, moneyText(amount as Money)]));

describe('assessVisit', () => {
  test('parts are the whole, per line and in total, and nothing is negative', () => {
    fc.assert(
      fc.property(fc.oneof(visit, richVisit), (it) => {
        const { lines, totals } = assessVisit(it, law);
        const isPaidByOthers = it.lines.some(({ otherPayer }) => otherPayer);
        for (const amounts of [...lines, totals]) {
          expect(moneyText(add(...PARTS.map((part) => amounts[part])))).toBe(moneyText(amounts.grossAmount));
          if (!isPaidByOthers)
            expect(moneyText(add(amounts.insurerPays, amounts.copay))).toBe(moneyText(amounts.insuredAmount));
          expect(TOTALS.filter((name) => amounts[name].lt(zero))).toEqual([]);
        }
        for (const name of TOTALS)
          expect(moneyText(totals[name])).toBe(moneyText(add(...lines.map((one) => one[name]))));
        expect(moneyText(totals.patientPays)).toBe(moneyText(add(totals.copay, totals.selfPay)));
      }),
    );
  });

  test('amounts have at most two decimals', () => {
    fc.assert(
      fc.property(fc.oneof(visit, richVisit), (it) => {
        for (const result of assessVisit(it, law).lines)
          for (const name of TOTALS) expect(scale(result[name], '1').eq(result[name])).toBe(true);
      }),
    );
  });

  test('the order of lines changes no total and no line', () => {
    const shuffled = fc
      .oneof(visit, richVisit)
      .chain((it) =>
        fc.tuple(fc.constant(it), fc.shuffledSubarray([...it.lines], { minLength: it.lines.length })),
      );
    fc.assert(
      fc.property(shuffled, ([it, lines]) => {
        const one = assessVisit(it, law);
        const other = assessVisit({ ...it, lines }, law);
        expect(texts(other.totals)).toEqual(texts(one.totals));
        const inOrder = (result: BenefitResult) => result.lines.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        expect(inOrder(other)).toEqual(inOrder(one));
      }),
    );
  });

  test('a higher level of the card never raises the copay nor lowers what the fund pays', () => {
    // Digits 4, 3 and 2 differ in level only (80, 95, 100): what is insured is the same.
    const withDigit = (it: BenefitVisit, digit: string): BenefitVisit => ({
      ...it,
      coverages: [
        {
          cardNumber: `HC${digit}400000000001`,
          from: '2020-01-01',
          to: null,
          areaCode: null,
          freeCopayFrom: null,
          presentedAt: null,
        },
      ],
    });
    fc.assert(
      fc.property(visit, (it) => {
        const [low, middle, high] = ['4', '3', '2'].map(
          (digit) => assessVisit(withDigit(it, digit), law).totals,
        );
        if (!low || !middle || !high) throw new Error('three levels were asked for');
        for (const [worse, better] of [
          [low, middle],
          [middle, high],
        ] as const) {
          expect(better.copay.lte(worse.copay)).toBe(true);
          expect(better.insurerPays.gte(worse.insurerPays)).toBe(true);
          expect(moneyText(better.insuredAmount)).toBe(moneyText(worse.insuredAmount));
        }
      }),
    );
  });

  test('each line says by which rules, and the same rule of one law is one object', () => {
    fc.assert(
      fc.property(visit, (it) => {
        const { lines } = assessVisit(it, law);
        for (const { because } of lines) {
          expect(because.length).toBeGreaterThan(0);
          expect(
            because.filter(({ article, parameters }) => article === '' || parameters.length === 0),
          ).toEqual([]);
        }
        const routes = lines.flatMap(({ because }) =>
          because.filter(({ rule }) => rule.startsWith('ROUTE-')),
        );
        expect(new Set(routes).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('splitting a line changes totals by rounding only', () => {
    // What does not depend on the number of lines: no series of examinations, no other payer, no yearly limit.
    const splittable = visit.chain((it) => {
      const lines = it.lines.filter(({ kind }) => kind !== 'exam');
      return fc.tuple(fc.constant({ ...it, lines }), fc.nat(), fc.integer({ min: 2, max: 7 }));
    });
    fc.assert(
      fc.property(splittable, ([it, pick, pieces]) => {
        const chosen = it.lines[pick % (it.lines.length || 1)];
        if (!chosen) return;
        const piece = { ...chosen, quantity: scale(chosen.quantity, '1', String(pieces)) };
        const rest = {
          ...chosen,
          id: `${chosen.id}-rest`,
          quantity: chosen.quantity.minus(piece.quantity.times(String(pieces - 1))),
        };
        if (rest.quantity.lt(zero)) return;
        const parts = [
          ...Array.from({ length: pieces - 1 }, (_, index) => ({ ...piece, id: `${chosen.id}-${index}` })),
          rest,
        ];
        const whole = assessVisit(it, law);
        const split = assessVisit(
          { ...it, lines: it.lines.flatMap((one) => (one === chosen ? parts : [one])) },
          law,
        );
        // Half a hundredth each for what a piece costs, is insured for and is paid, against once for the whole.
        const bound = decimal('0.015').times(String(pieces + 1));
        // At the limit of 15 % a hundredth decides; everywhere else nothing else may move.
        if (whole.isLowCostVisit !== split.isLowCostVisit) {
          expect(whole.totals.insuredAmount.minus(whole.lowCostLimit).abs().lte(bound)).toBe(true);
          return;
        }
        for (const name of TOTALS)
          expect([name, split.totals[name].minus(whole.totals[name]).abs().lte(bound)]).toEqual([name, true]);
      }),
      { numRuns: 300 },
    );
  });

  test('splitting a line changes no total at all where a hundredth needs no rounding', () => {
    const even = visit.map((it) => ({
      ...it,
      lines: it.lines
        .filter(({ kind }) => kind !== 'exam' && kind !== 'bed')
        .map((one) => ({
          ...one,
          quantity: decimal('2'),
          unitPrice: scale(one.unitPrice, '1', '1', 0).times('100'),
          insuredUnitPrice: scale(one.insuredUnitPrice, '1', '1', 0).times('100'),
          unitCeiling: null,
        })),
    }));
    fc.assert(
      fc.property(even, (it) => {
        const halves = it.lines.flatMap((one) =>
          ['a', 'b'].map((half) => ({ ...one, id: `${one.id}${half}`, quantity: decimal('1') })),
        );
        expect(texts(assessVisit({ ...it, lines: halves }, law).totals)).toEqual(
          texts(assessVisit(it, law).totals),
        );
      }),
    );
  });

  test('more cards never raise what the patient copays', () => {
    const two = fc.tuple(visit, coverage);
    fc.assert(
      fc.property(two, ([it, more]) => {
        // Digits 1 and 5 lift ratios too, which moves money from self-pay into what is insured.
        const limited = it.coverages.filter(({ cardNumber }) => !/^..[15]/.test(cardNumber));
        const level = (digit: string) => ['2', '3', '4'].includes(digit);
        if (limited.length === 0 || !level(more.cardNumber[2]!)) return;
        const one = assessVisit({ ...it, coverages: limited }, law).totals;
        const both = assessVisit({ ...it, coverages: [...limited, more] }, law).totals;
        expect(both.copay.lte(one.copay)).toBe(true);
      }),
    );
  });
});
