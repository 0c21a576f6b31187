import type { LineResult, RuleApplication } from './types.ts';

/** The amounts and rates of a line that can be explained. */
export type Explained =
  | 'grossAmount'
  | 'insuredAmount'
  | 'insurerPays'
  | 'copay'
  | 'selfPay'
  | 'otherPayers'
  | 'serviceRate'
  | 'scopeRate'
  | 'benefitRate';

/** How the ids of the rules begin. */
const PRICE = ['RATE-'];
const SCOPE_RATE = ['SCOPE-'];
const SCOPE = [...SCOPE_RATE, 'CAP-', 'PRICE-'];
const SHARE = ['CARD-', 'ROUTE-', 'LEVEL-'];
const PAYER = ['OTHER-SOURCE'];
const PACKAGE = ['CAP-PACKAGE'];
/** Every amount follows from those before it: what shaped the insured amount shaped the fund's part too. */
const SHAPED_BY: Readonly<Record<Explained, readonly string[]>> = {
  serviceRate: PRICE,
  grossAmount: PRICE,
  scopeRate: SCOPE_RATE,
  insuredAmount: [...PRICE, ...SCOPE],
  selfPay: [...PRICE, ...SCOPE, ...PAYER],
  benefitRate: SHARE,
  insurerPays: [...PRICE, ...SCOPE, ...SHARE, ...PAYER],
  copay: [...PRICE, ...SCOPE, ...SHARE, ...PAYER],
  otherPayers: [...PACKAGE, ...SHARE, ...PAYER],
};
/** What depends on whether a card covers the line at all. */
const NEEDS_COVER: readonly Explained[] = ['scopeRate', 'insuredAmount', 'selfPay'];

/**
 * The rules that shaped one amount of a line, in the order in which they were applied. Without a card that covers the
 * line, or with a route that leaves nothing, that rule also shaped what is insured and what the patient pays himself.
 */
export function becauseOf(line: Pick<LineResult, 'because'>, amount: Explained): readonly RuleApplication[] {
  const isUncovered = !line.because.some(({ rule }) => rule === 'CARD-LEVEL');
  const own = SHAPED_BY[amount];
  const beginnings = isUncovered && NEEDS_COVER.includes(amount) ? [...own, ...SHARE] : own;
  return line.because.filter(({ rule }) => beginnings.some((one) => rule.startsWith(one)));
}
