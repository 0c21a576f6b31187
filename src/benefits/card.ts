import { Problem } from '../platform/problem.ts';

/** The parts of a 15-character insurance card number. */
export interface CardNumber {
  /** Two letters: why this person is insured. */
  readonly objectGroup: string;
  /** `1`…`5`: selects the level of benefit. */
  readonly benefitDigit: string;
  readonly provinceCode: string;
  readonly insuranceNumber: string;
}

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
  const [, objectGroup = '', benefitDigit = '', provinceCode = '', insuranceNumber = ''] = parts;
  return { objectGroup, benefitDigit, provinceCode, insuranceNumber };
}
