import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decimal, decimalText, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import {
  baseSalary,
  becauseOf,
  bedDays,
  benefitRateText,
  cardLevel,
  careSettingOf,
  directReimbursementLimit,
  explain,
  isStillIll,
  isTransportInsured,
  type Law,
  loadPolicy,
  parseCard,
  policyDay,
  recogniseCard,
  remainingCopay,
  temporaryCard,
  threshold,
  transportAmount,
  treatmentDays,
  wardQuantities,
} from './index.ts';
import { createLaw } from './law.ts';
import { byName } from './line-order.ts';

let own: Law;
let law: Law;
beforeAll(() => {
  own = loadPolicy();
});
// A law that has decided nothing yet: no test lives on what another has asked.
beforeEach(() => {
  law = createLaw(own.parameters, own.version);
});
/** The law with another value of one parameter, on the same days. */
const lawWith = (id: string, value: string): Law =>
  createLaw(
    own.parameters.map((one) =>
      one.id === id ? { ...one, values: one.values.map((it) => ({ ...it, value })) } : one,
    ),
    'test',
  );

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem)
      return [error.type, error.values.what, error.places[0]?.pointer].filter(Boolean).join(' ');
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('bed-days', () => {
  const days = (arrived: string, ended: string, more: object = {}) =>
    decimalText(
      bedDays(
        {
          arrivedAt: `${arrived}:00+07:00`,
          endedAt: `${ended}:00+07:00`,
          admittedAt: null,
          isStillIll: false,
          ...more,
        },
        law,
      ),
    );
  test.each([
    ['under four hours', '2026-03-10T08:00', '2026-03-10T11:59', {}, '0'],
    ['four hours', '2026-03-10T08:00', '2026-03-10T12:00', {}, '1'],
    ['under 24 hours, over midnight', '2026-03-10T20:00', '2026-03-11T19:59', {}, '1'],
    ['24 hours', '2026-03-10T08:00', '2026-03-11T08:00', {}, '1'],
    ['four days', '2026-03-10T08:00', '2026-03-14T10:00', {}, '4'],
    ['still ill', '2026-03-10T08:00', '2026-03-14T10:00', { isStillIll: true }, '5'],
    ['still ill within a day: one', '2026-03-10T08:00', '2026-03-10T20:00', { isStillIll: true }, '1'],
    ['still ill within four hours: none', '2026-03-10T08:00', '2026-03-10T10:00', { isStillIll: true }, '0'],
    [
      'counted from the ward',
      '2026-03-10T08:00',
      '2026-03-14T10:00',
      { admittedAt: '2026-03-11T01:00:00+07:00' },
      '3',
    ],
    [
      'the ward after the end does not count',
      '2026-03-10T08:00',
      '2026-03-14T10:00',
      { admittedAt: '2026-03-15T01:00:00+07:00' },
      '4',
    ],
    [
      'the ward before arrival does not count',
      '2026-03-10T08:00',
      '2026-03-14T10:00',
      { admittedAt: '2026-03-09T01:00:00+07:00' },
      '4',
    ],
    [
      'the ward at once',
      '2026-03-10T08:00',
      '2026-03-14T10:00',
      { admittedAt: '2026-03-10T08:00:00+07:00' },
      '4',
    ],
    [
      'the ward at the end',
      '2026-03-10T08:00',
      '2026-03-14T10:00',
      { admittedAt: '2026-03-14T10:00:00+07:00' },
      '0',
    ],
  ])('%s', (_name, arrived, ended, more, expected) => {
    expect(days(arrived, ended, more)).toBe(expected);
  });

  test('a province may count from arrival, whenever the ward admits', () => {
    const stay = {
      arrivedAt: '2026-03-10T08:00:00+07:00',
      admittedAt: '2026-03-11T01:00:00+07:00',
      endedAt: '2026-03-14T10:00:00+07:00',
      isStillIll: false,
    };
    expect(decimalText(bedDays(stay, lawWith('decision.D14', 'arrival')))).toBe('4');
    expect(decimalText(bedDays(stay, law))).toBe('3');
  });

  test('before 2018-07-15 no text read so far', () => {
    expect(refusal(() => days('2018-07-14T08:00', '2018-07-20T08:00'))).toBe(
      'policy-not-in-force decision.D14'.replace('decision.D14', 'bed-days.hours'),
    );
    expect(days('2018-07-15T08:00', '2018-07-20T08:00')).toBe('5');
  });

  test('who leaves still ill, by the codes of the claim', () => {
    const ill = (outcome: string, discharge: string) =>
      isStillIll(outcome, discharge, '2026-03-10T08:00:00Z', law);
    expect(['1', '2', '3', '4', '5', '6', '7', '8'].map((code) => ill(code, '1'))).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(['1', '2', '3', '4', '5'].map((code) => ill('1', code))).toEqual([false, true, true, true, false]);
  });

  test('several wards in one day: half in the dearest, half in the cheapest', () => {
    const shares = (...prices: string[]) =>
      wardQuantities(prices.map(decimal), '2026-03-10', law).map(decimalText);
    expect(shares('100')).toEqual(['1']);
    expect(shares()).toEqual([]);
    expect(shares('100', '200')).toEqual(['0.5', '0.5']);
    expect(shares('150', '100', '200')).toEqual(['0', '0.5', '0.5']);
    expect(shares('100', '100', '100')).toEqual(['0.5', '0', '0.5']);
  });
});

describe('cards', () => {
  test('a number by its form', () => {
    expect(
      [
        'DN4990000000001',
        '0123456789',
        '001090000001',
        'DN6990000000001',
        'dn4990000000001',
        '01234567890',
        'xDN4990000000001',
        'DN49900000000012',
        '0010900000011',
        'x001090000001',
      ].map(recogniseCard),
    ).toEqual(['card-code', 'insurance-number', 'citizen-id', null, null, null, null, null, null, null]);
  });

  test('a temporary number', () => {
    expect(temporaryCard('40', '0000000007', '2026-03-10', law)).toBe('TE1400000000007');
    expect(parseCard('TE1400000000007')).toEqual({
      objectGroup: 'TE',
      benefitDigit: '1',
      provinceCode: '40',
      insuranceNumber: '0000000007',
    });
    expect(refusal(() => temporaryCard('40', '7', '2026-03-10', law))).toBe('unknown-code /cardNumber');
  });

  test('the level, by digit and day', () => {
    const level = (number: string, date: string, more: object = {}) => {
      const found = cardLevel(parseCard(number), date, { arrivedOn: date, ...more }, law);
      return `${decimalText(found.level)} ${found.digit} ${found.because.map(({ rule }) => rule).join(' ')}`;
    };
    expect(level('TE1990000000006', '2026-03-10')).toBe('100 1 CARD-LEVEL');
    expect(level('CN3990000000004', '2026-01-01')).toBe('100 2 CARD-2026 CARD-LEVEL');
    expect(level('HT3990000000004', '2026-01-01')).toBe('95 3 CARD-LEVEL');
    expect(level('CN4990000000004', '2026-01-01')).toBe('80 4 CARD-LEVEL');
    expect(level('LH4990000000004', '2026-03-10', { birthDate: '1951-03-10' })).toBe(
      '100 2 CARD-2026 CARD-LEVEL',
    );
    expect(level('LH4990000000004', '2026-03-10', { birthDate: '1951-03-11' })).toBe('80 4 CARD-LEVEL');
    expect(level('LH4990000000004', '2025-12-31', { birthDate: '1940-03-11' })).toBe('80 4 CARD-LEVEL');
  });
});

describe('thresholds', () => {
  test('of a day, with the numbers of their sentence', () => {
    const limit = threshold('low-cost-visit', '2026-07-01', law);
    expect(moneyText(limit.value)).toBe('379500.00');
    expect(explain('vi', limit.because)).toBe('0,15 tháng lương cơ sở là 379.500 đ. (Điều 3 khoản 2)');
    expect(explain('en', limit.because)).toContain('0.15 ');
    expect(explain('en', baseSalary('2026-06-30', law).because)).toContain('2,340,000 VND');
    const direct = (['outpatient', 'inpatient', 'inpatient-b', 'inpatient-specialised'] as const).map(
      (visit) => directReimbursementLimit(visit, '2026-08-10', law),
    );
    expect(direct.map(({ value }) => moneyText(value))).toEqual(DIRECT);
    expect(explain('vi', direct[0]!.because)).toContain('379.500 đ');
  });

  test('the width of the rate in the claim', () => {
    expect(benefitRateText(decimal('47.5'), '2026-07-01', law)).toBe('47.5');
    expect(benefitRateText(decimal('100'), '2026-06-30', law)).toBe('100');
    expect(() => benefitRateText(decimal('47.5'), '2026-06-30', law)).toThrow(
      '47.5 is longer than the field on 2026-06-30',
    );
    expect(() => benefitRateText(decimal('47.55'), '2026-07-01', law)).toThrow(RangeError);
    expect(refusal(() => benefitRateText(decimal('80'), '2023-01-17', law))).toBe(
      'policy-not-in-force benefit-rate-field',
    );
  });

  test('the rest of the year', () => {
    const rest = (paid: string, before: string, date: string) => {
      const { remaining, because } = remainingCopay(
        { paid: decimal(paid), paidBeforeChange: decimal(before) },
        date,
        law,
      );
      return `${moneyText(remaining)} ${because.parameters.map(({ id }) => id).join(' ')}`;
    };
    const limit = 'salary-multiple.annual-copay base-salary';
    expect(rest('0', '0', '2026-06-30')).toBe(`14040000.00 ${limit}`);
    expect(rest('180000', '0', '2026-07-01')).toBe(`15000000.00 ${limit}`);
    expect(rest('0', '7020000', '2026-07-01')).toBe(`7590000.00 ${limit} annual-copay.conversion`);
    expect(rest('90000', '7020000', '2026-12-31')).toBe(`7500000.00 ${limit} annual-copay.conversion`);
    expect(rest('0', '1', '2026-07-01')).toBe(`15179998.92 ${limit} annual-copay.conversion`);
    expect(rest('0', '14040001', '2026-07-01')).toBe(`-1.08 ${limit} annual-copay.conversion`);
    expect(refusal(() => rest('0', '1', '2027-01-01'))).toBe('invalid-body /yearlyCopay/paidBeforeChange');
    expect(refusal(() => rest('0', '1', '2023-08-01'))).toBe('policy-not-in-force annual-copay.conversion');
    expect(refusal(() => rest('0', '1', '2013-07-01'))).toContain('policy-not-in-force');
  });

  test('a base salary that holds from 1 January on has not changed inside the year', () => {
    const since = (day: string) =>
      createLaw(
        own.parameters.map((one) =>
          one.id === 'base-salary'
            ? {
                ...one,
                values: [
                  { ...one.values.at(-1)!, to: day },
                  { ...one.values.at(-1)!, from: day },
                ],
              }
            : one,
        ),
        'test',
      );
    const paid = { paid: decimal('0'), paidBeforeChange: decimal('1') };
    const left = (day: string) => refusal(() => remainingCopay(paid, '2027-03-10', since(day)));
    expect(left('2027-01-01')).toBe('invalid-body /yearlyCopay/paidBeforeChange');
    // One that changes inside it does; how its copay is converted, the text says for 2026 only.
    expect(left('2027-01-02')).toBe('policy-not-in-force annual-copay.conversion');
  });
});

describe('transport', () => {
  test('fuel for the actual distance', () => {
    const { value, because } = transportAmount(decimal('60'), decimal('21000'), '2024-09-10', law);
    expect([moneyText(value), explain('vi', because)]).toEqual([
      '252000.00',
      expect.stringContaining('0,2 lít'),
    ]);
    expect(moneyText(transportAmount(decimal('12.35'), decimal('20123'), '2026-09-10', law).value)).toBe(
      '49703.81',
    );
  });

  test('for the groups named, in an emergency or moved as an in-patient, not from the lowest level', () => {
    const insured = (
      group: string,
      isEmergency: boolean,
      care: 'inpatient' | 'outpatient',
      level: 'initial' | 'basic' | null = 'basic',
      formerTier: 'commune' | 'district' | null = null,
    ) => isTransportInsured(group, isEmergency, care, { level, points: null, formerTier }, '2026-08-10', law);
    expect(insured('HN', true, 'outpatient')).toBe(true);
    expect(insured('HN', false, 'inpatient')).toBe(true);
    expect(insured('HN', false, 'outpatient')).toBe(false);
    expect(insured('DN', true, 'inpatient')).toBe(false);
    expect(insured('HN', true, 'inpatient', 'initial')).toBe(false);
    expect(insured('HN', true, 'inpatient', null, 'commune')).toBe(false);
    expect(insured('HN', true, 'inpatient', null, 'district')).toBe(true);
    expect(insured('HN', true, 'inpatient', 'basic', 'commune')).toBe(true);
  });
});

describe('days and places', () => {
  test('the day of arrival selects the law', () => {
    expect([policyDay('2026-06-30', '2026-07-02', law), policyDay('2026-06-30', null, law)]).toEqual([
      '2026-06-30',
      '2026-06-30',
    ]);
  });

  test('or the day of discharge, where a province agreed so; while the visit lasts still that of arrival', () => {
    const other = lawWith('decision.D1', 'discharge-day');
    expect([policyDay('2026-06-30', '2026-07-02', other), policyDay('2026-06-30', null, other)]).toEqual([
      '2026-07-02',
      '2026-06-30',
    ]);
  });

  test('the column of each kind of care', () => {
    const columns = Array.from({ length: 16 }, (_, index) =>
      careSettingOf(String(index + 1).padStart(2, '0'), '2026-08-10', law),
    );
    expect(columns.flatMap((care, index) => (care === 'inpatient' ? [index + 1] : []))).toEqual([3, 4, 9]);
    expect(refusal(() => careSettingOf('17', '2026-08-10', law))).toBe('unknown-code /classCode');
  });

  test('days of treatment of each kind of care', () => {
    const days = (kind: string, more: (number | undefined)[] = []) =>
      treatmentDays(
        kind,
        '2026-03-10T01:00:00Z',
        '2026-03-14T01:00:00Z',
        null,
        ...(more as [number?, number?]),
        law,
      );
    expect(['01', '07', '09'].map((kind) => days(kind, [undefined, undefined]))).toEqual([0, 0, 0]);
    expect(['02', '03', '04', '06'].map((kind) => days(kind, [undefined, undefined]))).toEqual([5, 5, 5, 5]);
    expect([days('05', [30, 2]), days('08', [30, 2])]).toEqual([30, 2]);
    expect(refusal(() => days('05', [undefined, 2]))).toBe('policy-not-in-force treatment-days.05');
    expect(refusal(() => days('08', [30, undefined]))).toBe('policy-not-in-force treatment-days.08');
    expect(refusal(() => days('10', [30, 2]))).toBe('policy-not-in-force treatment-days.10');
  });

  test('lines by name, numbers as numbers', () => {
    const sorted = (...ids: string[]) =>
      ids
        .map((id) => ({ id }))
        .toSorted(byName)
        .map(({ id }) => id);
    expect(sorted('L10', 'L2', 'L1')).toEqual(['L1', 'L2', 'L10']);
    expect(sorted('M1', 'L10', 'L')).toEqual(['L', 'L10', 'M1']);
    expect(sorted('b', 'a', '10', '9')).toEqual(['9', '10', 'a', 'b']);
    expect(sorted('L02', 'L2', 'L1')).toEqual(['L1', 'L02', 'L2']);
    expect(sorted('L2', 'L02', 'L1')).toEqual(['L1', 'L02', 'L2']);
    expect(sorted('L0', 'L')).toEqual(['L', 'L0']);
    // Only a number at the end is one.
    expect(sorted('L2a', 'L10a')).toEqual(['L10a', 'L2a']);
    expect(sorted('a', 'a')).toEqual(['a', 'a']);
    const order = (a: string, b: string) => byName({ id: a }, { id: b });
    expect([order('a', 'a'), order('a1', 'b1'), order('b1', 'a1'), order('a1', 'a2')]).toEqual([
      0, -1, 1, -1,
    ]);
  });
});

describe('the rules of one amount', () => {
  const line = (...rules: string[]) => ({
    because: rules.map((rule) => ({ rule, article: '', parameters: [] })),
  });
  const covered = line(
    'CARD-LEVEL',
    'ROUTE-1.1',
    'RATE-BED',
    'SCOPE-RATIO',
    'CAP-ITEM',
    'CAP-PACKAGE',
    'LEVEL-LOWCOST',
    'OTHER-SOURCE',
  );
  const of = (given: ReturnType<typeof line>, amount: Parameters<typeof becauseOf>[1]) =>
    becauseOf(given, amount)
      .map(({ rule }) => rule)
      .join(' ');

  test('in the order in which they were applied', () => {
    expect(of(covered, 'serviceRate')).toBe('RATE-BED');
    expect(of(covered, 'grossAmount')).toBe('RATE-BED');
    expect(of(covered, 'scopeRate')).toBe('SCOPE-RATIO');
    expect(of(covered, 'insuredAmount')).toBe('RATE-BED SCOPE-RATIO CAP-ITEM CAP-PACKAGE');
    expect(of(covered, 'selfPay')).toBe('RATE-BED SCOPE-RATIO CAP-ITEM CAP-PACKAGE OTHER-SOURCE');
    expect(of(covered, 'benefitRate')).toBe('CARD-LEVEL ROUTE-1.1 LEVEL-LOWCOST');
    for (const amount of ['insurerPays', 'copay'] as const)
      expect(of(covered, amount)).toBe(
        'CARD-LEVEL ROUTE-1.1 RATE-BED SCOPE-RATIO CAP-ITEM CAP-PACKAGE LEVEL-LOWCOST OTHER-SOURCE',
      );
    expect(of(covered, 'otherPayers')).toBe('CARD-LEVEL ROUTE-1.1 CAP-PACKAGE LEVEL-LOWCOST OTHER-SOURCE');
  });

  test('where no card covers the line, that is why nothing is insured', () => {
    const late = line('CARD-LATE', 'RATE-BED');
    expect(of(late, 'insuredAmount')).toBe('CARD-LATE RATE-BED');
    expect(of(late, 'scopeRate')).toBe('CARD-LATE');
    expect(of(late, 'selfPay')).toBe('CARD-LATE RATE-BED');
    expect(of(late, 'grossAmount')).toBe('RATE-BED');
    expect(of(line('ROUTE-8', 'PRICE-INSURED'), 'insuredAmount')).toBe('ROUTE-8 PRICE-INSURED');
  });
});

const DIRECT = ['379500.00', '1265000.00', '2530000.00', '6325000.00'];
