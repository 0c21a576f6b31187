import { type Decimal, decimal } from '../../platform/money.ts';
import type { RuleApplication } from '../types.ts';

const hundred = decimal('100');

/**
 * The share of the insured amount that the fund pays, in percent, not rounded (95 × 50 % is 47.5): the level that
 * stands last in the order card, commune station, cheap visit, free copay, times the route factor.
 * @param raisedLevels those that apply, in that order; null = does not apply
 * @source QĐ 130/QĐ-BYT, MUC_HUONG; with a reduced route the raised level is reduced too (decision D2)
 */
export function benefitRate(
  cardLevel: Decimal,
  factor: Decimal,
  raisedLevels: readonly ({ readonly level: Decimal; readonly because: RuleApplication } | null)[],
): { rate: Decimal; because: RuleApplication[] } {
  let level = cardLevel;
  const because: RuleApplication[] = [];
  for (const raised of raisedLevels) {
    if (!raised) continue;
    level = raised.level;
    because.push(raised.because);
  }
  return {
    rate: factor === hundred || factor.eq(hundred) ? level : level.times(factor).div(hundred),
    because,
  };
}
