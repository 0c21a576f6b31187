import { daysBetween } from '../../../platform/dates.ts';
import {
  type AnyRule,
  type Claim,
  INPATIENT_CLASSES,
  inTable,
  isoDay,
  minutesBetween,
  moment,
  number,
  type Row,
  rule,
  value,
} from '../../rule.ts';
import { stayOf } from './stay.ts';

/** How long the visit lasted; null when that cannot be told. */
function minutesOf(claim: Claim): number | null {
  const stay = stayOf(claim);
  return stay === null ? null : minutesBetween(stay.ngay_vao, stay.ngay_ra);
}

function daysOf(claim: Claim): number | null {
  const stay = stayOf(claim);
  return stay === null ? null : daysBetween(isoDay(stay.ngay_vao), isoDay(stay.ngay_ra));
}

const typeOf = ({ xml1 }: Claim) => value(xml1, 'MA_LOAI_KCB');
const isExamination = (row: Row) => value(row, 'MA_NHOM') === '13';

/** How long a visit may last, and what is written of a stay in a ward. */
export const length: readonly AnyRule[] = [
  rule({
    id: 'DT_LONG_STAY',
    severity: 'warning',
    stage: 'discharge',
    params: { maxDays: 90 },
    check: (claim, { maxDays }) => {
      const days = daysOf(claim);
      if (days === null) return 'not-applicable';
      const shown = { days: String(days), max_days: String(maxDays) };
      return days <= maxDays ? [] : [inTable('XML1', 'NGAY_RA', shown)];
    },
  }),
  rule({
    id: 'DT_OUTPATIENT_STAY',
    severity: 'warning',
    stage: 'discharge',
    params: { types: ['01'], maxHours: 24 },
    check: (claim, { types, maxHours }) => {
      const minutes = minutesOf(claim);
      if (minutes === null || !types.includes(typeOf(claim))) return 'not-applicable';
      const hours = String(Math.floor(minutes / 60));
      return minutes <= maxHours * 60 ? [] : [inTable('XML1', 'NGAY_RA', { hours })];
    },
  }),
  rule({
    id: 'DT_SHORT_VISIT',
    severity: 'warning',
    stage: 'discharge',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    params: { types: ['01'], minMinutes: 5 },
    check: (claim, { types, minMinutes }) => {
      const minutes = minutesOf(claim);
      const isExamined = claim.xml3.some(({ values }) => isExamination(values));
      if (minutes === null || !types.includes(typeOf(claim)) || !isExamined) return 'not-applicable';
      return minutes >= minMinutes ? [] : [inTable('XML1', 'NGAY_RA', { minutes: String(minutes) })];
    },
  }),
  rule({
    id: 'DT_WARD_ADMISSION_REQUIRED',
    severity: 'warning',
    stage: 'discharge',
    params: {},
    check: (claim) => {
      if (!INPATIENT_CLASSES.has(typeOf(claim))) return 'not-applicable';
      return value(claim.xml1, 'NGAY_VAO_NOI_TRU') === '' ? [inTable('XML1', 'NGAY_VAO_NOI_TRU')] : [];
    },
  }),
  rule({
    id: 'DT_WARD_ADMISSION_OUTPATIENT',
    severity: 'warning',
    stage: 'settlement',
    params: { types: ['01', '02', '05', '07', '08'] },
    check: (claim, { types }) => {
      if (!types.includes(typeOf(claim))) return 'not-applicable';
      const written = value(claim.xml1, 'NGAY_VAO_NOI_TRU');
      return written === '' ? [] : [inTable('XML1', 'NGAY_VAO_NOI_TRU', { value: written })];
    },
  }),
  rule({
    id: 'DT_LAST_DOSE_2359',
    severity: 'warning',
    stage: 'settlement',
    isOffByDefault: true,
    params: { types: ['02', '05', '07'], time: '2359' },
    check: (claim, { types, time }) => {
      const [left, type] = [moment(claim.xml1, 'NGAY_RA'), typeOf(claim)];
      if (left === null || !types.includes(type)) return 'not-applicable';
      return left.endsWith(time) ? [] : [inTable('XML1', 'NGAY_RA', { type })];
    },
  }),
  rule({
    id: 'DT_DAYS_OF_CARE',
    severity: 'warning',
    stage: 'settlement',
    parents: ['DT_ADMIT_BEFORE_DISCHARGE'],
    // Other types are not judged. Bed-days are counted otherwise: neither follows from the other.
    params: { inclusiveTypes: ['02', '03', '04', '06'], zeroTypes: ['01', '07', '09'] },
    check: (claim, { inclusiveTypes, zeroTypes }) => {
      const [written, days, type] = [number(claim.xml1, 'SO_NGAY_DTRI'), daysOf(claim), typeOf(claim)];
      const isNone = zeroTypes.includes(type);
      if (written === null || (!isNone && (days === null || !inclusiveTypes.includes(type))))
        return 'not-applicable';
      const expected = String(isNone ? 0 : days! + 1);
      const shown = { value: value(claim.xml1, 'SO_NGAY_DTRI'), expected };
      return written.eq(expected) ? [] : [inTable('XML1', 'SO_NGAY_DTRI', shown)];
    },
  }),
];
