import type { LocalDate } from '../../platform/dates.ts';
import type { Decimal } from '../../platform/money.ts';
import { price, withFacts } from '../facts.ts';
import type { Law } from '../law.ts';
import type { BenefitLine, RuleApplication } from '../types.ts';

/**
 * The price that counts for insurance: the smallest of the facility's price, the insured price and the item's ceiling.
 * What lies above is the patient's. Prices in đồng with up to three decimals.
 * @throws Problem `policy-not-in-force` when a price is limited on a day without the rule
 * @source TT 04/2017/TT-BYT as amended by TT 24/2025/TT-BYT; QĐ 4750/QĐ-BYT, DON_GIA_BH and T_TRANTT
 */
export function insuredPrice(
  line: Pick<BenefitLine, 'unitPrice' | 'insuredUnitPrice' | 'unitCeiling'>,
  policyDate: LocalDate,
  law: Law,
): { price: Decimal; because: readonly RuleApplication[] } {
  const { unitPrice, insuredUnitPrice, unitCeiling } = line;
  const listed = insuredUnitPrice.lt(unitPrice) ? insuredUnitPrice : unitPrice;
  if (unitCeiling?.lt(listed)) return limited('CAP-ITEM', unitCeiling, policyDate, law);
  return listed === unitPrice
    ? { price: unitPrice, because: [] }
    : limited('PRICE-INSURED', listed, policyDate, law);
}

function limited(rule: 'CAP-ITEM' | 'PRICE-INSURED', limit: Decimal, policyDate: LocalDate, law: Law) {
  const { because } = law.trace(policyDate, rule, '', (policy) =>
    policy.method('scope.item-ceiling', 'smallest-price'),
  );
  return { price: limit, because: [withFacts(because, { price: price(limit) })] };
}
