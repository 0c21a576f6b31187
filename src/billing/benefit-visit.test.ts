import { describe, expect, test } from '@jest/globals';
import { assessVisit, loadPolicy } from '../benefits/index.ts';
import { moneyText } from '../platform/money.ts';
import { type BilledVisit, benefitVisit } from './benefit-visit.ts';

const law = loadPolicy();
const line = (more: object = {}): BilledVisit['lines'][number] => ({
  id: 'line-1',
  kind: 'service',
  orderedAt: '2026-08-10T02:00:00.000Z',
  performedAt: null,
  quantity: '1',
  unitPrice: '1000000',
  insuredUnitPrice: '1000000',
  unitCeiling: null,
  scopeCode: '1',
  catalogueRate: '100',
  packageCode: null,
  bedCode: null,
  facts: {},
  ...more,
});
const card = (more: object = {}): BilledVisit['coverages'][number] => ({
  cardNumber: 'DN4990000000001',
  from: '2020-01-01',
  to: null,
  areaCode: null,
  freeCopayFrom: null,
  presentedAt: '2026-08-10T01:00:00.000Z',
  ...more,
});
const visit = (more: Partial<BilledVisit> = {}): BilledVisit => ({
  classCode: '03',
  routeCode: '1.1',
  arrivedAt: '2026-08-10T01:00:00.000Z',
  endedAt: '2026-08-12T01:00:00.000Z',
  birthDate: '1990-02-01',
  facility: { level: 'basic', points: 45, formerTier: 'district' },
  coverages: [card()],
  lines: [line()],
  ...more,
});
const fundOf = (more: Partial<BilledVisit>) =>
  assessVisit(benefitVisit(visit(more), law), law).lines.map(({ insurerPays }) => moneyText(insurerPays));

describe('what is recorded reaches the law', () => {
  test('a card shown late covers what was done from that moment on', () => {
    const lines = [
      line({ id: 'before', performedAt: '2026-08-11T01:59:00.000Z' }),
      line({ id: 'at', performedAt: '2026-08-11T02:00:00.000Z' }),
      line({ id: 'ordered', orderedAt: '2026-08-11T01:00:00.000Z' }),
      line({
        id: 'done later',
        orderedAt: '2026-08-11T01:00:00.000Z',
        performedAt: '2026-08-11T03:00:00.000Z',
      }),
    ];
    const coverages = [card({ presentedAt: '2026-08-11T02:00:00.000Z' })];
    expect(fundOf({ lines, coverages })).toEqual(['0.00', '800000.00', '0.00', '800000.00']);
  });

  test('in an emergency it need only be shown before the visit ends', () => {
    const late = (presentedAt: string) => fundOf({ routeCode: '2', coverages: [card({ presentedAt })] });
    expect(late('2026-08-12T01:00:00.000Z')).toEqual(['800000.00']);
    expect(late('2026-08-12T01:00:01.000Z')).toEqual(['0.00']);
    expect(
      fundOf({
        routeCode: '2',
        endedAt: null,
        coverages: [card({ presentedAt: '2026-09-01T00:00:00.000Z' })],
      }),
    ).toEqual(['800000.00']);
  });

  test('several cards, each on its days', () => {
    const coverages = [
      card({ to: '2026-08-11' }),
      card({ cardNumber: 'HT3990000000002', from: '2026-08-11' }),
    ];
    const lines = [line(), line({ id: 'line-2', performedAt: '2026-08-10T17:00:00.000Z' })];
    expect(fundOf({ coverages, lines })).toEqual(['800000.00', '950000.00']);
  });

  test('the birth date, for LH4: 75 on the day of arrival', () => {
    const coverages = [card({ cardNumber: 'LH4990000000005' })];
    expect(fundOf({ coverages, birthDate: '1951-08-10' })).toEqual(['1000000.00']);
    expect(fundOf({ coverages, birthDate: '1951-08-11' })).toEqual(['800000.00']);
    expect(fundOf({ coverages, birthDate: null })).toEqual(['1000000.00']);
  });

  test('a stretcher by the code of the bed, and who else lay in it', () => {
    const bed = (more: object) => fundOf({ lines: [line({ kind: 'bed', ...more })] });
    expect(bed({ bedCode: 'H001' })).toEqual(['800000.00']);
    expect(bed({ bedCode: 'K001' })).toEqual(['400000.00']);
    expect(bed({ bedCode: 'H001', facts: { bedOccupants: 3 } })).toEqual(['330000.00']);
    expect(fundOf({ lines: [line({ bedCode: 'K001' })] })).toEqual(['800000.00']);
  });

  test('examinations count in the order of their orders', () => {
    const exam = (id: string, orderedAt: string) => line({ id, kind: 'exam', orderedAt });
    const lines = [exam('b', '2026-08-10T03:00:00.000Z'), exam('a', '2026-08-10T02:00:00.000Z')];
    expect(fundOf({ lines })).toEqual(['240000.00', '800000.00']);
    const together = [exam('b', '2026-08-10T03:00:00.000Z'), exam('a', '2026-08-10T03:00:00.000Z')];
    expect(fundOf({ lines: together })).toEqual(['240000.00', '800000.00']);
  });

  test('the roles of operations, packages and ceilings', () => {
    expect(
      fundOf({ lines: [line({ kind: 'surgery', facts: { surgeryRole: 'additionalSameTeam' } })] }),
    ).toEqual(['400000.00']);
    expect(fundOf({ lines: [line({ kind: 'exam', facts: { sameDayReturn: true } })] })).toEqual([
      '300000.00',
    ]);
    expect(fundOf({ lines: [line({ kind: 'supply', unitCeiling: '500000' })] })).toEqual(['400000.00']);
    const supply = (id: string) =>
      line({ id, kind: 'supply', unitPrice: '113850000', insuredUnitPrice: '113850000', packageCode: 'G1' });
    expect(fundOf({ lines: [supply('a'), supply('b')] })).toEqual(['45540000.00', '45540000.00']);
  });

  test('the day of arrival selects the law, unless a contract says the day of leaving', () => {
    const over = { arrivedAt: '2026-06-30T10:00:00.000Z', endedAt: '2026-07-01T17:30:00.000Z' };
    expect(benefitVisit(visit(over), law)).toMatchObject({
      policyDate: '2026-06-30',
      arrivedOn: '2026-06-30',
    });
    const agreed = {
      ...law,
      trace: ((date, rule, key, read) =>
        rule === 'POLICY-DAY'
          ? { value: 'discharge-day', because: { rule, article: '', parameters: [] } }
          : law.trace(date, rule, key, read)) as typeof law.trace,
    };
    expect(benefitVisit(visit(over), agreed)).toMatchObject({
      policyDate: '2026-07-02',
      arrivedOn: '2026-06-30',
    });
  });
});
