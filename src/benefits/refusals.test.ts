import { beforeAll, describe, expect, test } from '@jest/globals';
import { decimal } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { assessVisit, type BenefitLine, type BenefitVisit, type Law, loadPolicy } from './index.ts';

let law: Law;
beforeAll(() => {
  law = loadPolicy();
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
