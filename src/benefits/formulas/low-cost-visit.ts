import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, type Money, scale, zero } from '../../platform/money.ts';
import { amount, percent, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { RaisedLevel } from './benefit-rate.ts';

export interface LowCostVisit {
  /** The rule and the level it gives, or null when the visit is not cheap. */
  readonly raisedLevel: RaisedLevel | null;
  /** The cost that a low-cost visit stays below. */
  readonly limit: Money;
}

/** Insured cost of the whole visit, đồng: as it is paid, and as it would be without the ratios of the catalogue. */
export interface InsuredCost {
  readonly afterRatio: Money;
  readonly beforeRatio: Money;
}

/**
 * Does a cheap visit lift the level? Judged once for the whole visit, after all insured amounts are known.
 * @param insuredCost nothing insured is not a cheap visit, and a cost that equals the limit is not below it
 * @param routeFactor percent; what a reduced route makes of the raised level is decision D2
 * @param policyDate the day of arrival
 * @throws Problem `policy-not-in-force` when that day lies before the first known value
 * @source Luật BHYT Đ22 k1; NĐ 188/2025/NĐ-CP Đ18 (before 2025-07-01 NĐ 146/2018/NĐ-CP Đ14)
 */
export function lowCostVisit(
  insuredCost: InsuredCost,
  routeFactor: Decimal,
  policyDate: LocalDate,
  law: Law,
): LowCostVisit {
  const isReduced = routeFactor.lt('100');
  const { value, because } = law.trace(
    policyDate,
    'LEVEL-LOWCOST',
    isReduced ? 'reduced' : 'whole',
    (policy) => {
      const share = policy.decimal('salary-multiple.low-cost-visit');
      const level = policy.decimal('raised-level.low-cost-visit');
      const limit = scale(policy.decimal('base-salary'), share);
      policy.note('share', percent(share.times('100')));
      policy.note('level', percent(level));
      policy.note('limit', amount(limit));
      const base = policy.choice('decision.D5', ['after-ratio', 'before-ratio']);
      const reduced = isReduced && policy.choice('decision.D2', ['raised-times-factor', 'whole-route-only']);
      return { limit, level, base, applies: reduced !== 'whole-route-only' };
    },
  );
  const { limit, level } = value;
  const cost = value.base === 'after-ratio' ? insuredCost.afterRatio : insuredCost.beforeRatio;
  const isCheap = value.applies && cost.gt(zero) && cost.lt(limit);
  return {
    limit,
    raisedLevel: isCheap ? { level, because: withFacts(because, { cost: amount(cost) }) } : null,
  };
}
