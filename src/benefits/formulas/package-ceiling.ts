import type { LocalDate } from '../../platform/dates.ts';
import { add, type Money, scale, zero } from '../../platform/money.ts';
import { amount, number, withFacts } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';
import type { RuleApplication } from '../types.ts';

export interface PackageRule {
  readonly ceiling: Money;
  /** Does the ceiling limit what is insured, or what the fund pays (decision D3)? */
  readonly limits: 'insured-amount' | 'fund-payment';
  /** What lies above is the patient's, as (decision D4). */
  readonly excess: 'self-pay' | 'copay';
  /** Benefit digits that it does not limit (decision D6). */
  readonly exemptDigits: readonly string[];
}

/**
 * The ceiling of the supplies of one use of a technical service.
 * @throws Problem `policy-not-in-force` before 2017-06-01
 * @source TT 04/2017/TT-BYT Đ3 as amended by TT 24/2025/TT-BYT (decisions D3, D4, D6)
 */
export function packageRule(policyDate: LocalDate, law: Law): Ruling<PackageRule> {
  return law.trace(policyDate, 'CAP-PACKAGE', '', (policy) => {
    const multiple = policy.decimal('salary-multiple.supply-package');
    const ceiling = scale(policy.decimal('base-salary'), multiple);
    policy.note('multiple', number(multiple));
    policy.note('limit', amount(ceiling));
    const exempts = policy.choice('decision.D6', ['without-limit', 'limited']) === 'without-limit';
    return {
      ceiling,
      limits: policy.choice('decision.D3', ['insured-amount', 'fund-payment']),
      excess: policy.choice('decision.D4', ['self-pay', 'copay']),
      exemptDigits: exempts ? policy.codes('scope.unlimited-digits') : [],
    };
  });
}

/**
 * Limits the lines of a package together. Above the ceiling every line shrinks in proportion, rounded to two decimals,
 * and the last line takes what is left, so that the sum is the ceiling exactly.
 * @param amounts of the package's lines, in order, đồng
 * @returns the amounts that stay, and the rule when it limited something
 */
export function limitPackage(
  amounts: readonly Money[],
  { value: { ceiling }, because }: Ruling<PackageRule>,
): { amounts: readonly Money[]; because: RuleApplication | null } {
  const total = add(...amounts);
  if (!total.gt(ceiling)) return { amounts, because: null };
  const shrunk = amounts.slice(0, -1).map((part) => scale(part, ceiling, total));
  const last = ceiling.minus(shrunk.reduce((sum, part) => sum.plus(part), zero));
  return { amounts: [...shrunk, last], because: withFacts(because, { total: amount(total) }) };
}
