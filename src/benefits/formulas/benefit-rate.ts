import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal, decimalText } from '../../platform/money.ts';
import type { Law } from '../law.ts';
import type { RuleApplication } from '../types.ts';

/** A level that stands in for the card's own; without a rule of its own when the route has told it already. */
export interface RaisedLevel {
  readonly level: Decimal;
  readonly because: RuleApplication | null;
}

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
  raisedLevels: readonly (RaisedLevel | null)[],
): { rate: Decimal; because: RuleApplication[] } {
  let level = cardLevel;
  const because: RuleApplication[] = [];
  for (const raised of raisedLevels) {
    if (!raised) continue;
    level = raised.level;
    if (raised.because) because.push(raised.because);
  }
  return {
    rate: factor.eq(hundred) ? level : level.times(factor).div(hundred),
    because,
  };
}

/**
 * The rate as the claim tables take it.
 * @param date selects the width of the field
 * @throws Problem `policy-not-in-force` before 2023-01-18; RangeError when the text is longer than the field: then a
 *   number of the law is wrong, and no shorter text says the same
 * @source QĐ 130/QĐ-BYT; from 2026-07-01 QĐ 1931/QĐ-BYT, MUC_HUONG
 */
export function benefitRateText(rate: Decimal, date: LocalDate, law: Law): string {
  const { value } = law.trace(date, 'BENEFIT-RATE-FIELD', '', (policy) =>
    policy.decimal('benefit-rate-field'),
  );
  const text = decimalText(rate);
  if (value.lt(String(text.length))) throw new RangeError(`${text} is longer than the field on ${date}`);
  return text;
}
