import {
  type AnyRule,
  arrivalDay,
  inTable,
  isRealDay,
  list,
  moment,
  plusMinutes,
  rule,
  value,
} from '../../rule.ts';
import { yearsOn } from './age.ts';
import { earliestBirth } from './birth.ts';
import { validities } from './validity.ts';

const DAY = 24 * 60;
const dayAfter = (day: string, days: number) => plusMinutes(`${day}0000`, days * DAY).slice(0, 8);

/** Children's cards end on this day of the year of the sixth birthday, or on the birthday. */
const CHILD_CARD = { prefix: 'TE', years: 6, schoolDay: '0930' };

/** How long cards last: ends that are missing, gaps between cards, children's cards. */
export const cardPeriod: readonly AnyRule[] = [
  // An element that is not there at all is left to CARD_LIST_COUNTS.
  rule({
    id: 'CARD_END_REQUIRED',
    severity: 'warning',
    stage: 'order',
    params: { openEnded: ['QN', 'HC', 'LS', 'XK', 'CY', 'CA'] },
    check: ({ xml1 }, { openEnded }) => {
      const cards = list(xml1, 'MA_THE_BHYT').map((one) => one.trim());
      const ends = value(xml1, 'GT_THE_DEN').split(';');
      if (cards.length === 0) return 'not-applicable';
      return cards
        .filter((card, n) => card !== '' && ends[n]?.trim() === '' && !openEnded.includes(card.slice(0, 2)))
        .map((card) => inTable('XML1', 'GT_THE_DEN', { card }));
    },
  }),
  rule({
    id: 'CARD_GAP_IN_STAY',
    severity: 'warning',
    stage: 'settlement',
    params: {},
    check: (claim) => {
      const [arrived, left] = [arrivalDay(claim), moment(claim.xml1, 'NGAY_RA')?.slice(0, 8)];
      const cards = validities(claim.xml1);
      const isDated = cards.every(({ from, to }) => isRealDay(from) && (to === '' || isRealDay(to)));
      if (cards.length < 2 || !isDated || arrived === null || left === undefined) return 'not-applicable';
      return gapsBetween(cards)
        .filter(({ from, to }) => from <= left && to >= arrived)
        .map((gap) => inTable('XML1', 'GT_THE_TU', gap));
    },
  }),
  rule({
    id: 'CARD_CHILD_AGE',
    severity: 'warning',
    stage: 'order',
    params: {},
    check: (claim) => {
      const { xml1 } = claim;
      const isChildCard = list(xml1, 'MA_THE_BHYT').some((one) => one.trim().startsWith(CHILD_CARD.prefix));
      const isPartial = value(xml1, 'NGAY_SINH').slice(4, 8) === '0000';
      const [birth, arrived] = [earliestBirth(xml1), arrivalDay(claim)];
      if (!isChildCard || isPartial || birth === null || arrived === null) return 'not-applicable';
      const year = String(Number(birth.slice(0, 4)) + CHILD_CARD.years);
      const monthDay = birth.slice(4, 8);
      const last = year + (monthDay > CHILD_CARD.schoolDay ? monthDay : CHILD_CARD.schoolDay);
      if (arrived <= last) return [];
      return [inTable('XML1', 'MA_THE_BHYT', { age: String(yearsOn(xml1, arrived)) })];
    },
  }),
];

/** Days, both included, between cards in the order of their starts; an open card has none after it. */
function gapsBetween(cards: readonly { readonly from: string; readonly to: string }[]) {
  const inTurn = cards.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  let end = inTurn[0]?.to ?? '';
  const gaps: { from: string; to: string }[] = [];
  for (const { from, to } of inTurn.slice(1)) {
    if (end === '') break;
    const lastFree = dayAfter(from, -1);
    if (lastFree > end) gaps.push({ from: dayAfter(end, 1), to: lastFree });
    if (to === '' || to > end) end = to;
  }
  return gaps;
}
