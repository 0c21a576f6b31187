import type { LocalDate } from '../../platform/dates.ts';
import type { Decimal } from '../../platform/money.ts';
import { day, percent, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { BenefitCoverage, RuleApplication } from '../types.ts';

/**
 * Does a free-copay certificate lift the level of a line? It counts from its day to the end of that calendar year,
 * and only when the route leaves the whole level (decision D7). The certificate is taken as proof of both its conditions.
 * @returns the level and its rule, or null
 * @throws Problem `policy-not-in-force`
 * @source Luật BHYT Đ22 k1; NĐ 188/2025/NĐ-CP Đ18 k2
 */
export function freeCopay(
  coverages: readonly BenefitCoverage[],
  lineDate: LocalDate,
  factor: Decimal,
  law: Law,
): { level: Decimal; because: RuleApplication } | null {
  const since = coverages.find(
    ({ freeCopayFrom: from }) => from !== null && from <= lineDate && sameYear(from, lineDate),
  )?.freeCopayFrom;
  if (!since) return null;
  const { value, because } = law.trace(lineDate, 'LEVEL-FREECOPAY', 'certificate', (policy) => {
    const level = policy.decimal('raised-level.free-copay');
    policy.note('level', percent(level));
    return {
      level,
      wholeRoute: policy.decimal('raised-level.free-copay-route-factor'),
      routes: policy.choice('decision.D7', ['whole-route-only', 'any-route']),
    };
  });
  return value.routes === 'any-route' || factor.eq(value.wholeRoute)
    ? { level: value.level, because: withFacts(because, { since: day(since) }) }
    : null;
}

function sameYear(a: LocalDate, b: LocalDate): boolean {
  return a.slice(0, 4) === b.slice(0, 4);
}
