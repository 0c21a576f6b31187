import { add, type Decimal, decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  arrivalDay,
  eachFilled,
  eachRow,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { isNear, judgeRows, OUT_OF_SCOPE } from './amounts.ts';

/** Limits within a charge row: other sources, insured against hospital amounts, rates, rows that insurance must not pay. */
export const lineLimits: readonly AnyRule[] = [
  rule({
    id: 'MON_OTHER_SOURCE_SUM',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ chargeRows }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows,
        'T_NGUONKHAC',
        ['T_NGUONKHAC', 'T_NGUONKHAC_NSNN', 'T_NGUONKHAC_VTNN', 'T_NGUONKHAC_VTTN', 'T_NGUONKHAC_CL'],
        ({ T_NGUONKHAC, ...parts }) => {
          const sum = add(...Object.values(parts));
          return isNear(T_NGUONKHAC, sum, tol) ? 'holds' : { expected: decimalText(sum) };
        },
      );
    },
  }),
  rule({
    id: 'MON_OTHER_SOURCE_RANGE',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ chargeRows }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows,
        'T_NGUONKHAC',
        ['T_NGUONKHAC', 'THANH_TIEN_BV'],
        ({ T_NGUONKHAC, THANH_TIEN_BV }) =>
          T_NGUONKHAC.gte(zero) && T_NGUONKHAC.lte(THANH_TIEN_BV.plus(tol))
            ? 'holds'
            : { max: decimalText(THANH_TIEN_BV) },
      );
    },
  }),
  rule({
    id: 'MON_BH_NOT_ABOVE_BV',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ chargeRows }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows,
        'THANH_TIEN_BH',
        ['THANH_TIEN_BH', 'THANH_TIEN_BV'],
        ({ THANH_TIEN_BH: bh, THANH_TIEN_BV: bv }) => notAbove(bh, bv, tol),
      );
    },
  }),
  rule({
    id: 'MON_PRICE_BH_NOT_ABOVE_BV',
    severity: 'error',
    stage: 'order',
    params: {},
    check: ({ xml3 }) =>
      judgeRows(xml3, 'DON_GIA_BH', ['DON_GIA_BH', 'DON_GIA_BV'], ({ DON_GIA_BH: bh, DON_GIA_BV: bv }) =>
        notAbove(bh, bv, zero),
      ),
  }),
  rule({
    id: 'MON_RATE_RANGE',
    severity: 'error',
    stage: 'settlement',
    // First day of arrival (`yyyyMMdd`) from which MUC_HUONG may have one decimal, as in 47.5.
    params: { decimalFrom: '20260701' },
    check: (claim, { decimalFrom }) => {
      const arrival = arrivalDay(claim);
      const levelDecimals = arrival !== null && arrival < decimalFrom ? 0 : 1;
      return eachFilled(claim.chargeRows, ['TYLE_TT_BH', 'TYLE_TT_DV', 'MUC_HUONG'], (_text, field, row) =>
        isPercent(number(row.values, field), field === 'MUC_HUONG' ? levelDecimals : 0),
      );
    },
  }),
  rule({
    id: 'MON_OUT_OF_SCOPE_PAID',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: ({ chargeRows }) =>
      eachRow(
        chargeRows.filter(({ values }) => value(values, 'PHAM_VI') === OUT_OF_SCOPE),
        'T_BHTT',
        isUnpaid,
      ),
  }),
  rule({
    id: 'MON_FUNDED_ELSEWHERE_PAID',
    severity: 'error',
    stage: 'settlement',
    // NGUON_CTRA of drugs that somebody else than insurance pays.
    params: { sources: ['2', '3', '4'] },
    check: ({ xml2 }, { sources }) =>
      eachRow(
        xml2.filter(({ values }) => sources.includes(value(values, 'NGUON_CTRA'))),
        'T_BHTT',
        isUnpaid,
        (values) => ({ source: value(values, 'NGUON_CTRA') }),
      ),
  }),
];

const notAbove = (bh: Decimal, bv: Decimal, tol: Decimal) =>
  bh.lte(bv.plus(tol)) ? 'holds' : { bh: decimalText(bh), bv: decimalText(bv) };

/** Silent, too, where T_BHTT cannot be read. */
const isUnpaid = (row: PlacedRow['values']): boolean => number(row, 'T_BHTT')?.eq(zero) ?? true;

/** Silent, too, where the rate cannot be read. */
function isPercent(rate: Decimal | null, decimals: 0 | 1): boolean {
  if (rate === null) return true;
  return rate.gte(zero) && rate.lte('100') && rate.eq(rate.round(decimals));
}
