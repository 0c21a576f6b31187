import { daysBetween } from '../../../platform/dates.ts';
import {
  type AnyRule,
  type Claim,
  INPATIENT_CLASSES,
  inRow,
  isoDay,
  moment,
  OUTPATIENT_CLASSES,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { dosed } from './dose.ts';

// Catalogue long_prescription_list: code (an ICD-10 code, or its first three characters), from, to.

const DEATHS = ['5', '8'];

/** Rows that say for how many days. */
const forDays = (rows: readonly PlacedRow[]) =>
  dosed(rows).flatMap(({ row, dosage: { days } }) => (days === null ? [] : [{ row, days }]));

/** Calendar days from the order to the end of the visit, both counted; null when one is not known. */
function daysLeft({ xml1 }: Claim, { values }: PlacedRow): number | null {
  const [ordered, left] = [moment(values, 'NGAY_YL'), moment(xml1, 'NGAY_RA')];
  return ordered === null || left === null ? null : daysBetween(isoDay(ordered), isoDay(left)) + 1;
}

/** For how many days drugs may be given. */
export const days: readonly AnyRule[] = [
  rule({
    id: 'DRG_PRESCRIPTION_DAYS',
    severity: 'warning',
    stage: 'order',
    params: { defaultDays: 30, longDays: 90 },
    check: ({ xml1, xml2 }, { defaultDays, longDays }, { catalogues: { long_prescription_list: long } }) => {
      const rows = forDays(xml2);
      if (rows.length === 0) return 'not-applicable';
      const disease = value(xml1, 'MA_BENH_CHINH').toUpperCase();
      const isOutpatient = OUTPATIENT_CLASSES.has(value(xml1, 'MA_LOAI_KCB'));
      const isLong = (day: string) =>
        isOutpatient && [disease, disease.slice(0, 3)].some((code) => long?.validOn(code, day).length);
      return rows.flatMap(({ row, days }) => {
        const day = (moment(row.values, 'NGAY_YL') ?? moment(xml1, 'NGAY_VAO') ?? '').slice(0, 8);
        const max = isLong(day) ? longDays : defaultDays;
        return days > max ? [inRow(row, 'LIEU_DUNG', { days: String(days), max: String(max) })] : [];
      });
    },
  }),
  rule({
    id: 'DRG_INPATIENT_DAYS',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    params: { dischargeDays: 7 },
    check: (claim, { dischargeDays }) => {
      if (!INPATIENT_CLASSES.has(value(claim.xml1, 'MA_LOAI_KCB'))) return 'not-applicable';
      const rows = forDays(claim.xml2);
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, days }) => {
        const left = daysLeft(claim, row);
        if (left === null || days <= left + dischargeDays) return [];
        return [inRow(row, 'LIEU_DUNG', { days: String(days) })];
      });
    },
  }),
  rule({
    id: 'DRG_TAKE_HOME_DEATH',
    severity: 'warning',
    stage: 'discharge',
    isOffByDefault: true,
    params: {},
    check: (claim) => {
      const rows = forDays(claim.xml2);
      if (!DEATHS.includes(value(claim.xml1, 'KET_QUA_DTRI')) || rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, days }) => {
        const left = daysLeft(claim, row);
        return left === null || days <= left ? [] : [inRow(row, 'NGAY_YL')];
      });
    },
  }),
];
