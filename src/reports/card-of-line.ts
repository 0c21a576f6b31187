import type { CoverageRecord } from '../encounters/index.ts';
import { contains, type LocalDate, localDate } from '../platform/dates.ts';

/** A rule about cards that the stored trace of a line names. */
export interface CardRule {
  readonly rule: string;
  readonly facts?: Readonly<Record<string, { readonly value: string }>> | null;
}
type Card = Pick<CoverageRecord, 'cardNumber' | 'from' | 'to'>;

/**
 * Which card paid for a line, as the stored trace tells it: nothing is assessed again. The trace names the digit that
 * counted and whether days of grace did; of cards alike in that the first presented stands.
 * @param rules of the line, those about cards; undefined where no trace is known (a snapshot of old)
 * @returns null when no card covered the line
 */
export function cardOfLine<C extends Card>(
  rules: readonly CardRule[] | undefined,
  day: LocalDate,
  arrivedAt: string,
  cards: readonly C[],
): C | null {
  const level = rules?.find((rule) => rule.rule === 'CARD-LEVEL');
  if (rules && !level) return null;
  const isGrace = rules?.some((rule) => rule.rule === 'CARD-GRACE') ?? false;
  const arrival = localDate(arrivedAt);
  const valid = cards.filter((card) =>
    isGrace ? contains(card, arrival) && card.to !== null && card.to <= day : contains(card, day),
  );
  const printed = rules?.find((rule) => rule.rule === 'CARD-2026')?.facts?.printed?.value;
  const digit = printed ?? level?.facts?.digit?.value;
  const alike = valid.filter((card) => {
    if (digit === undefined) return true;
    return printed === undefined ? card.cardNumber.charAt(2) === digit : card.cardNumber.startsWith(printed);
  });
  return alike[0] ?? valid[0] ?? (rules ? cards[0] : undefined) ?? null;
}
