import { decimal } from '../../../platform/money.ts';
import {
  type AnyRule,
  eachRow,
  type Found,
  inRow,
  list,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { sentTo, suffixOf } from './code.ts';

const STOPPED = 'TB';
const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');
const FULL = decimal('100');

/** Who carried a service out, how, and what a second operation at the same time may cost. */
export const performance: readonly AnyRule[] = [
  rule({
    id: 'SVC_EXECUTOR_REQUIRED',
    severity: 'error',
    stage: 'discharge',
    params: { groups: ['1', '2', '3', '8', '18'] },
    check: ({ xml3 }, { groups }) =>
      eachRow(
        xml3.filter(
          (row) => groups.includes(groupOf(row)) && sentTo(row) === null && suffixOf(row) !== STOPPED,
        ),
        'NGUOI_THUC_HIEN',
        (row) => value(row, 'NGUOI_THUC_HIEN') !== '',
      ),
  }),
  rule({
    id: 'SVC_ANAESTHESIA_REQUIRED',
    severity: 'error',
    stage: 'discharge',
    params: { groups: ['8'] },
    check: ({ xml3 }, { groups }) =>
      eachRow(
        xml3.filter((row) => groups.includes(groupOf(row)) && suffixOf(row) !== STOPPED),
        'PP_VO_CAM',
        (row) => value(row, 'PP_VO_CAM') !== '',
      ),
  }),
  rule({
    id: 'SVC_SECOND_SURGERY_RATE',
    severity: 'error',
    stage: 'settlement',
    // Percent when the same team goes on, and when another team does.
    params: { groups: ['8'], allowedSecond: ['50', '80'] as const },
    check: ({ xml3 }, { groups, allowedSecond }) => {
      const surgery = xml3.filter(
        (row) =>
          groups.includes(groupOf(row)) &&
          value(row.values, 'NGAY_TH_YL') !== '' &&
          suffixOf(row) !== STOPPED,
      );
      if (surgery.length === 0) return 'not-applicable';
      const operations = Map.groupBy(surgery, ({ values }) => value(values, 'NGAY_TH_YL'));
      return [...operations.values()].flatMap((rows) => oneOperation(rows, allowedSecond));
    },
  }),
];

const rateOf = ({ values }: PlacedRow) => number(values, 'TYLE_TT_DV');
const teamOf = ({ values }: PlacedRow) => list(values, 'NGUOI_THUC_HIEN').map((one) => one.trim());

/** The first row at 100 % is the operation; every other one is paid in part. */
function oneOperation(
  rows: readonly PlacedRow[],
  [sameTeam, otherTeam]: readonly [sameTeam: string, otherTeam: string],
): Found[] {
  const main = rows.find((row) => rateOf(row)?.eq(FULL));
  if (!main) return [];
  const team = new Set(teamOf(main));
  return rows
    .filter((row) => row !== main)
    .flatMap((row) => {
      const rate = rateOf(row);
      const expected = teamOf(row).some((one) => team.has(one)) ? sameTeam : otherTeam;
      if (rate === null || rate.eq(decimal(expected))) return [];
      return [inRow(row, 'TYLE_TT_DV', { expected })];
    });
}
