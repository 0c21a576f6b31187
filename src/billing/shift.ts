import { add, decimal, type Money, money, moneyText, zero } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';

/** Notes of one value, counted. */
export interface Denomination {
  readonly value: number;
  readonly count: number;
}

export interface CountedDrawer {
  readonly countedCash: Money;
  readonly denominations?: readonly Denomination[] | undefined;
  readonly reason?: string | undefined;
}

/**
 * What was counted against what must be there.
 * @throws invalid-body when the notes do not add up, difference-unexplained when the drawer does not and nobody says why
 */
export function checkCount(expected: Money, { countedCash, denominations, reason }: CountedDrawer): Money {
  if (denominations !== undefined) {
    const notes = denominations.map(({ value, count }) => decimal(String(value)).times(String(count)));
    if (!add(zero, ...notes).eq(countedCash))
      throw new Problem('invalid-body', {}, [
        {
          pointer: '/denominations',
          message: 'problem.place.notesDiffer',
          values: { notes: moneyText(add(zero, ...notes)), counted: moneyText(countedCash) },
        },
      ]);
  }
  const difference = countedCash.minus(expected);
  if (!difference.eq(zero) && reason === undefined)
    throw new Problem('difference-unexplained', {
      expected: moneyText(expected),
      counted: moneyText(countedCash),
      difference: moneyText(difference),
    });
  return difference;
}

/** Sums of a shift by kind and method; voids apart from what they took back. */
export interface ShiftTotal {
  readonly kind: 'payment' | 'deposit' | 'refund';
  readonly method: 'cash' | 'transfer' | 'card';
  readonly isVoid: boolean;
  readonly count: number;
  readonly amount: string;
  readonly cashRounding: string;
}

/** The float, and all cash that came in less all that went out, rounding included. */
export function expectedCash(openingFloat: Money, totals: readonly ShiftTotal[]): Money {
  return totals
    .filter((total) => total.method === 'cash')
    .reduce<Money>((sum, total) => {
      const cash = add(money(total.amount), money(total.cashRounding));
      return (total.kind === 'refund') === total.isVoid ? sum.plus(cash) : sum.minus(cash);
    }, openingFloat);
}
