import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../messages/index.ts';
import { decimal } from '../platform/money.ts';
import {
  assessVisit,
  type BenefitLine,
  type BenefitVisit,
  baseSalary,
  bedDays,
  benefitRateText,
  directReimbursementLimit,
  isStillIll,
  isTransportInsured,
  type Law,
  loadPolicy,
  policyDay,
  proposeRoute,
  type RouteFacts,
  remainingCopay,
  temporaryCard,
  threshold,
  transportAmount,
  treatmentDays,
  wardQuantities,
} from './index.ts';

/** Rules that decide something else than an amount: nobody is told them. */
const SILENT = [
  'BED-DAYS',
  'BENEFIT-RATE-FIELD',
  'POLICY-DAY',
  'ROUTE-CONDITION',
  'ROUTE-ORDER',
  'ROUTE-UNDERLYING',
  'TEMPORARY-CARD',
  'TREATMENT-DAYS',
];
/** Rules that ask the law one thing only: its answer needs no name. */
const ONE_QUESTION = [
  'BASE-SALARY',
  'BENEFIT-RATE-FIELD',
  'CAP-ITEM',
  'CAP-PACKAGE',
  'CARD-BEST',
  'CARD-NONE',
  'POLICY-DAY',
  'PRICE-INSURED',
  'ROUTE-ORDER',
  'ROUTE-UNDERLYING',
  'TEMPORARY-CARD',
  'TREATMENT-DAYS',
];

const DAY = '2026-08-10';
const line = (more: Partial<BenefitLine> = {}): BenefitLine => ({
  id: 'L1',
  kind: 'supply',
  date: DAY,
  quantity: decimal('1'),
  unitPrice: decimal('1000000'),
  insuredUnitPrice: decimal('1000000'),
  unitCeiling: null,
  scopeCode: '1',
  catalogueRate: decimal('100'),
  ...more,
});
const card = {
  cardNumber: 'DN4990000000001',
  from: '2010-01-01',
  to: null,
  areaCode: 'K1' as const,
  freeCopayFrom: null,
  presentedAt: null,
};
const army = { ...card, cardNumber: 'QN5990000000002' };
const visit = (more: Partial<BenefitVisit> = {}): BenefitVisit => ({
  policyDate: DAY,
  classCode: '03',
  routeCode: '1.1',
  facility: { level: 'basic', points: 45, formerTier: 'commune' },
  coverages: [card],
  lines: [line()],
  ...more,
});
const before2025 = { policyDate: '2024-08-10', routeCode: null } as const;
const VISITS: readonly BenefitVisit[] = [
  visit(),
  visit({ coverages: [] }),
  visit({ coverages: [card, army], lines: [line({ scopeCode: '3' }), line({ scopeCode: '2' })] }),
  visit({ coverages: [{ ...card, presentedAt: '2026-08-12T01:00:00Z' }] }),
  visit({ coverages: [{ ...card, freeCopayFrom: '2026-02-01' }] }),
  visit({ routeCode: '1.2' }),
  visit({ routeCode: '3.1' }),
  visit({ routeCode: '3.6' }),
  visit({ routeCode: '7.2', underlyingRouteCode: '3.1' }),
  visit({ ...before2025, legacyRoute: 'wrong' }),
  visit({ lines: [line({ packageCode: 'G1', catalogueRate: decimal('50'), stentOrdinal: 1 })] }),
  visit({ lines: [line({ unitCeiling: decimal('5') }), line({ insuredUnitPrice: decimal('5') })] }),
  visit({
    lines: [
      line({ kind: 'exam', examOrdinal: 1, otherPayer: { kind: 'programme' } }),
      line({ kind: 'bed', bedOccupants: 2 }),
      line({ kind: 'surgery', surgeryRole: 'main' }),
    ],
    yearlyCopay: { fiveYearsFrom: '2020-01-01', paid: decimal('0'), paidBeforeChange: decimal('0') },
  }),
];
const facts: RouteFacts = {
  date: DAY,
  care: 'outpatient',
  hasCard: true,
  registeredFacilityCode: '40101',
  areaCode: null,
  birthDate: DAY,
  transfer: null,
  appointment: null,
  hasChangedResidence: false,
  isEmergency: false,
  isOrganDonor: false,
  isNewborn: true,
  diseaseLists: [],
  pickUp: null,
  isWithdrawn: false,
  facility: { code: '40021', level: 'basic', points: 45, formerTier: 'district', initialKind: null },
};
const stay = {
  arrivedAt: '2026-08-10T01:00:00Z',
  admittedAt: null,
  endedAt: '2026-08-14T01:00:00Z',
  isStillIll: false,
};

/** Everything that asks the law something. */
function askAll(law: Law): void {
  for (const one of VISITS) assessVisit(one, law);
  for (const date of [DAY, '2024-08-10']) proposeRoute({ ...facts, date }, law);
  bedDays(stay, law);
  isStillIll('1', '1', stay.arrivedAt, law);
  wardQuantities([decimal('1'), decimal('2')], DAY, law);
  treatmentDays('03', stay.arrivedAt, stay.endedAt, null, undefined, undefined, law);
  temporaryCard('40', '0000000007', DAY, law);
  policyDay(DAY, null, law);
  benefitRateText(decimal('80'), DAY, law);
  baseSalary(DAY, law);
  threshold('low-cost-visit', DAY, law);
  directReimbursementLimit('outpatient', DAY, law);
  remainingCopay({ paid: decimal('0'), paidBeforeChange: decimal('1') }, DAY, law);
  transportAmount(decimal('60'), decimal('21000'), DAY, law);
  isTransportInsured('HN', true, 'inpatient', visit().facility, DAY, law);
}

/** Every answer that was asked for: its rule, the name under which it is kept, and the question itself. */
function asked(): { rule: string; name: string; question: string }[] {
  const law = loadPolicy();
  const answers: ReturnType<typeof asked> = [];
  const trace: Law['trace'] = (date, rule, name, read) => {
    answers.push({ rule, name, question: read.toString() });
    return law.trace(date, rule, name, read);
  };
  askAll({ ...law, trace });
  return answers;
}

describe('the names under which the answers of the law are kept', () => {
  test('each belongs to a rule that has its sentence, or to one that nobody is told', () => {
    const keys = [...catalogue('vi').keys()].flatMap((key) => /^benefits\.([A-Z].*)$/.exec(key)?.[1] ?? []);
    const told = keys.map((key) => key.replace(/\.(crossing|individual|programme)$/, ''));
    const rules = new Set(asked().map(({ rule }) => rule));
    expect(rules.size).toBeGreaterThan(35);
    expect([...rules].filter((rule) => !told.includes(rule) && !SILENT.includes(rule))).toEqual([]);
    expect(SILENT.filter((rule) => !rules.has(rule))).toEqual([]);
  });

  test('a rule that asks several things names each, one that asks a single thing need not', () => {
    const unnamed = new Set(asked().flatMap(({ rule, name }) => (name === '' ? [rule] : [])));
    expect([...unnamed].toSorted()).toEqual(ONE_QUESTION);
    const named = asked().filter(({ rule, name }) => name !== '' && unnamed.has(rule));
    expect(named.map(({ rule, name }) => `${rule} ${name}`)).toEqual([]);
  });

  test('no name stands for two questions: one would be given the answer to the other', () => {
    const shared = [...Map.groupBy(asked(), ({ rule, name }) => `${rule} ${name}`)].filter(
      ([, answers]) => new Set(answers.map(({ question }) => question)).size > 1,
    );
    expect(shared).toEqual([]);
  });
});
