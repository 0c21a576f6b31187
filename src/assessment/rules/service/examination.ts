import { add, decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  type Claim,
  inRow,
  inTable,
  moment,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';

const EXAMINATION = '13';
const FULL = decimal('100');
/** Examinations that the insurer pays. */
const paidExaminations = ({ xml3 }: Claim) =>
  xml3.filter(
    ({ values }) => value(values, 'MA_NHOM') === EXAMINATION && (number(values, 'T_BHTT')?.gt(zero) ?? false),
  );
const orderedAt = ({ values }: PlacedRow) => moment(values, 'NGAY_YL');
const areDated = (rows: readonly PlacedRow[]) => rows.every((row) => orderedAt(row) !== null);

/** Several examinations in one visit: TT 39/2024 pays the first in full and the next ones in part. */
export const examination: readonly AnyRule[] = [
  rule({
    id: 'EXM_FEE_SEQUENCE',
    severity: 'error',
    stage: 'settlement',
    // Percent of the first, second … examination; the last one stands for all further ones.
    params: { rates: ['100', '30', '30', '30', '10', '0'] },
    check: (claim, { rates }) => {
      const rows = paidExaminations(claim);
      if (rows.length === 0 || !areDated(rows)) return 'not-applicable';
      const inTurn = rows.toSorted((a, b) =>
        orderedAt(a)! < orderedAt(b)! ? -1 : orderedAt(a)! > orderedAt(b)! ? 1 : 0,
      );
      return inTurn.flatMap((row, index) => {
        const most = rates[Math.min(index, rates.length - 1)] ?? '0';
        const rate = number(row.values, 'TYLE_TT_DV');
        if (rate === null || rate.lte(decimal(most))) return [];
        return [inRow(row, 'TYLE_TT_DV', { n: String(index + 1), expected: most })];
      });
    },
  }),
  rule({
    id: 'EXM_ONE_FULL_PRICE',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: (claim) => {
      const rows = paidExaminations(claim);
      if (rows.length === 0 || areDated(rows)) return 'not-applicable';
      const full = rows.filter(({ values }) => number(values, 'TYLE_TT_DV')?.eq(FULL));
      return full.length > 1 ? [inTable('XML3', 'TYLE_TT_DV', { count: String(full.length) })] : [];
    },
  }),
  rule({
    id: 'EXM_TOTAL_CAP',
    severity: 'error',
    stage: 'settlement',
    // Times the dearest price; đồng.
    params: { factor: '2', tol: '1' },
    check: (claim, { factor, tol }) => {
      const rows = paidExaminations(claim);
      const amounts = rows.map(({ values }) => number(values, 'THANH_TIEN_BH'));
      const prices = rows.map(({ values }) => number(values, 'DON_GIA_BH'));
      if (rows.length === 0 || [...amounts, ...prices].includes(null)) return 'not-applicable';
      const sum = add(...amounts.map((amount) => amount ?? zero));
      const dearest = prices.reduce((most, price) => (price?.gt(most ?? zero) ? price : most), zero) ?? zero;
      const max = dearest.times(decimal(factor));
      if (sum.lte(max.plus(decimal(tol)))) return [];
      return [inTable('XML3', 'THANH_TIEN_BH', { sum: decimalText(sum), max: decimalText(max) })];
    },
  }),
];
