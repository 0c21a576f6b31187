import { add, type Decimal, decimal, decimalText, scale, zero } from '../../../platform/money.ts';
import { type AnyRule, type Row, rule, value } from '../../rule.ts';
import { amountsOf, isNear, judgeRows, notBelowZero } from './amounts.ts';

/** Who pays a charge row: the insurer, the patient's two parts, other sources. Tolerances in đồng. */
export const lineShares: readonly AnyRule[] = [
  rule({
    id: 'MON_LINE_BHTT',
    severity: 'error',
    stage: 'settlement',
    // 12: transport has no MUC_HUONG. skipOtherSource: for support given to the facility, taken off before the split.
    params: { tol: '1', skipGroups: ['12'] as readonly string[], skipOtherSource: false },
    check: ({ chargeRows }, { skipGroups, skipOtherSource, ...params }) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows.filter(({ values }) => !skipGroups.includes(value(values, 'MA_NHOM'))),
        'T_BHTT',
        ['THANH_TIEN_BH', 'MUC_HUONG', 'T_BHTT', 'T_NGUONKHAC'],
        ({ THANH_TIEN_BH, MUC_HUONG, T_BHTT, T_NGUONKHAC }, row) => {
          const share = scale(THANH_TIEN_BH, MUC_HUONG, '100');
          // One who pays the patient's co-payment leaves the insurer's share whole (antiretroviral drugs).
          if (isNear(T_BHTT, share, tol) && (T_NGUONKHAC.eq(zero) || isCopayPaid(row, tol))) return 'holds';
          if (T_NGUONKHAC.eq(zero)) return { expected: decimalText(share) };
          const amounts = amountsOf(row, ['THANH_TIEN_BV']);
          if (!amounts || T_NGUONKHAC.lt(zero) || skipOtherSource) return 'skipped';
          const own = amounts.THANH_TIEN_BV.minus(THANH_TIEN_BH);
          const copay = THANH_TIEN_BH.minus(share);
          const rest = notBelowZero(T_NGUONKHAC.minus(own).minus(copay));
          const expected = notBelowZero(share.minus(rest));
          return isNear(T_BHTT, expected, tol) ? 'holds' : { expected: decimalText(expected) };
        },
      );
    },
  }),
  rule({
    id: 'MON_LINE_BNCCT',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ chargeRows }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows,
        'T_BNCCT',
        ['THANH_TIEN_BH', 'T_BHTT', 'T_BNCCT', 'T_NGUONKHAC'],
        ({ THANH_TIEN_BH, T_BHTT, T_BNCCT, T_NGUONKHAC }) => {
          if (T_NGUONKHAC.lt(zero)) return 'skipped';
          const copay = THANH_TIEN_BH.minus(T_BHTT);
          const holds = T_NGUONKHAC.eq(zero)
            ? isNear(T_BNCCT, copay, tol)
            : T_BNCCT.gte(zero) && T_BNCCT.lte(copay.plus(tol));
          return holds ? 'holds' : { expected: decimalText(copay) };
        },
      );
    },
  }),
  rule({
    id: 'MON_LINE_BNTT',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ chargeRows }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows,
        'T_BNTT',
        ['THANH_TIEN_BV', 'THANH_TIEN_BH', 'T_BNTT', 'T_NGUONKHAC'],
        ({ THANH_TIEN_BV, THANH_TIEN_BH, T_BNTT, T_NGUONKHAC }, row) => {
          if (T_NGUONKHAC.lt(zero)) return 'skipped';
          const own = THANH_TIEN_BV.minus(THANH_TIEN_BH);
          const expected = T_NGUONKHAC.eq(zero) ? own : notBelowZero(own.minus(T_NGUONKHAC));
          const holds = isNear(T_BNTT, expected, tol) || (isNear(T_BNTT, own, tol) && isCopayPaid(row, tol));
          return holds ? 'holds' : { expected: decimalText(expected) };
        },
      );
    },
  }),
  rule({
    id: 'MON_LINE_BALANCE',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ chargeRows }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        chargeRows,
        'THANH_TIEN_BV',
        ['THANH_TIEN_BV', 'T_BHTT', 'T_BNCCT', 'T_BNTT', 'T_NGUONKHAC'],
        ({ THANH_TIEN_BV, T_BHTT, T_BNCCT, T_BNTT, T_NGUONKHAC }) => {
          const sum = add(T_BHTT, T_BNCCT, T_BNTT, T_NGUONKHAC);
          return isNear(THANH_TIEN_BV, sum, tol) ? 'holds' : { sum: decimalText(sum) };
        },
      );
    },
  }),
];

/** Did another source pay exactly the patient's part of the insured amount, and the patient nothing of it? Unreadable: perhaps. */
function isCopayPaid(row: Row, tol: Decimal): boolean {
  const amounts = amountsOf(row, ['THANH_TIEN_BH', 'T_BHTT', 'T_BNCCT', 'T_NGUONKHAC']);
  if (!amounts) return true;
  const { THANH_TIEN_BH, T_BHTT, T_BNCCT, T_NGUONKHAC } = amounts;
  return T_BNCCT.eq(zero) && isNear(T_NGUONKHAC, THANH_TIEN_BH.minus(T_BHTT), tol);
}
