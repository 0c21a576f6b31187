import type { LocalDate } from '../platform/dates.ts';
import { Problem } from '../platform/problem.ts';
import type { Law } from './law.ts';

/** The parts of a 15-character insurance card number. */
export interface CardNumber {
  /** Two letters: why this person is insured. */
  readonly objectGroup: string;
  /** `1`…`5`: selects the level of benefit. */
  readonly benefitDigit: string;
  readonly provinceCode: string;
  readonly insuranceNumber: string;
}

/** What a person may show: the full code, or a number by which the insurer is asked for it. */
export type CardIdentity = 'card-code' | 'insurance-number' | 'citizen-id';

const FORM = /^([A-Z]{2})([1-5])([0-9A-Z]{2})([0-9A-Z]{10})$/;

/**
 * Takes a card number apart.
 * @param cardNumber 15 characters; the 10-digit number of new cards and the citizen id carry no benefit digit, look up
 *   the full code first
 * @throws Problem `unknown-code` for anything else; the number itself is not repeated in it
 * @source QĐ 1351/QĐ-BHXH (2015); QĐ 130/QĐ-BYT, bảng 1
 */
export function parseCard(cardNumber: string): CardNumber {
  const parts = FORM.exec(cardNumber);
  if (!parts)
    throw new Problem('unknown-code', {}, [{ pointer: '/cardNumber', message: 'benefits.place.cardNumber' }]);
  return {
    objectGroup: parts[1]!,
    benefitDigit: parts[2]!,
    provinceCode: parts[3]!,
    insuranceNumber: parts[4]!,
  };
}

/**
 * What a number is by its form. Only the full code carries the benefit digit; with the others the insurer's look-up
 * is asked and its whole answer kept.
 * @returns null for what is none of them
 * @source NĐ 188/2025/NĐ-CP Đ10 k3, Đ37, Đ50 k1; QĐ 1351/QĐ-BHXH
 */
export function recogniseCard(number: string): CardIdentity | null {
  if (FORM.test(number)) return 'card-code';
  if (/^\d{10}$/.test(number)) return 'insurance-number';
  return /^\d{12}$/.test(number) ? 'citizen-id' : null;
}

/**
 * The temporary number of a newborn or donor without a card.
 * @param serial 10 digits that the insurer's look-up gives
 * @throws Problem `unknown-code` when the parts make no card number
 * @source NĐ 188/2025/NĐ-CP Đ37 k2, Đ50 k1 a
 */
export function temporaryCard(provinceCode: string, serial: string, date: LocalDate, law: Law): string {
  const { value } = law.trace(date, 'TEMPORARY-CARD', '', (policy) => policy.codes('temporary-card'));
  const number = `${value.join('')}${provinceCode}${serial}`;
  parseCard(number);
  return number;
}
