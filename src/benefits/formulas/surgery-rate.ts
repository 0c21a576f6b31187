import type { LocalDate } from '../../platform/dates.ts';
import type { Decimal } from '../../platform/money.ts';
import { percent } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';
import type { BenefitLine } from '../types.ts';

/**
 * Percent of the price for one intervention among several of one operation.
 * @throws Problem `policy-not-in-force` before 2018-07-15
 * @source TT 35/2016/TT-BYT as amended by TT 39/2024/TT-BYT Đ4d k2; QĐ 130/QĐ-BYT, TYLE_TT_DV
 */
export function surgeryRate(
  role: NonNullable<BenefitLine['surgeryRole']>,
  policyDate: LocalDate,
  law: Law,
): Ruling<Decimal> {
  return law.trace(policyDate, 'RATE-SURGERY', role, (policy) => {
    const rate = policy.entry('service-rate.surgery', role);
    policy.note('rate', percent(rate));
    return rate;
  });
}
