import type { LocalDate } from '../../platform/dates.ts';
import type { Decimal } from '../../platform/money.ts';
import { percent } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';
import type { BenefitLine } from '../types.ts';

/**
 * Percent of the price of a stent that is insured, by its number in the visit. Off unless a contract switches it on:
 * the rule was found in one public system only (decision stents).
 * @returns null when the line is no numbered stent, or the rule is off
 * @source TT 04/2017/TT-BYT, phụ lục (not read)
 */
export function stentRate(
  { stentOrdinal }: Pick<BenefitLine, 'stentOrdinal'>,
  policyDate: LocalDate,
  law: Law,
): Ruling<Decimal> | null {
  if (stentOrdinal === undefined) return null;
  const place = Math.min(stentOrdinal, 20);
  const { value, because } = law.trace(policyDate, 'SCOPE-STENT', String(place), (policy) => {
    if (policy.choice('decision.stents', ['off', 'on']) === 'off') return null;
    const rate = policy.entryOrNull('scope.stent', String(place)) ?? policy.entry('scope.stent', 'more');
    policy.note('rate', percent(rate));
    return rate;
  });
  return value && { value, because };
}
