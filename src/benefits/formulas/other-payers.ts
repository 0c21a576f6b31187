import type { LocalDate } from '../../platform/dates.ts';
import { type Money, zero } from '../../platform/money.ts';
import { Problem } from '../../platform/problem.ts';
import { amount, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { OtherPayer, RuleApplication } from '../types.ts';
import type { Parts } from './line-amounts.ts';

/**
 * What somebody else pays of a line. Money for the patient is taken from self-pay, then copay, then the fund's part; a
 * programme (ARV drugs) takes the copay as it stands.
 * @param parts of the line without other payers; their sum is its gross amount
 * @throws Problem `invalid-body` when money for the patient is not more than nothing and less than the line costs;
 *   `policy-not-in-force`
 * @source QĐ 130/QĐ-BYT, T_NGUONKHAC
 */
export function withOtherPayer(
  parts: Parts,
  payer: OtherPayer,
  policyDate: LocalDate,
  law: Law,
): { parts: Parts; because: RuleApplication | null } {
  const { because } = law.trace(policyDate, 'OTHER-SOURCE', payer.kind, (policy) =>
    payer.kind === 'programme'
      ? policy.method('other-payer.programme', 'takes-the-copay')
      : policy.method('other-payer.individual', 'self-pay-copay-insurer'),
  );
  const paid = payer.kind === 'programme' ? parts.copay : checkedAmount(payer.amount, parts);
  if (paid.eq(zero)) return { parts, because: null };
  const told = { ...withFacts(because, { paid: amount(paid) }), wording: payer.kind };
  if (payer.kind === 'programme')
    return { parts: { ...parts, copay: zero, otherPayers: paid }, because: told };
  const [selfPay, afterSelfPay] = take(parts.selfPay, paid);
  const [copay, afterCopay] = take(parts.copay, afterSelfPay);
  const insurerPays = parts.insurerPays.minus(afterCopay);
  return { parts: { insurerPays, copay, selfPay, otherPayers: paid }, because: told };
}

function checkedAmount(paid: Money, { insurerPays, copay, selfPay }: Parts): Money {
  if (paid.gt(zero) && paid.lt(insurerPays.plus(copay).plus(selfPay))) return paid;
  throw new Problem('invalid-body', {}, [
    { pointer: '/otherPayer/amount', message: 'benefits.place.otherPayer' },
  ]);
}

/** What is left of the part, and what the next part has to give. */
function take(part: Money, wanted: Money): readonly [Money, Money] {
  return part.lt(wanted) ? [zero, wanted.minus(part)] : [part.minus(wanted), zero];
}
