import { addDays, isWeekend } from '../../../platform/dates.ts';
import type { Catalogue } from '../../catalogues.ts';
import { type AnyRule, inTable, isoDay, moment, rule, value } from '../../rule.ts';

/** Types of which the visit may end with the last dose at home: they are paid and sent before. */
const LAST_DOSE = ['02', '05', '07'];

/**
 * When the claim is paid and sent.
 * `holiday_calendar`: `day` (`yyyyMMdd`), `working` (true for a day of a weekend on which people work instead).
 */
export const sending: readonly AnyRule[] = [
  rule({
    id: 'DT_DISCHARGE_OLD_YEAR',
    severity: 'warning',
    stage: 'export',
    /** The last day of January on which a discharge of the year before is still sent. */
    params: { januaryDays: 15 },
    check: ({ xml1 }, { januaryDays }, { checkTime }) => {
      const year = moment(xml1, 'NGAY_RA')?.slice(0, 4);
      if (year === undefined) return 'not-applicable';
      const [now, monthAndDay] = [checkTime.slice(0, 4), checkTime.slice(4, 8)];
      const isStillSent =
        Number(year) === Number(now) - 1 && monthAndDay <= `01${String(januaryDays).padStart(2, '0')}`;
      return year === now || isStillSent ? [] : [inTable('XML1', 'NGAY_RA', { year })];
    },
  }),
  rule({
    id: 'DT_SEND_DEADLINE',
    severity: 'warning',
    stage: 'export',
    needs: ['holiday_calendar'],
    params: { workingDays: 7, lastDoseTypes: LAST_DOSE },
    check: ({ xml1 }, { workingDays, lastDoseTypes }, { checkTime, catalogues }) => {
      const isLastDose = lastDoseTypes.includes(value(xml1, 'MA_LOAI_KCB'));
      const end = isLastDose
        ? (moment(xml1, 'NGAY_TTOAN') ?? moment(xml1, 'NGAY_VAO'))
        : moment(xml1, 'NGAY_RA');
      if (end === null) return 'not-applicable';
      const days = workingDaysBetween(isoDay(end), isoDay(checkTime), catalogues.holiday_calendar!);
      return days <= workingDays ? [] : [inTable('XML1', 'NGAY_RA', { days: String(days) })];
    },
  }),
  rule({
    id: 'DT_PAYMENT_AFTER_DISCHARGE',
    severity: 'warning',
    stage: 'settlement',
    params: { lastDoseTypes: LAST_DOSE },
    check: ({ xml1 }, { lastDoseTypes }) => {
      const pay = moment(xml1, 'NGAY_TTOAN');
      const isLastDose = lastDoseTypes.includes(value(xml1, 'MA_LOAI_KCB'));
      const ngay_ra = moment(xml1, isLastDose ? 'NGAY_VAO' : 'NGAY_RA');
      if (pay === null || ngay_ra === null) return 'not-applicable';
      return pay >= ngay_ra ? [] : [inTable('XML1', 'NGAY_TTOAN', { pay, ngay_ra })];
    },
  }),
];

/** Working days after `from` up to and with `to`. */
function workingDaysBetween(from: string, to: string, holidays: Catalogue): number {
  let count = 0;
  for (let day = from; day < to; ) {
    day = addDays(day, 1);
    if (isWorkingDay(day, holidays)) count += 1;
  }
  return count;
}

function isWorkingDay(day: string, holidays: Catalogue): boolean {
  const rows = holidays.rows(day.replaceAll('-', ''));
  return isWeekend(day) ? rows.some(({ working }) => working === true) : rows.length === 0;
}
