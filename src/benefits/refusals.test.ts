import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalDate } from '../platform/dates.ts';
import { decimal, decimalText, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { assessVisit, type BenefitLine, type BenefitVisit, type Law, loadPolicy } from './index.ts';
import { createLaw } from './law.ts';

let own: Law;
let law: Law;
beforeAll(() => {
  own = loadPolicy();
});
// A law that has decided nothing yet: no test lives on what another has asked.
beforeEach(() => {
  law = createLaw(own.parameters, own.version);
});

const line = (more: Partial<BenefitLine> = {}): BenefitLine => ({
  id: 'L1',
  kind: 'drug',
  date: '2026-08-10',
  quantity: decimal('1'),
  unitPrice: decimal('1000000'),
  insuredUnitPrice: decimal('1000000'),
  unitCeiling: null,
  scopeCode: '1',
  catalogueRate: decimal('100'),
  ...more,
});
const card = (more: Partial<BenefitVisit['coverages'][number]> = {}) => ({
  cardNumber: 'DN4990000000001',
  from: '2010-01-01',
  to: null,
  areaCode: null,
  freeCopayFrom: null,
  presentedAt: null,
  ...more,
});
const visit = (more: Partial<BenefitVisit> = {}): BenefitVisit => ({
  policyDate: '2026-08-10',
  classCode: '01',
  routeCode: '1.1',
  facility: { level: 'basic', points: 45, formerTier: 'district' },
  coverages: [card()],
  lines: [line()],
  ...more,
});
const before2025 = { policyDate: '2024-08-10', routeCode: null } as const;

/** What a visit says → type, values, and the one place that is to blame with its words. */
const REFUSALS: readonly (readonly [string, Partial<BenefitVisit>, string, object, string, string])[] = [
  ['a code that is none', { routeCode: '1.99' }, 'unknown-code', {}, '/routeCode', 'routeCode'],
  [
    'the other column',
    { routeCode: '1.15' },
    'route-not-possible',
    { route: '1.15', classCode: '01', date: '2026-08-10' },
    '/routeCode',
    'routeColumn',
  ],
  [
    'a pick-up with an examination among others',
    { routeCode: '7', lines: [line(), line({ id: 'L2', kind: 'exam', examOrdinal: 1 })] },
    'route-not-possible',
    { route: '7', classCode: '01', date: '2026-08-10' },
    '/lines',
    'routeWithoutExamination',
  ],
  [
    'no area',
    { routeCode: '3.6', classCode: '03' },
    'route-not-possible',
    { route: '3.6', classCode: '03', date: '2026-08-10' },
    '/coverages',
    'routeArea',
  ],
  [
    'nothing said',
    { ...before2025 },
    'route-not-possible',
    { route: '-', classCode: '01', date: '2024-08-10' },
    '/routeCode',
    'routeUndecided',
  ],
  [
    'no tier',
    { ...before2025, legacyRoute: 'wrong', facility: { level: null, points: null, formerTier: null } },
    'route-not-possible',
    { route: 'wrong', classCode: '01', date: '2024-08-10' },
    '/facility/formerTier',
    'formerTier',
  ],
  ['a kind of care that is none', { classCode: '99' }, 'unknown-code', {}, '/classCode', 'classCode'],
  [
    'a case behind no pick-up',
    { underlyingRouteCode: '1.1' },
    'route-not-possible',
    { route: '1.1', classCode: '01', date: '2026-08-10' },
    '/underlyingRouteCode',
    'underlyingRoute',
  ],
  [
    'a card without digit',
    { coverages: [card({ cardNumber: '0123456789' })] },
    'unknown-code',
    {},
    '/cardNumber',
    'cardNumber',
  ],
  [
    'a scope that is none',
    { lines: [line({ scopeCode: '4' })] },
    'unknown-code',
    {},
    '/scopeCode',
    'scopeCode',
  ],
  [
    'an examination without number',
    { lines: [line({ kind: 'exam' })] },
    'unknown-code',
    {},
    '/examOrdinal',
    'examOrdinal',
  ],
  [
    'a shared stretcher',
    { lines: [line({ kind: 'bed', isStretcher: true, bedOccupants: 2 })] },
    'unknown-code',
    {},
    '/bedOccupants',
    'sharedStretcher',
  ],
  [
    'too much of somebody else',
    { lines: [line({ otherPayer: { kind: 'individual', amount: decimal('1000000') } })] },
    'invalid-body',
    {},
    '/otherPayer/amount',
    'otherPayer',
  ],
];

describe('a refusal names its type, its values and the place', () => {
  test.each(REFUSALS)('%s', (_name, more, type, values, pointer, place) => {
    let refused: unknown;
    try {
      assessVisit(visit(more), law);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(Problem);
    const { type: was, values: with_, places } = refused as Problem;
    expect([was, with_, places]).toEqual([type, values, [{ pointer, message: `benefits.place.${place}` }]]);
  });

  test('a way of before 2025 that the table does not know', () => {
    const parameters = law.parameters.map((one) =>
      one.id === 'legacy-route.wrong.central'
        ? {
            ...one,
            values: one.values.map((it) => ({ ...it, value: { inpatient: '40', outpatient: null } })),
          }
        : one,
    );
    const facility = { level: null, points: null, formerTier: 'central' } as const;
    const wrong = visit({ ...before2025, legacyRoute: 'wrong', facility });
    expect(() => assessVisit(wrong, createLaw(parameters, 'test'))).toThrow(
      expect.objectContaining({
        type: 'route-not-possible',
        values: { route: 'wrong', classCode: '01', date: '2024-08-10' },
        places: [{ pointer: '/legacyRoute', message: 'benefits.place.routeColumn' }],
      }),
    );
  });
});

describe('an area of residence', () => {
  test('counts where the text of the day names it, and on a card that holds at arrival', () => {
    const parameters = own.parameters.map((one) =>
      one.id === 'route.areas.3.6'
        ? { ...one, values: one.values.map((it) => ({ ...it, value: ['K1', 'K2'] })) }
        : one,
    );
    const named = createLaw(parameters, 'test');
    const factor = (...coverages: BenefitVisit['coverages']) =>
      decimalText(assessVisit(visit({ routeCode: '3.6', classCode: '03', coverages }), named).routeFactor);
    const refused = expect.objectContaining({ places: [expect.objectContaining({ pointer: '/coverages' })] });
    expect(factor(card(), card({ areaCode: 'K2' }))).toBe('100');
    expect(() => factor(card({ areaCode: 'K3' }))).toThrow(refused);
    expect(() => factor(card({ areaCode: 'K2', to: '2026-08-10' }), card())).toThrow(refused);
  });
});

describe('the way of before 2025', () => {
  type Tier = NonNullable<BenefitVisit['facility']['formerTier']>;
  type Way = NonNullable<BenefitVisit['legacyRoute']>;
  /** Way → tier → in-patient and out-patient, without and with an area of residence on the card. */
  test.each<[Way, Tier, string, string, LocalDate?]>([
    ['right', 'commune', '100 100', '100 100'],
    ['right', 'district', '100 100', '100 100'],
    ['right', 'province', '100 100', '100 100'],
    ['right', 'central', '100 100', '100 100'],
    ['emergency', 'commune', '100 100', '100 100'],
    ['emergency', 'district', '100 100', '100 100'],
    ['emergency', 'province', '100 100', '100 100'],
    ['emergency', 'central', '100 100', '100 100'],
    ['wrong', 'commune', '100 100', '100 100'],
    ['wrong', 'district', '100 100', '100 100'],
    ['wrong', 'province', '100 0', '100 0'],
    ['wrong', 'central', '40 0', '100 0'],
    ['wrong', 'province', '60 0', '100 0', '2020-12-31'],
    ['wrong', 'province', '100 0', '100 0', '2021-01-01'],
  ])('%s, %s: %s, from an area %s', (legacyRoute, formerTier, alone, fromArea, policyDate = '2024-08-10') => {
    const factors = (coverages: BenefitVisit['coverages']) =>
      ['03', '01']
        .map((classCode) =>
          decimalText(
            assessVisit(
              visit({
                policyDate,
                routeCode: null,
                legacyRoute,
                classCode,
                coverages,
                facility: { level: null, points: null, formerTier },
              }),
              law,
            ).routeFactor,
          ),
        )
        .join(' ');
    expect(factors([card()])).toBe(alone);
    expect(factors([card(), card({ areaCode: 'K2' })])).toBe(fromArea);
    // The area of a card that no longer holds at arrival does not count.
    expect(factors([card(), card({ areaCode: 'K2', to: policyDate })])).toBe(alone);
  });

  test('in an emergency a card may be shown until the end, on the right way only from then on', () => {
    const shown = (legacyRoute: Way) => {
      const { totals } = assessVisit(
        visit({
          ...before2025,
          legacyRoute,
          endedAt: '2024-08-14T03:00:00Z',
          coverages: [card({ presentedAt: '2024-08-12T03:00:00Z' })],
          lines: [line({ date: '2024-08-10' })],
        }),
        law,
      );
      return [moneyText(totals.insurerPays), moneyText(totals.selfPay)];
    };
    expect(shown('emergency')).toEqual(['800000.00', '0.00']);
    expect(shown('right')).toEqual(['0.00', '1000000.00']);
  });
});

describe('amounts of a line', () => {
  const assessed = (...lines: Partial<BenefitLine>[]) =>
    assessVisit(visit({ lines: lines.map((more, index) => line({ id: `L${index + 1}`, ...more })) }), law);

  test('a programme takes the copay and nothing of what the patient pays himself', () => {
    const [arv] = assessed({ catalogueRate: decimal('50'), otherPayer: { kind: 'programme' } }).lines;
    const { insurerPays, copay, selfPay, otherPayers } = arv!;
    expect([insurerPays, copay, selfPay, otherPayers].map(moneyText)).toEqual([
      '400000.00',
      '0.00',
      '500000.00',
      '100000.00',
    ]);
  });

  test('rates of one kind of line do not stand in for each other', () => {
    const rates = (...lines: Partial<BenefitLine>[]) =>
      assessed(...lines).lines.map(({ serviceRate }) => decimalText(serviceRate));
    expect(
      rates({ kind: 'exam', examOrdinal: 1 }, { kind: 'exam', examOrdinal: 1, sameDayReturn: true }),
    ).toEqual(['100', '30']);
    expect(rates({ kind: 'bed', bedOccupants: 1 }, { kind: 'bed', isStretcher: true })).toEqual([
      '100',
      '50',
    ]);
    // The number of people counts for a bed alone.
    expect(rates({ kind: 'service', bedOccupants: 2 }, { kind: 'bed', bedOccupants: 2 })).toEqual([
      '100',
      '50',
    ]);
  });

  test('blood counts as a drug in the totals, a supply does not', () => {
    const { totals } = assessed({ kind: 'drug' }, { kind: 'blood' }, { kind: 'supply' }, { kind: 'service' });
    expect([totals.drugAmount, totals.supplyAmount, totals.grossAmount].map(moneyText)).toEqual([
      '2000000.00',
      '1000000.00',
      '4000000.00',
    ]);
  });
});

describe('what is told of a line', () => {
  const told = (more: Partial<BenefitVisit>) => {
    const [first] = assessVisit(visit(more), law).lines;
    return first!.because.map(({ rule, wording }) => (wording ? `${rule}.${wording}` : rule));
  };
  test('another payer by its kind, and not when it pays nothing', () => {
    const by = (otherPayer: NonNullable<BenefitLine['otherPayer']>, more: Partial<BenefitLine> = {}) =>
      told({ lines: [line({ otherPayer, ...more })] });
    expect(by({ kind: 'programme' })).toEqual(['CARD-LEVEL', 'ROUTE-1.1', 'OTHER-SOURCE.programme']);
    expect(by({ kind: 'individual', amount: decimal('1') })).toEqual([
      'CARD-LEVEL',
      'ROUTE-1.1',
      'OTHER-SOURCE.individual',
    ]);
    expect(by({ kind: 'programme' }, { scopeCode: '2' })).toEqual(['CARD-LEVEL', 'ROUTE-1.1', 'SCOPE-OUT']);
  });

  test('another payer by the rule of its own kind', () => {
    const read = (otherPayer: NonNullable<BenefitLine['otherPayer']>) =>
      assessVisit(visit({ lines: [line({ otherPayer })] }), law)
        .lines[0]!.because.find(({ rule }) => rule === 'OTHER-SOURCE')!
        .parameters.map(({ id }) => id);
    expect(read({ kind: 'programme' })).toEqual(['other-payer.programme']);
    expect(read({ kind: 'individual', amount: decimal('1') })).toEqual(['other-payer.individual']);
  });

  test('of several cards with the same level the first given, with its own reasons', () => {
    const poor = card({ cardNumber: 'HN2990000000001' });
    const nearPoor = card({ cardNumber: 'CN3990000000002' });
    expect(told({ coverages: [poor, nearPoor] })).toEqual(['CARD-BEST', 'CARD-LEVEL', 'ROUTE-1.1']);
    expect(told({ coverages: [nearPoor, poor] })).toEqual([
      'CARD-BEST',
      'CARD-2026',
      'CARD-LEVEL',
      'ROUTE-1.1',
    ]);
  });

  test('days of grace follow the end of a card, they do not precede its first day', () => {
    const short = [card({ from: '2026-08-10', to: '2026-08-12' })];
    const on = (date: string) => told({ classCode: '03', coverages: short, lines: [line({ date })] });
    expect(on('2026-08-09')).toEqual(['CARD-NONE']);
    expect(on('2026-08-11')).toEqual(['CARD-LEVEL', 'ROUTE-1.1']);
    expect(on('2026-08-12')).toEqual(['CARD-GRACE', 'CARD-LEVEL', 'ROUTE-1.1']);
  });

  test('what lies outside the list but is paid names the digits that are entitled', () => {
    const army = { coverages: [card({ cardNumber: 'QN5990000000001' })], lines: [line({ scopeCode: '3' })] };
    const rule = assessVisit(visit(army), law).lines[0]!.because.find((one) => one.rule === 'SCOPE-ARMY');
    expect(rule!.facts).toMatchObject({
      rate: { kind: 'percent', value: '100' },
      digits: { kind: 'code', value: '5' },
    });
  });

  test('the route alone where it leaves nothing, the card alone where none covers', () => {
    expect(told({ routeCode: '8' })).toEqual(['ROUTE-8']);
    expect(told({ coverages: [] })).toEqual(['CARD-NONE']);
    expect(told({ coverages: [card({ presentedAt: '2026-08-11T01:00:00Z' })] })).toEqual(['CARD-LATE']);
  });

  test('of several late cards the first that was shown', () => {
    const late = (at: string) => card({ presentedAt: `2026-08-${at}T01:00:00Z` });
    const [first] = assessVisit(visit({ coverages: [late('13'), late('12'), late('14')] }), law).lines;
    expect(first!.because[0]!.facts?.shownOn?.value).toBe('2026-08-12');
  });
});
