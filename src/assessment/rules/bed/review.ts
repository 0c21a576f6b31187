import { daysBetween } from '../../../platform/dates.ts';
import { decimal, decimalText } from '../../../platform/money.ts';
import {
  type AnyRule,
  eachRow,
  inTable,
  isoDay,
  list,
  moment,
  number,
  plusMinutes,
  rule,
  value,
} from '../../rule.ts';
import { BEDS, daysOf, groupOf, isPaid, rowsOf, wardStay } from './ward.ts';

const OPERATION = '8';

/** K03.1912 → K03; K103436.1912 → K10, K34, K36; none for other codes. */
function departmentsIn(code: string): readonly string[] {
  const numbers = /^K((?:\d{2})+)(?:\.|$)/.exec(code)?.[1]?.match(/\d{2}/g) ?? [];
  return numbers.map((number) => `K${number}`);
}

/**
 * Bed-days that an assessor would look at.
 * `department_catalogue`: `code` (MA_KHOA). A department that is not there is left to others.
 */
export const review: readonly AnyRule[] = [
  rule({
    id: 'BED_CODE_ON_OTHER_GROUP',
    severity: 'warning',
    stage: 'settlement',
    params: { types: ['01', '02', '05', '07', '08'] },
    check: ({ xml1, xml3 }, { types }) =>
      types.includes(value(xml1, 'MA_LOAI_KCB'))
        ? eachRow(
            xml3.filter((row) => !BEDS.includes(groupOf(row))),
            'MA_GIUONG',
            (row) => value(row, 'MA_GIUONG') === '',
          )
        : 'not-applicable',
  }),
  rule({
    id: 'BED_DAY_COUNT_SHORT',
    severity: 'warning',
    stage: 'settlement',
    // Without the extra day that some ends of a stay earn: who does not claim it has lost nothing that is certain. Whoever
    // has no insurance has no bed-days to claim.
    params: { type: '03', minutes: 240, tolerance: '0.5', selfPayClass: '9' },
    check: (claim, { type, minutes, tolerance, selfPayClass }) => {
      if (value(claim.xml1, 'MA_DOITUONG_KCB') === selfPayClass) return 'not-applicable';
      const stay = wardStay(claim);
      const sum = daysOf(rowsOf(claim, ['15']).filter(isPaid));
      if (value(claim.xml1, 'MA_LOAI_KCB') !== type || !stay || !sum) return 'not-applicable';
      if (stay.end < plusMinutes(stay.start, minutes)) return 'not-applicable';
      const isOneDay = stay.end < plusMinutes(stay.start, 24 * 60);
      const expected = isOneDay ? 1 : daysBetween(isoDay(stay.start), isoDay(stay.end));
      if (sum.plus(decimal(tolerance)).gte(String(expected))) return [];
      return [inTable('XML3', 'SO_LUONG', { sum: decimalText(sum), expected: String(expected) })];
    },
  }),
  rule({
    id: 'BED_LINE_QUANTITY',
    severity: 'warning',
    stage: 'settlement',
    /** Does the facility write one row for each day? */
    params: { max: '1', perDayRows: false },
    check: (claim, { max, perDayRows }) =>
      perDayRows
        ? eachRow(
            rowsOf(claim, BEDS),
            'SO_LUONG',
            (row) => number(row, 'SO_LUONG')?.gt(max) !== true,
            () => ({ max }),
          )
        : 'not-applicable',
  }),
  rule({
    id: 'BED_DEPARTMENT_MATCH',
    severity: 'warning',
    stage: 'settlement',
    needs: ['department_catalogue'],
    params: {},
    check: (claim, _params, { catalogues }) => {
      const deptOf = (row: (typeof claim.xml3)[number]['values']) => list(row, 'MA_KHOA')[0]?.trim() ?? '';
      const ofDepartments = rowsOf(claim, BEDS).filter(
        ({ values }) =>
          departmentsIn(value(values, 'MA_DICH_VU')).length > 0 &&
          catalogues.department_catalogue!.rows(deptOf(values)).length > 0,
      );
      return eachRow(
        ofDepartments,
        'MA_KHOA',
        (row) => departmentsIn(value(row, 'MA_DICH_VU')).includes(deptOf(row)),
        (row) => ({ code: value(row, 'MA_DICH_VU'), dept: deptOf(row) }),
      );
    },
  }),
  rule({
    id: 'BED_TYPE_VS_SURGERY',
    severity: 'warning',
    stage: 'settlement',
    needs: ['service_catalogue'],
    /** Codes of beds whose price goes with an operation. */
    params: { maxDays: 10, surgicalBedCodes: [] as readonly string[] },
    check: (claim, { maxDays, surgicalBedCodes }) => {
      const beds = rowsOf(claim, BEDS).filter(({ values }) =>
        surgicalBedCodes.includes(value(values, 'MA_DICH_VU')),
      );
      const operations = rowsOf(claim, [OPERATION]).map(({ values }) => moment(values, 'NGAY_TH_YL'));
      if (beds.length === 0 || operations.includes(null)) return 'not-applicable';
      return eachRow(
        beds,
        'MA_DICH_VU',
        (row) => {
          const ordered = moment(row, 'NGAY_YL');
          if (ordered === null) return true;
          const since = operations.map((at) => daysBetween(isoDay(at!), isoDay(ordered)));
          return since.some((days) => days >= 0 && days <= maxDays);
        },
        () => ({ max_days: String(maxDays) }),
      );
    },
  }),
  rule({
    id: 'BED_DAYCARE_LIMIT',
    severity: 'warning',
    stage: 'settlement',
    parents: ['BED_OUTPATIENT', 'BED_UNDER_4H'],
    params: { dayType: '04', dayGroup: '14', inpatientGroup: '15' },
    check: (claim, { dayType, dayGroup, inpatientGroup }) => {
      const type = value(claim.xml1, 'MA_LOAI_KCB');
      if (type === '') return 'not-applicable';
      const wrong = type === dayType ? inpatientGroup : dayGroup;
      return eachRow(
        rowsOf(claim, [dayGroup, inpatientGroup]),
        'MA_NHOM',
        (_, row) => groupOf(row) !== wrong,
        () => ({ type }),
      );
    },
  }),
];
