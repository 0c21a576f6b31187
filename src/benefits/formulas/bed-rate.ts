import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';
import { number, percent } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';

/**
 * Percent of the price of a bed-day by the number of people in the bed.
 * @param occupants 1, 2, 3 …
 * @throws Problem `policy-not-in-force` before 2018-07-15
 * @source TT 39/2024/TT-BYT Đ4c; QĐ 130/QĐ-BYT, TYLE_TT_DV; QĐ 697/QĐ-BYT (33, not one third: decision D11)
 */
export function bedRate(occupants: number, policyDate: LocalDate, law: Law): Ruling<Decimal> {
  const people = Math.min(occupants, 20);
  return law.trace(policyDate, 'RATE-BED', String(people), (policy) => {
    const rate =
      policy.entryOrNull('service-rate.bed', String(people)) ?? policy.entry('service-rate.bed', 'more');
    policy.note('people', number(decimal(String(people))));
    policy.note('rate', percent(rate));
    return rate;
  });
}
