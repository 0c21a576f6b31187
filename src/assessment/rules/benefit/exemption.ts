import { zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  type Claim,
  eachRow,
  type Found,
  inTable,
  isRealDay,
  lineDay,
  number,
  readMoment,
  rule,
  value,
} from '../../rule.ts';
import { cardsOf, isOnRoute, isReadable, levelsOn, WHOLE } from './entitlement.ts';

/** From a certificate comes a day, from the visit that crosses the yearly limit a moment. */
const isDayOrMoment = (text: string): boolean => isRealDay(text) || readMoment(text) !== null;

/** Does the exemption of that year cover the day (`yyyyMMdd`)? Not when its first day cannot be read. */
export function isExemptOn(day: string, { xml1 }: Claim): boolean {
  const from = value(xml1, 'NGAY_MIEN_CCT');
  return isDayOrMoment(from) && from.slice(0, 8) <= day && day.slice(0, 4) === from.slice(0, 4);
}

/** The visit's co-payment, which must be nothing but for a difference in đồng. */
function noCopay({ xml1 }: Claim, tol: string): readonly Found[] | 'not-applicable' {
  const copay = number(xml1, 'T_BNCCT');
  if (copay === null) return 'not-applicable';
  return copay.lte(tol) ? [] : [inTable('XML1', 'T_BNCCT', { value: value(xml1, 'T_BNCCT') })];
}

/** Who has no co-payment: by the card, or exempt for the rest of a year. Tolerances in đồng. */
export const exemption: readonly AnyRule[] = [
  rule({
    id: 'BEN_FULL_CARD_COPAY',
    severity: 'error',
    stage: 'settlement',
    parents: ['BEN_CARD_LEVEL'],
    params: { tol: '1' },
    check: (claim, { tol }, context) => {
      const [cards, day] = [cardsOf(claim.xml1), arrivalDay(claim)];
      if (!isOnRoute(claim, context) || day === null || cards.length === 0) return 'not-applicable';
      const gives100 = levelsOn(day, cards.filter(isReadable), claim, context).filter((one) => one.eq(WHOLE));
      return gives100.length === cards.length ? noCopay(claim, tol) : 'not-applicable';
    },
  }),
  rule({
    id: 'BEN_CHILD_COPAY',
    severity: 'error',
    stage: 'settlement',
    isOffByDefault: true,
    // The same thing said of all cards of that level comes first, with what silences it.
    parents: ['BEN_FULL_CARD_COPAY', 'BEN_CARD_LEVEL'],
    params: { tol: '1', group: 'TE' },
    check: (claim, { tol, group }, context) => {
      const cards = cardsOf(claim.xml1);
      const isChild = cards.length > 0 && cards.every((card) => card.number.startsWith(group));
      return isChild && isOnRoute(claim, context) ? noCopay(claim, tol) : 'not-applicable';
    },
  }),
  rule({
    id: 'BEN_EXEMPT_DATE_FORMAT',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      const text = value(xml1, 'NGAY_MIEN_CCT');
      if (text === '') return 'not-applicable';
      return isDayOrMoment(text) ? [] : [inTable('XML1', 'NGAY_MIEN_CCT', { value: text })];
    },
  }),
  rule({
    id: 'BEN_EXEMPT_NOT_APPLIED',
    severity: 'error',
    stage: 'settlement',
    params: { scopes: ['1'] },
    check: (claim, { scopes }, context) => {
      if (!isOnRoute(claim, context)) return 'not-applicable';
      const exempt = claim.chargeRows.filter(({ values }) => {
        const day = lineDay(values);
        return scopes.includes(value(values, 'PHAM_VI')) && day !== null && isExemptOn(day, claim);
      });
      return eachRow(exempt, 'T_BNCCT', (row) => number(row, 'T_BNCCT')?.eq(zero) ?? true);
    },
  }),
];
