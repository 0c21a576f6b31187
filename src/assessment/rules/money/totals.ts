import { add, type Decimal, decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  type Claim,
  classRate,
  inRow,
  number,
  type PlacedRow,
  rule,
  value,
  xml1Row,
} from '../../rule.ts';
import { amountsOf, isNear, judgeRows } from './amounts.ts';

/** A total of XML1 against the rows that it sums. */
const SUMS: readonly [
  id: string,
  total: string,
  ofRows: string,
  rows: (claim: Claim) => readonly PlacedRow[],
][] = [
  // All of XML2: blood and oxygen too.
  ['MON_SUM_THUOC', 'T_THUOC', 'THANH_TIEN_BV', ({ xml2 }) => xml2],
  ['MON_SUM_TONGCHI_BV', 'T_TONGCHI_BV', 'THANH_TIEN_BV', ({ chargeRows }) => chargeRows],
  ['MON_SUM_TONGCHI_BH', 'T_TONGCHI_BH', 'THANH_TIEN_BH', ({ chargeRows }) => chargeRows],
  ['MON_SUM_BNCCT', 'T_BNCCT', 'T_BNCCT', ({ chargeRows }) => chargeRows],
  ['MON_SUM_BNTT', 'T_BNTT', 'T_BNTT', ({ chargeRows }) => chargeRows],
  ['MON_SUM_NGUONKHAC', 'T_NGUONKHAC', 'T_NGUONKHAC', ({ chargeRows }) => chargeRows],
];

/** The totals of XML1 against the rows and against each other. Tolerances in đồng. */
export const totals: readonly AnyRule[] = [
  ...SUMS.map(([id, total, ofRows, rows]) =>
    rule({
      id,
      severity: 'error',
      stage: 'settlement',
      params: { tol: '1' },
      check: (claim, { tol }) => judgeSum(claim, total, sumOf(rows(claim), ofRows), decimal(tol)),
    }),
  ),
  rule({
    id: 'MON_SUM_VTYT',
    severity: 'error',
    stage: 'settlement',
    // MA_NHOM of supplies; a row with a supply code counts whatever its group.
    params: { tol: '1', groups: ['10', '11'] },
    check: (claim, { tol, groups }) => {
      const supplies = claim.xml3.filter(
        ({ values }) => groups.includes(value(values, 'MA_NHOM')) || value(values, 'MA_VAT_TU') !== '',
      );
      return judgeSum(claim, 'T_VTYT', sumOf(supplies, 'THANH_TIEN_BV'), decimal(tol));
    },
  }),
  rule({
    id: 'MON_SUM_BHTT',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: (claim, params) => {
      const tol = decimal(params.tol);
      const sum = sumOf(claim.chargeRows, 'T_BHTT');
      return sum !== null && isBySubtraction(claim, tol) ? [] : judgeSum(claim, 'T_BHTT', sum, tol);
    },
  }),
  rule({
    id: 'MON_TOTAL_BALANCE',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    parents: ['MON_SUM_TONGCHI_BV', 'MON_SUM_BHTT', 'MON_SUM_BNCCT', 'MON_SUM_BNTT', 'MON_SUM_NGUONKHAC'],
    check: (claim, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        [xml1Row(claim)],
        'T_TONGCHI_BV',
        ['T_TONGCHI_BV', 'T_BHTT', 'T_BNCCT', 'T_BNTT', 'T_NGUONKHAC'],
        ({ T_TONGCHI_BV, T_BHTT, T_BNCCT, T_BNTT, T_NGUONKHAC }) => {
          const rows = sumOf(claim.chargeRows, 'T_BHTT');
          const isSumOfRows = rows !== null && isNear(T_BHTT, rows, tol);
          if (!isSumOfRows && isBySubtraction(claim, tol)) return 'skipped';
          const sum = add(T_BHTT, T_BNCCT, T_BNTT, T_NGUONKHAC);
          return isNear(T_TONGCHI_BV, sum, tol) ? 'holds' : { sum: decimalText(sum) };
        },
      );
    },
  }),
  rule({
    id: 'MON_TOTAL_BH_SPLIT',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    parents: ['MON_SUM_TONGCHI_BH', 'MON_SUM_BHTT', 'MON_SUM_BNCCT'],
    check: (claim, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        [xml1Row(claim)],
        'T_TONGCHI_BH',
        ['T_TONGCHI_BH', 'T_BHTT', 'T_BNCCT', 'T_NGUONKHAC'],
        ({ T_TONGCHI_BH, T_BHTT, T_BNCCT, T_NGUONKHAC }) => {
          if (!T_NGUONKHAC.eq(zero)) return 'skipped';
          const sum = add(T_BHTT, T_BNCCT);
          return isNear(T_TONGCHI_BH, sum, tol) ? 'holds' : { sum: decimalText(sum) };
        },
      );
    },
  }),
  rule({
    id: 'MON_BHTT_POSITIVE',
    severity: 'error',
    stage: 'export',
    params: { allowZero: false },
    check: (claim, { allowZero }, context) => {
      const objectCode = value(claim.xml1, 'MA_DOITUONG_KCB');
      const isInsured = value(claim.xml1, 'MA_THE_BHYT') !== '' && objectCode !== '' && objectCode !== '9';
      const paid = number(claim.xml1, 'T_BHTT');
      if (allowZero || !isInsured || paid === null || !classRate(claim, context)?.gt(zero))
        return 'not-applicable';
      return paid.gt(zero) ? [] : [inRow(xml1Row(claim), 'T_BHTT')];
    },
  }),
];

/** Null when an amount cannot be read. */
export function sumOf(rows: readonly PlacedRow[], field: string): Decimal | null {
  let sum = zero;
  for (const { values } of rows) {
    const amounts = amountsOf(values, [field]);
    if (!amounts) return null;
    sum = sum.plus(amounts[field] ?? zero);
  }
  return sum;
}

function judgeSum(claim: Claim, total: string, sum: Decimal | null, tol: Decimal) {
  if (sum === null) return 'not-applicable';
  return judgeRows([xml1Row(claim)], total, [total], (amounts) =>
    isNear(amounts[total] ?? zero, sum, tol) ? 'holds' : { expected: decimalText(sum) },
  );
}

/** With other sources the official annex lets the insurer's total be the insured total less the co-payments. Unreadable: perhaps. */
function isBySubtraction({ xml1 }: Claim, tol: Decimal): boolean {
  if (amountsOf(xml1, ['T_NGUONKHAC'])?.T_NGUONKHAC.lte(zero)) return false;
  const amounts = amountsOf(xml1, ['T_TONGCHI_BH', 'T_BHTT', 'T_BNCCT']);
  if (!amounts) return true;
  return isNear(amounts.T_BHTT, amounts.T_TONGCHI_BH.minus(amounts.T_BNCCT), tol);
}
