import { daysBetween } from '../../../platform/dates.ts';
import { decimal, decimalText } from '../../../platform/money.ts';
import {
  type AnyRule,
  eachRow,
  inRow,
  inTable,
  isoDay,
  list,
  moment,
  number,
  plusMinutes,
  rule,
  value,
} from '../../rule.ts';
import { BEDS, daysOf, isPaid, rowsOf, wardStay } from './ward.ts';

/** Bed-days: where they may stand and how many there may be. */
export const days: readonly AnyRule[] = [
  rule({
    id: 'BED_CODE_FORMAT',
    severity: 'error',
    stage: 'order',
    params: { pattern: '^[HTCK]\\d{3}$' },
    check: ({ xml3 }, { pattern }) =>
      eachRow(
        xml3.filter(({ values }) => value(values, 'MA_GIUONG') !== ''),
        'MA_GIUONG',
        (row) => list(row, 'MA_GIUONG').every((code) => new RegExp(pattern).test(code.trim())),
      ),
  }),
  rule({
    id: 'BED_CODE_REQUIRED',
    severity: 'error',
    stage: 'settlement',
    params: { groups: BEDS },
    check: (claim, { groups }) =>
      eachRow(rowsOf(claim, groups), 'MA_GIUONG', (row) => value(row, 'MA_GIUONG') !== ''),
  }),
  rule({
    id: 'BED_OUTPATIENT',
    severity: 'error',
    stage: 'settlement',
    params: { types: ['01', '02', '05', '07', '08'] },
    check: (claim, { types }) =>
      types.includes(value(claim.xml1, 'MA_LOAI_KCB'))
        ? eachRow(rowsOf(claim, BEDS), 'MA_NHOM', () => false)
        : 'not-applicable',
  }),
  rule({
    id: 'BED_UNDER_4H',
    severity: 'error',
    stage: 'settlement',
    params: { dayType: '09', inpatientTypes: ['03', '04'], groups: ['14', '15'], minutes: 240 },
    check: (claim, { dayType, inpatientTypes, groups, minutes }) => {
      const type = value(claim.xml1, 'MA_LOAI_KCB');
      const stay = wardStay(claim);
      const isShort = stay !== null && stay.end < plusMinutes(stay.start, minutes);
      if (type !== dayType && !(inpatientTypes.includes(type) && isShort)) return 'not-applicable';
      return eachRow(rowsOf(claim, groups).filter(isPaid), 'MA_NHOM', () => false);
    },
  }),
  rule({
    id: 'BED_DAY_COUNT_EXCESS',
    severity: 'error',
    stage: 'settlement',
    params: {
      plusOutcomes: ['3', '4', '5', '6'],
      plusDischarge: ['2', '3', '4'],
      minutes: 240,
      tolerance: '0.001',
    },
    check: (claim, { plusOutcomes, plusDischarge, minutes, tolerance }) => {
      const stay = wardStay(claim);
      const sum = daysOf(rowsOf(claim, ['15']).filter(isPaid));
      if (value(claim.xml1, 'MA_LOAI_KCB') !== '03' || !stay || !sum) return 'not-applicable';
      if (stay.end < plusMinutes(stay.start, minutes)) return 'not-applicable';
      const isOneDay = stay.end < plusMinutes(stay.start, 24 * 60);
      const earnsMore =
        plusOutcomes.includes(value(claim.xml1, 'KET_QUA_DTRI')) ||
        plusDischarge.includes(value(claim.xml1, 'MA_LOAI_RV'));
      const expected = isOneDay ? 1 : daysBetween(isoDay(stay.start), isoDay(stay.end)) + (earnsMore ? 1 : 0);
      if (sum.lte(decimal(String(expected)).plus(decimal(tolerance)))) return [];
      return [inTable('XML3', 'SO_LUONG', { sum: decimalText(sum), expected: String(expected) })];
    },
  }),
  rule({
    id: 'BED_DAILY_SUM',
    severity: 'error',
    stage: 'settlement',
    // Rows of several days are no statement about one day.
    params: { max: '1', perDayRows: false },
    check: (claim, { max, perDayRows }) => {
      const rows = rowsOf(claim, ['15']).filter(({ values }) => moment(values, 'NGAY_YL') !== null);
      if (rows.length === 0) return 'not-applicable';
      const byDay = Map.groupBy(rows, ({ values }) => moment(values, 'NGAY_YL')!.slice(0, 8));
      return [...byDay].flatMap(([day, ofDay]) => {
        const sum = daysOf(ofDay);
        const hasLongRow = ofDay.some(({ values }) => number(values, 'SO_LUONG')?.gt(decimal('1')) ?? false);
        if (sum === null || (hasLongRow && !perDayRows) || sum.lte(decimal(max))) return [];
        return [inRow(ofDay.at(-1)!, 'SO_LUONG', { date: day, sum: decimalText(sum) })];
      });
    },
  }),
];
