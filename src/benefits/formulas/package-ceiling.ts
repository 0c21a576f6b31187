import type { LocalDate } from '../../platform/dates.ts';
import { add, type Money, scale, zero } from '../../platform/money.ts';
import { amount, number, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { RuleApplication } from '../types.ts';

/**
 * Limits the supplies of one use of a technical service together. Above the ceiling every line shrinks in proportion,
 * rounded to two decimals, and the last line takes what is left, so that the sum is the ceiling exactly.
 * @param insured insured amounts of the package's lines, in order, đồng
 * @returns the amounts that stay insured, and the rule when it limited something
 * @throws Problem `policy-not-in-force` before 2017-06-01
 * @source TT 04/2017/TT-BYT Đ3 as amended by TT 24/2025/TT-BYT (decisions D3, D4)
 */
export function packageCeiling(
  insured: readonly Money[],
  policyDate: LocalDate,
  law: Law,
): { insured: readonly Money[]; because: RuleApplication | null } {
  const { value: ceiling, because } = law.trace(policyDate, 'CAP-PACKAGE', '', (policy) => {
    const multiple = policy.decimal('salary-multiple.supply-package');
    const limit = scale(policy.decimal('base-salary'), multiple);
    policy.note('multiple', number(multiple));
    policy.note('limit', amount(limit));
    return limit;
  });
  const total = add(...insured);
  if (!total.gt(ceiling)) return { insured, because: null };
  const shrunk = insured.slice(0, -1).map((part) => scale(part, ceiling, total));
  const last = ceiling.minus(shrunk.reduce((sum, part) => sum.plus(part), zero));
  return { insured: [...shrunk, last], because: withFacts(because, { total: amount(total) }) };
}
