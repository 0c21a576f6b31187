import { type Decimal, type Money, scale, zero } from '../../platform/money.ts';

/**
 * What the line costs at the facility's price. Đồng, rounded half up to two decimals.
 * @source QĐ 130/QĐ-BYT, THANH_TIEN_BV
 */
export function grossAmount(quantity: Decimal, unitPrice: Decimal, serviceRate: Decimal): Money {
  return scale(quantity.times(unitPrice), serviceRate, '100');
}

/**
 * What of it lies inside the insured scope.
 * @source QĐ 130/QĐ-BYT, THANH_TIEN_BH
 */
export function insuredAmount(
  quantity: Decimal,
  insuredPrice: Decimal,
  serviceRate: Decimal,
  scopeRate: Decimal,
): Money {
  return scale(quantity.times(insuredPrice).times(serviceRate), scopeRate, '10000');
}

/** Who pays for a line: together its gross amount. */
export interface Parts {
  readonly insurerPays: Money;
  readonly copay: Money;
  readonly selfPay: Money;
  readonly otherPayers: Money;
}

/**
 * Splits a line: only the fund's part is rounded, the patient's parts are what is left, so the parts always add up.
 * @param payable what of the insured amount the rate applies to: all of it, but above the ceiling of a package
 * @param rate share of the fund in percent
 * @source QĐ 130/QĐ-BYT, T_BHTT, T_BNCCT, T_BNTT
 */
export function split(gross: Money, insured: Money, payable: Money, rate: Decimal): Parts {
  const insurerPays = scale(payable, rate, '100');
  return { insurerPays, copay: insured.minus(insurerPays), selfPay: gross.minus(insured), otherPayers: zero };
}
