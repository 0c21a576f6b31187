import { add, zero } from '../../../platform/money.ts';
import { type Claim, moment, number, type PlacedRow, value } from '../../rule.ts';

/** Groups of bed-days: 14 day bed, 15 in-patient, 16 at a station. */
export const BEDS = ['14', '15', '16'];
export const groupOf = ({ values }: PlacedRow) => value(values, 'MA_NHOM');
export const rowsOf = ({ xml3 }: Claim, groups: readonly string[]) =>
  xml3.filter((row) => groups.includes(groupOf(row)));
export const isPaid = ({ values }: PlacedRow) => number(values, 'T_BHTT')?.gt(zero) ?? false;
/** Sum of the quantities; null when one of them cannot be read. */
export function daysOf(rows: readonly PlacedRow[]) {
  const quantities = rows.map(({ values }) => number(values, 'SO_LUONG'));
  return quantities.some((one) => one === null) ? null : add(...quantities.map((one) => one ?? zero));
}

/** When the stay in a ward began, and when it ended; null when that cannot be read. */
export function wardStay({ xml1 }: Claim): { start: string; end: string } | null {
  const [arrived, end] = [moment(xml1, 'NGAY_VAO'), moment(xml1, 'NGAY_RA')];
  if (arrived === null || end === null) return null;
  const admitted = moment(xml1, 'NGAY_VAO_NOI_TRU');
  const isInside = admitted !== null && arrived <= admitted && admitted <= end;
  return { start: isInside ? admitted : arrived, end };
}
