import type { LocalDate } from '../../platform/dates.ts';
import { type Decimal, type Money, scale } from '../../platform/money.ts';
import { number } from '../facts.ts';
import type { Law, Ruling } from '../law.ts';
import type { BenefitVisit, CareSetting } from '../types.ts';

/**
 * What the transport of a patient to another facility costs: fuel for the actual distance, one payment for each trip
 * and patient.
 * @param kilometres actual distance between the two facilities
 * @param fuelPrice đồng for a litre at the time of the transport
 * @throws Problem `policy-not-in-force`
 * @source Luật BHYT Đ21 k1 b; NĐ 188/2025/NĐ-CP Đ14 (before 2025-07-01 NĐ 146/2018/NĐ-CP Đ26)
 */
export function transportAmount(
  kilometres: Decimal,
  fuelPrice: Decimal,
  date: LocalDate,
  law: Law,
): Ruling<Money> {
  const { value, because } = law.trace(date, 'TRANSPORT', 'fuel', (policy) => {
    const litres = policy.decimal('transport.fuel');
    policy.note('litres', number(litres));
    return litres;
  });
  return { value: scale(kilometres.times(value), fuelPrice), because };
}

/**
 * May the insurance pay for the transport? For the groups named, in an emergency or when an in-patient must be moved,
 * from the district or basic level upward.
 * @param objectGroup the first two letters of the card
 * @source Luật BHYT Đ21 k1 b; the list of groups is background knowledge (grade D)
 */
export function isTransportInsured(
  objectGroup: string,
  isEmergency: boolean,
  care: CareSetting,
  facility: BenefitVisit['facility'],
  date: LocalDate,
  law: Law,
): boolean {
  const { value } = law.trace(date, 'TRANSPORT', 'groups', (policy) => policy.codes('transport.groups'));
  const isLowest = facility.level === null ? facility.formerTier === 'commune' : facility.level === 'initial';
  return value.includes(objectGroup) && (isEmergency || care === 'inpatient') && !isLowest;
}
