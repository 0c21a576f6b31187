import { describe, expect, test } from '@jest/globals';
import { money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import {
  checkVoid,
  giveBack,
  inCash,
  returnable,
  takeDeposit,
  takePayment,
  type VisitAccount,
} from './payment.ts';
import { checkCount, expectedCash } from './shift.ts';

const account = (more: Partial<VisitAccount> = {}): VisitAccount => ({
  state: 'settled',
  isInpatient: true,
  settlementVersion: 1,
  due: money('1249.50'),
  held: money('0.00'),
  cashStep: 500,
  shiftId: 'shift',
  ...more,
});
const cash = (amount: string, expectedBalance: string) => ({
  method: 'cash' as const,
  amount: money(amount),
  expectedBalance: money(expectedBalance),
});
const problem = (doing: () => unknown): string => {
  try {
    doing();
    return 'taken';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.type;
  }
};

describe('cash', () => {
  test.each([
    ['1249.99', 500, '1000.00'],
    ['1250.00', 500, '1500.00'],
    ['249.99', 500, '0.00'],
    ['250.00', 500, '500.00'],
    ['499.99', 1000, '0.00'],
    ['500.00', 1000, '1000.00'],
    ['1499.99', 1000, '1000.00'],
    ['44137.49', 1, '44137.00'],
    ['44137.50', 1, '44138.00'],
    ['-50584.15', 500, '-50500.00'],
    ['-250.00', 500, '-500.00'],
    ['0.00', 1000, '0.00'],
  ])('%s đ by %i is %s', (amount, step, expected) => {
    expect(moneyText(inCash(money(amount), step))).toBe(expected);
  });

  test('is rounded only where it clears the balance, and may come to nothing', () => {
    expect(moneyText(takePayment(account(), cash('1249.50', '1249.50')).cashRounding)).toBe('-249.50');
    expect(moneyText(takePayment(account(), cash('1000.00', '1249.50')).cashRounding)).toBe('0.00');
    expect(problem(() => takePayment(account(), cash('1200.00', '1249.50')))).toBe('invalid-body');
    const small = takePayment(account({ due: money('200.00') }), cash('200.00', '200.00'));
    expect([small.cashRounding, small.tendered, small.change].map((value) => moneyText(value!))).toEqual([
      '-200.00',
      '0.00',
      '0.00',
    ]);
  });

  test('is never rounded in a deposit', () => {
    const before = account({ state: 'open', due: money('0.00') });
    expect(moneyText(takeDeposit(before, cash('2000.00', '0.00')).cashRounding)).toBe('0.00');
    expect(problem(() => takeDeposit(before, cash('2100.00', '0.00')))).toBe('invalid-body');
  });
});

describe('what can be given back', () => {
  test.each([
    ['too much, of a settled visit', { held: money('2000.00') }, '750.50'],
    ['nothing, of a settled visit that still owes', { held: money('1000.00') }, '0.00'],
    [
      'all that is held, while nothing is settled',
      { state: 'discharged', held: money('1000.00') },
      '1000.00',
    ],
    ['nothing, where nothing is held', { state: 'open', due: money('0.00') }, '0.00'],
  ] as const)('%s', (_name, more, most) => {
    expect(moneyText(returnable(account(more)))).toBe(most);
  });

  test('is decided on the balance that was seen', () => {
    const over = account({ held: money('2000.00') });
    expect(problem(() => giveBack(over, cash('750.50', '0.00')))).toBe('balance-changed');
    expect(problem(() => giveBack(over, cash('750.51', '-750.50')))).toBe('refund-exceeded');
    expect(moneyText(giveBack(over, cash('750.50', '-750.50')).cashRounding)).toBe('249.50');
  });
});

test('who may void what', () => {
  const stored = {
    kind: 'payment' as const,
    method: 'cash' as const,
    amount: money('1000.00'),
    voids: null,
    voidedBy: null,
    recordedBy: 'hoa',
    shiftId: 'shift',
  };
  const held = account({ held: money('1000.00') });
  const says = (change: object, by = { accountId: 'hoa', mayAny: false }, at = held) =>
    problem(() => checkVoid(at, { ...stored, ...change }, by));
  expect(says({})).toBe('taken');
  expect(says({ voidedBy: 'x' })).toBe('payment-voided');
  expect(says({ voids: 'x' })).toBe('payment-voided');
  expect(says({ shiftId: 'of yesterday' })).toBe('not-allowed');
  expect(says({ recordedBy: 'lan' })).toBe('not-allowed');
  expect(says({ shiftId: null }, undefined, { ...held, shiftId: null })).toBe('not-allowed');
  expect(says({ recordedBy: 'lan', shiftId: null }, { accountId: 'boss', mayAny: true })).toBe('taken');
  expect(says({ amount: money('1000.01') })).toBe('void-not-possible');
  expect(says({ kind: 'refund', amount: money('5000.00') })).toBe('taken');
});

describe('a drawer', () => {
  const total = (kind: 'payment' | 'refund', isVoid: boolean, amount: string, cashRounding = '0.00') => ({
    kind,
    method: 'cash' as const,
    isVoid,
    count: 1,
    amount,
    cashRounding,
  });

  test('holds the float, what came in and not what went out, as cash', () => {
    const totals = [
      total('payment', false, '1249.50', '250.50'),
      total('payment', true, '500.00'),
      total('refund', false, '750.50', '-250.50'),
      total('refund', true, '100.00'),
      { ...total('payment', false, '9999.00'), method: 'card' as const },
    ];
    expect(moneyText(expectedCash(money('10000.00'), totals))).toBe('10600.00');
  });

  test('agrees, or somebody says why not', () => {
    const counted =
      (amount: string, more: object = {}) =>
      () =>
        checkCount(money('1000.00'), { countedCash: money(amount), ...more });
    expect(problem(counted('1000.00'))).toBe('taken');
    expect(problem(counted('900.00'))).toBe('difference-unexplained');
    expect(moneyText(counted('900.00', { reason: 'thối nhầm' })())).toBe('-100.00');
    expect(problem(counted('1000.00', { denominations: [{ value: 500, count: 2 }] }))).toBe('taken');
    expect(problem(counted('1000.00', { denominations: [{ value: 500, count: 1 }] }))).toBe('invalid-body');
  });
});
