import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, decimal } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import { number, percent } from '../facts.ts';
import type { Law, PolicyReader, Ruling } from '../law.ts';

/**
 * Percent of the price of a bed-day by the number of people in the bed, or of a stretcher or folding bed.
 * @param occupants 1, 2, 3 …; on a stretcher undefined counts as alone
 * @throws Problem `policy-not-in-force` before 2018-07-15; `unknown-code` for a shared stretcher, which no text
 *   describes, unless a contract does
 * @source TT 39/2024/TT-BYT Đ4c; QĐ 130/QĐ-BYT, TYLE_TT_DV; QĐ 697/QĐ-BYT (33, not one third: decision D11);
 *   QĐ 3176/QĐ-BYT, MA_GIUONG
 */
export function bedRate(
  occupants: number,
  isStretcher: boolean,
  policyDate: LocalDate,
  law: Law,
): Ruling<Decimal> {
  // Past this all are alike: so kept rulings stay few.
  const people = Math.min(occupants, 20);
  return law.trace(policyDate, 'RATE-BED', `${people}${isStretcher ? ' stretcher' : ''}`, (policy) => {
    const rate = isStretcher ? stretcherRate(people, policy) : sharedRate(people, policy);
    policy.note('people', number(decimal(String(people))));
    policy.note('rate', percent(rate));
    return rate;
  });
}

function sharedRate(people: number, policy: PolicyReader): Decimal {
  return policy.entryOrNull('service-rate.bed', String(people)) ?? policy.decimal('decision.D11');
}

function stretcherRate(people: number, policy: PolicyReader): Decimal {
  const alone = policy.decimal('service-rate.bed-stretcher');
  if (people === 1) return alone;
  if (policy.choice('decision.shared-stretcher', ['refused', 'smaller-rate']) === 'refused')
    throw new Problem('unknown-code', {}, [
      { pointer: '/bedOccupants', message: 'benefits.place.sharedStretcher' },
    ]);
  const shared = sharedRate(people, policy);
  return shared.lt(alone) ? shared : alone;
}
