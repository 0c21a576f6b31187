import { addDays } from '../../../platform/dates.ts';
import { type Decimal, decimal, zero } from '../../../platform/money.ts';
import {
  arrivalDay,
  type Claim,
  classRate,
  isoDay,
  isRealDay,
  lineDay,
  list,
  number,
  type PlacedRow,
  type Row,
  type RuleContext,
  value,
} from '../../rule.ts';
import { earliestBirth } from '../patient/birth.ts';

export const WHOLE = decimal('100');

/** Does the class leave the whole level of the card? */
export const isOnRoute = (claim: Claim, context: RuleContext): boolean =>
  classRate(claim, context)?.eq(WHOLE) === true;

/** A card as the claim has it; days `yyyy-MM-dd`, both included. A day that cannot be read excludes nothing. */
interface Card {
  readonly number: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What is no card number has no level; another rule says so. */
export const isReadable = ({ number }: Card): boolean => /^.{2}[1-5].{12}$/.test(number);

export function cardsOf(xml1: Row): readonly Card[] {
  const [from, to] = [list(xml1, 'GT_THE_TU'), list(xml1, 'GT_THE_DEN')];
  const day = (text = '') => (isRealDay(text.trim()) ? isoDay(text.trim()) : null);
  return list(xml1, 'MA_THE_BHYT')
    .map((text, n) => ({ number: text.trim(), from: day(from[n]), to: day(to[n]) }))
    .filter((card) => card.number !== '');
}

/** Percent that each of the cards gives on that day, `yyyyMMdd`. */
export function levelsOn(
  day: string,
  cards: readonly Card[],
  claim: Claim,
  { builtIns }: RuleContext,
): readonly Decimal[] {
  const arrival = arrivalDay(claim);
  if (arrival === null) return [];
  const birth = earliestBirth(claim.xml1);
  return cards
    .map((card) =>
      builtIns.cardLevel(card.number.slice(0, 3), isoDay(day), isoDay(arrival), birth && isoDay(birth)),
    )
    .filter((level) => level !== null);
}

/** Of the cards, those that are valid on the day or in their days of grace; all, when there is none of these. */
export function covering(
  day: string,
  cards: readonly Card[],
  claim: Claim,
  { builtIns }: RuleContext,
): readonly Card[] {
  const [on, arrival] = [isoDay(day), arrivalDay(claim)];
  const grace = builtIns.graceDays(value(claim.xml1, 'MA_LOAI_KCB'), on);
  const isInGrace = (card: Card) =>
    arrival !== null &&
    isValid(card, isoDay(arrival)) &&
    card.to !== null &&
    card.to < on &&
    addDays(on, -grace) <= card.to;
  const found = cards.filter((card) => isValid(card, on) || isInGrace(card));
  return found.length > 0 ? found : cards;
}

const isValid = ({ from, to }: Card, day: string): boolean =>
  (from === null || from <= day) && (to === null || day <= to);

/** A row that the insurer pays in percent, with the day of its line, `yyyyMMdd`. */
interface PaidRow {
  readonly row: PlacedRow;
  readonly day: string;
  readonly level: Decimal;
}

export function paidRows({ chargeRows }: Claim, skipGroups: readonly string[]): readonly PaidRow[] {
  return chargeRows.flatMap((row) => {
    const { values } = row;
    const [day, level] = [lineDay(values), number(values, 'MUC_HUONG')];
    const isPaid = number(values, 'T_BHTT')?.gt(zero) && !skipGroups.includes(value(values, 'MA_NHOM'));
    return isPaid && day !== null && level !== null ? [{ row, day, level }] : [];
  });
}
