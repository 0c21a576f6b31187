import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, type Money, scale, zero } from '../../platform/money.ts';
import { amount, percent, withFacts } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';
import type { RuleApplication } from '../types.ts';

export interface LowCostVisit {
  /** The rule and the level it gives, or null when the visit is not cheap. */
  readonly raisedLevel: { readonly level: Decimal; readonly because: RuleApplication } | null;
}

/** The cost that a low-cost visit stays below: a share of the base salary. @source Luật BHYT Đ22 k1; NĐ 188/2025 Đ18 */
function lowCostLimit(policyDate: LocalDate, law: Law): Ruling<{ limit: Money; level: Decimal }> {
  return law.trace(policyDate, 'LEVEL-LOWCOST', '', (policy) => {
    const share = policy.decimal('salary-multiple.low-cost-visit');
    const level = policy.decimal('raised-level.low-cost-visit');
    const limit = scale(policy.decimal('base-salary'), share);
    policy.note('share', percent(share.times('100')));
    policy.note('level', percent(level));
    policy.note('limit', amount(limit));
    return { limit, level };
  });
}

/**
 * Does a cheap visit lift the level? Judged once for the whole visit, after all insured amounts are known.
 * @param insuredCost insured amount of the whole visit, đồng, ≥ 0; nothing insured is not a cheap visit, and a cost
 *   that equals the limit is not below it
 * @param policyDate the day of arrival
 * @throws Problem `policy-not-in-force` when that day lies before the first known value
 * @source Luật BHYT Đ22 k1; NĐ 188/2025/NĐ-CP Đ18 (before 2025-07-01 NĐ 146/2018/NĐ-CP Đ14)
 */
export function lowCostVisit(insuredCost: Money, policyDate: LocalDate, law: Law): LowCostVisit {
  const { value, because } = lowCostLimit(policyDate, law);
  if (!insuredCost.gt(zero) || !insuredCost.lt(value.limit)) return { raisedLevel: null };
  return { raisedLevel: { level: value.level, because: withFacts(because, { cost: amount(insuredCost) }) } };
}
