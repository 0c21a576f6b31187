import { type LocalDate, yearsBetween } from '../../platform/dates.ts';
import { type Decimal, decimalText } from '../../platform/money.ts';
import type { CardNumber } from '../card.ts';
import { code, number, percent } from '../facts.ts';
import type { Law } from '../law.ts';
import type { RuleApplication } from '../types.ts';

export interface CardLevel {
  /** Percent of the insured amount. */
  readonly level: Decimal;
  /** The digit that counts, which a dated override may set apart from the printed one. */
  readonly digit: string;
  readonly because: readonly RuleApplication[];
}

/**
 * The base level of a card, before route and visit are looked at. The digit decides, not the letters, but for the
 * groups that a later text moved while their cards are still printed with the old digit.
 * @param lineDate selects the level: the day the line was carried out
 * @param admittedOn the day on which an age condition is judged
 * @param birthDate null or undefined = unknown, which counts as old enough
 * @throws Problem `policy-not-in-force` before the first known level
 * @source Luật BHYT Đ22 k1; QĐ 1351, 1018/QĐ-BHXH; from 2026-01-01 NQ 261/2025/QH15 Đ2 k1 a
 */
export function cardLevel(
  card: CardNumber,
  lineDate: LocalDate,
  admittedOn: LocalDate,
  birthDate: LocalDate | null | undefined,
  law: Law,
): CardLevel {
  const moved = movedDigit(card, lineDate, admittedOn, birthDate, law);
  const digit = moved?.digit ?? card.benefitDigit;
  const base = law.trace(lineDate, 'CARD-LEVEL', digit, (policy) => {
    const level = policy.decimal(`card-level.${digit}`);
    policy.note('digit', code(digit));
    policy.note('level', percent(level));
    return level;
  });
  return { level: base.value, digit, because: moved ? [moved.because, base.because] : [base.because] };
}

function movedDigit(
  card: CardNumber,
  lineDate: LocalDate,
  admittedOn: LocalDate,
  birthDate: LocalDate | null | undefined,
  law: Law,
): { digit: string; because: RuleApplication } | undefined {
  const printed = `${card.objectGroup}${card.benefitDigit}`;
  const id = `card-digit-override.${printed}`;
  if (!law.isInForce(id, lineDate)) return undefined;
  const { value, because } = law.trace(lineDate, 'CARD-2026', printed, (policy) => {
    const digit = policy.entry(id, 'digit');
    const minimumAge = policy.entryOrNull(id, 'minimumAge');
    policy.note('printed', code(printed));
    policy.note('digit', number(digit));
    return { digit, minimumAge };
  });
  const isOldEnough =
    value.minimumAge === null ||
    !birthDate ||
    value.minimumAge.lte(String(yearsBetween(birthDate, admittedOn)));
  return isOldEnough ? { digit: decimalText(value.digit), because } : undefined;
}
