import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';
import { number, percent } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';

/**
 * Percent of the fee for the n-th examination of one visit. On a second visit the same day the first examination
 * counts as a further one.
 * @param ordinal 1, 2, 3 …
 * @throws Problem `policy-not-in-force` before 2018-07-15
 * @source TT 35/2016/TT-BYT as amended by TT 39/2024/TT-BYT Đ4b (before 2025-01-01 TT 39/2018/TT-BYT)
 */
export function examRate(
  ordinal: number,
  sameDayReturn: boolean,
  policyDate: LocalDate,
  law: Law,
): Ruling<Decimal> {
  // Past the end of the list one entry serves all, so that kept rulings stay few.
  const place = Math.min(ordinal, 20);
  return law.trace(policyDate, 'RATE-EXAM', `${place}${sameDayReturn ? ' return' : ''}`, (policy) => {
    const listed =
      policy.entryOrNull('service-rate.exam', String(place)) ?? policy.entry('service-rate.exam', 'more');
    const returned = sameDayReturn ? policy.decimal('service-rate.exam-same-day-return') : null;
    const rate = returned?.lt(listed) ? returned : listed;
    policy.note('ordinal', number(decimal(String(place))));
    policy.note('rate', percent(rate));
    return rate;
  });
}
