import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  decimal,
  decimalText,
  money,
  moneyForPeople,
  moneyText,
  scale,
  sumText,
  zero,
} from './money.ts';

const dong = fc.integer({ min: 0, max: 10 ** 12 }).map((hundredths) =>
  money(
    BigInt(hundredths)
      .toString()
      .replace(/(\d{1,2})$/, '.$1')
      .replace(/^\./, '0.'),
  ),
);

describe('scale: the only place that rounds', () => {
  test.each([
    // amount, num, den, decimals, result: half goes away from zero, a hair less does not
    ['3.333', '1234.567', '1', 2, '4114.81'],
    ['4114.81', '80', '100', 2, '3291.85'],
    ['0.125', '1', '1', 2, '0.13'],
    ['0.1249', '1', '1', 2, '0.12'],
    ['-0.125', '1', '1', 2, '-0.13'],
    ['379499.5', '1', '1', 0, '379500'],
    ['379499.49', '1', '1', 0, '379499'],
    ['100', '47.5', '100', 2, '47.5'],
  ] as const)('%s × %s ÷ %s to %i decimals = %s', (amount, num, den, decimals, result) => {
    expect(scale(amount, num, den, decimals).toFixed()).toBe(result);
  });

  test('a part taken by rounding and the rest by subtraction make the whole', () => {
    fc.assert(
      fc.property(dong, fc.constantFrom('0', '32', '47.5', '80', '95', '100'), (whole, rate) => {
        const part = scale(whole, rate, '100');
        expect(add(part, whole.minus(part)).eq(whole)).toBe(true);
      }),
    );
  });

  test('refuses to divide by zero', () => {
    expect(() => scale('1', '1', '0')).toThrow(RangeError);
  });
});

describe('reading and writing amounts', () => {
  test.each(['', ' 1', '1e5', '1,5', '--1', '0x1', '1.', 'NaN', '1234567890123456789'])(
    '%j is no decimal',
    (value) => {
      expect(() => decimal(value)).toThrow(RangeError);
    },
  );
  test('an amount has at most two decimals', () => {
    expect(() => money('1.001')).toThrow(RangeError);
    expect(moneyText(money('1.10'))).toBe('1.10');
    expect(moneyText(money('1.100'))).toBe('1.10');
  });
  test('text with two decimals in JSON, without trailing zeros in tables', () => {
    expect(moneyText(money('351000'))).toBe('351000.00');
    expect([
      decimalText('100'),
      decimalText('47.50'),
      decimalText('3.333'),
      decimalText('1000.00'),
      decimalText('0.00'),
    ]).toEqual(['100', '47.5', '3.333', '1000', '0']);
  });
  test('grouped for people', () => {
    expect(moneyForPeople(money('1234567.50'))).toBe('1.234.567,50 đ');
    expect(moneyForPeople(money('379500'))).toBe('379.500 đ');
    expect(moneyForPeople(money('1234567.5'), 'en')).toBe('1,234,567.50 VND');
  });
  test('every amount survives its text', () => {
    fc.assert(fc.property(dong, (amount) => money(moneyText(amount)).eq(amount)));
  });
  test('a sum of nothing is zero', () => expect(add().eq(zero)).toBe(true));
});

describe('sums of amounts as text', () => {
  test('the same as adding money', () => {
    fc.assert(
      fc.property(fc.array(dong), (amounts) => {
        expect(sumText(amounts.map(moneyText))).toBe(moneyText(add(...amounts)));
      }),
    );
  });

  test.each([
    [[], '0.00'],
    [['0.05'], '0.05'],
    [['0.99', '0.01'], '1.00'],
    [['9999999999999999.99', '0.01'], '10000000000000000.00'],
    [['-0.05', '1.00'], '0.95'],
    [['1', '2.5'], '3.50'],
  ])('%j: %s', (amounts, sum) => {
    expect(sumText(amounts)).toBe(sum);
  });

  test('what is no amount of money is refused', () => {
    expect(() => sumText(['1.00', '1e3'])).toThrow(RangeError);
    expect(() => sumText(['0.001'])).toThrow(RangeError);
  });
});
