import { type LocalDate, yearsBetween } from '../../platform/dates.ts';
import { type Decimal, decimalText } from '../../platform/money.ts';
import type { CardNumber } from '../card.ts';
import { code, number, percent } from '../facts.ts';
import type { Law } from '../law.ts';
import type { RuleApplication } from '../types.ts';

/** What decides for groups whose level depends on more than the card. */
export interface CardHolder {
  /** The day on which an age is judged. */
  readonly arrivedOn: LocalDate;
  /** null or undefined = unknown. */
  readonly birthDate?: LocalDate | null | undefined;
  readonly receivesSocialPension?: boolean | undefined;
}

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
 * @throws Problem `policy-not-in-force` before the first known level
 * @source Luật BHYT Đ22 k1; QĐ 1351, 1018/QĐ-BHXH; from 2026-01-01 NQ 261/2025/QH15 Đ2 k1 a (decision D12)
 */
export function cardLevel(card: CardNumber, lineDate: LocalDate, holder: CardHolder, law: Law): CardLevel {
  const moved = movedDigit(card, lineDate, holder, law);
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
  holder: CardHolder,
  law: Law,
): { digit: string; because: RuleApplication } | undefined {
  const printed = `${card.objectGroup}${card.benefitDigit}`;
  const id = `card-digit-override.${printed}`;
  if (!law.isInForce(id, lineDate)) return undefined;
  const { value, because } = law.trace(lineDate, 'CARD-2026', printed, (policy) => {
    const digit = policy.entry(id, 'digit');
    const minimumAge = policy.entryOrNull(id, 'minimumAge');
    const condition = minimumAge && policy.choice('decision.D12', ['age', 'age-and-pension', 'every-card']);
    policy.note('printed', code(printed));
    policy.note('digit', number(digit));
    return { digit, minimumAge, condition };
  });
  return meets(value, holder) ? { digit: decimalText(value.digit), because } : undefined;
}

function meets(
  { minimumAge, condition }: { minimumAge: Decimal | null; condition: string | null },
  { arrivedOn, birthDate, receivesSocialPension }: CardHolder,
): boolean {
  if (minimumAge === null || condition === 'every-card') return true;
  // An unknown birth date counts as old enough: part of decision D12.
  const isOldEnough = !birthDate || minimumAge.lte(String(yearsBetween(birthDate, arrivedOn)));
  return isOldEnough && (condition === 'age' || receivesSocialPension === true);
}
