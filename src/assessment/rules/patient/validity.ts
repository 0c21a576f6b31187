import { addDays } from '../../../platform/dates.ts';
import { zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  inRow,
  inTable,
  isoDay,
  isRealDay,
  lineDay,
  list,
  moment,
  number,
  type Row,
  rule,
  value,
} from '../../rule.ts';

/** Days of the cards, `yyyyMMdd`, both included, as they stand; `to` blank = open, `from` blank = missing. */
export interface Validity {
  readonly from: string;
  readonly to: string;
}

export function validities(xml1: Row): readonly Validity[] {
  const from = list(xml1, 'GT_THE_TU');
  const to = list(xml1, 'GT_THE_DEN');
  const length = Math.max(list(xml1, 'MA_THE_BHYT').length, from.length, to.length);
  return Array.from({ length }, (_, n) => ({ from: (from[n] ?? '').trim(), to: (to[n] ?? '').trim() }));
}

/** From when to when the cards are valid, and what was done outside of that. All are silent without a card. */
export const validity: readonly AnyRule[] = [
  // A missing element is left to CARD_LIST_COUNTS and STR_LIST_FORMAT.
  rule({
    id: 'CARD_DATES',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml1 }) => {
      if (value(xml1, 'MA_THE_BHYT') === '') return 'not-applicable';
      const isDayOrBlank = (text: string) => text === '' || isRealDay(text);
      return validities(xml1).flatMap(({ from, to }) => {
        const values = { from: from || '–', to: to || '–' };
        if (!isDayOrBlank(from)) return [inTable('XML1', 'GT_THE_TU', values)];
        return isDayOrBlank(to) && (to === '' || from <= to) ? [] : [inTable('XML1', 'GT_THE_DEN', values)];
      });
    },
  }),
  rule({
    id: 'CARD_VALID_AT_ADMISSION',
    severity: 'error',
    stage: 'order',
    // A newborn has no card of its own yet.
    params: { newbornClass: '1.7' },
    check: ({ xml1 }, { newbornClass }) => {
      const date = moment(xml1, 'NGAY_VAO')?.slice(0, 8);
      const hasCard = value(xml1, 'MA_THE_BHYT') !== '';
      if (!hasCard || date === undefined || value(xml1, 'MA_DOITUONG_KCB') === newbornClass)
        return 'not-applicable';
      const all = validities(xml1);
      if (!all.every(({ from, to }) => isRealDay(from) && (to === '' || isRealDay(to))))
        return 'not-applicable';
      const isValid = all.some(({ from, to }) => from <= date && (to === '' || date <= to));
      return isValid ? [] : [inTable('XML1', 'GT_THE_TU', { date })];
    },
  }),
  rule({
    id: 'CARD_EXPIRED_IN_STAY',
    severity: 'error',
    stage: 'discharge',
    parents: ['CARD_VALID_AT_ADMISSION'],
    /** Days after the end of the card, in inpatient, day and outpatient treatment only. */
    params: { graceTypes: ['02', '03', '04', '05', '06', '08', '09'], graceDays: 15 },
    check: ({ xml1, chargeRows }, { graceTypes, graceDays }) => {
      const type = value(xml1, 'MA_LOAI_KCB');
      const end = lastEnd(xml1);
      const insured = chargeRows.filter(({ values }) => number(values, 'T_BHTT')?.gt(zero));
      if (type === '' || end === null || insured.length === 0) return 'not-applicable';
      const grace = graceTypes.includes(type) ? graceDays : 0;
      return insured.flatMap((row) => {
        const date = lineDay(row.values);
        if (date === null || addDays(isoDay(date), -grace) <= isoDay(end)) return [];
        const field = moment(row.values, 'NGAY_TH_YL') === null ? 'NGAY_YL' : 'NGAY_TH_YL';
        return [inRow(row, field, { end, date, grace_days: String(grace) })];
      });
    },
  }),
];

/** Last day of the card that ends last; null without a card, when one is open, or when a day is none. */
function lastEnd(xml1: Row): string | null {
  if (value(xml1, 'MA_THE_BHYT') === '') return null;
  const ends = validities(xml1).map(({ to }) => to);
  return ends.every(isRealDay) ? ends.toSorted().at(-1)! : null;
}
