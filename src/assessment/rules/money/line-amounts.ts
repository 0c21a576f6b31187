import { type Decimal, decimal, decimalText, scale, zero } from '../../../platform/money.ts';
import { type AnyRule, rule, value } from '../../rule.ts';
import { type Amounts, isNear, judgeRows, OUT_OF_SCOPE, type Verdict } from './amounts.ts';

/** Quantity × price × rates: the two amounts of a charge row. Tolerances in đồng. */
export const lineAmounts: readonly AnyRule[] = [
  rule({
    id: 'MON_XML2_AMOUNT_BV',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ xml2 }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        xml2,
        'THANH_TIEN_BV',
        ['SO_LUONG', 'DON_GIA', 'THANH_TIEN_BV'],
        ({ SO_LUONG, DON_GIA, THANH_TIEN_BV }) => isOneOf(THANH_TIEN_BV, [scale(SO_LUONG, DON_GIA)], tol),
      );
    },
  }),
  rule({
    id: 'MON_XML2_AMOUNT_BH',
    severity: 'error',
    stage: 'settlement',
    params: { tol: '1' },
    check: ({ xml2 }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(
        xml2,
        'THANH_TIEN_BH',
        ['SO_LUONG', 'DON_GIA', 'TYLE_TT_BH', 'THANH_TIEN_BH'],
        ({ SO_LUONG, DON_GIA, TYLE_TT_BH, THANH_TIEN_BH }, row) => {
          const scope = value(row, 'PHAM_VI');
          if (scope === '') return 'skipped';
          if (scope === OUT_OF_SCOPE && THANH_TIEN_BH.eq(zero)) return 'holds';
          return isOneOf(THANH_TIEN_BH, [scale(SO_LUONG.times(DON_GIA), TYLE_TT_BH, '100')], tol);
        },
      );
    },
  }),
  rule({
    id: 'MON_XML3_AMOUNT_BV',
    severity: 'error',
    stage: 'settlement',
    // 'c' is the formula of QĐ 130; 'a' and 'b' came with QĐ 4750 and QĐ 3176.
    params: { tol: '1', variants: ['a', 'b'] as readonly Variant[] },
    check: ({ xml3 }, params) => {
      const tol = decimal(params.tol);
      return judgeRows(xml3, 'THANH_TIEN_BV', [...PRICED, 'THANH_TIEN_BV'], (amounts) =>
        isOneOf(
          amounts.THANH_TIEN_BV,
          params.variants.map((variant) => VARIANTS[variant](amounts)),
          tol,
        ),
      );
    },
  }),
  rule({
    id: 'MON_XML3_AMOUNT_BH',
    severity: 'error',
    stage: 'settlement',
    // packageCapRows: rows of a package may stand below the formula, where its ceiling cut them.
    params: { tol: '1', skipGroups: [] as readonly string[], packageCapRows: true },
    check: ({ xml3 }, { packageCapRows, skipGroups, ...params }) => {
      const tol = decimal(params.tol);
      return judgeRows(
        xml3.filter(({ values }) => !skipGroups.includes(value(values, 'MA_NHOM'))),
        'THANH_TIEN_BH',
        ['SO_LUONG', 'DON_GIA_BH', 'TYLE_TT_DV', 'TYLE_TT_BH', 'THANH_TIEN_BH'],
        ({ SO_LUONG, DON_GIA_BH, TYLE_TT_DV, TYLE_TT_BH, THANH_TIEN_BH }, row) => {
          if (THANH_TIEN_BH.eq(zero) && value(row, 'PHAM_VI') === OUT_OF_SCOPE) return 'skipped';
          const expected = scale(SO_LUONG.times(DON_GIA_BH).times(TYLE_TT_DV), TYLE_TT_BH, '10000');
          const isCut = packageCapRows && THANH_TIEN_BH.lt(expected) && value(row, 'GOI_VTYT') !== '';
          return isCut ? 'skipped' : isOneOf(THANH_TIEN_BH, [expected], tol);
        },
      );
    },
  }),
];

const PRICED = ['SO_LUONG', 'DON_GIA_BV', 'DON_GIA_BH', 'TYLE_TT_DV'] as const;
type Priced = Amounts<(typeof PRICED)[number]>;
type Variant = 'a' | 'b' | 'c';

/** The hospital's amount of a service or supply: which part the reduced rate touches is read in three ways. */
const VARIANTS: Readonly<Record<Variant, (row: Priced) => Decimal>> = {
  a: ({ SO_LUONG, DON_GIA_BV, TYLE_TT_DV }) => scale(SO_LUONG.times(DON_GIA_BV), TYLE_TT_DV, '100'),
  b: ({ SO_LUONG, DON_GIA_BV, DON_GIA_BH, TYLE_TT_DV }) => {
    const cut = DON_GIA_BH.times(decimal('100').minus(TYLE_TT_DV)).div('100');
    return scale(SO_LUONG, DON_GIA_BV.minus(cut));
  },
  c: ({ SO_LUONG, DON_GIA_BV }) => scale(SO_LUONG, DON_GIA_BV),
};

/** Is the amount one of those that the formulas give? Otherwise they are what was expected. */
function isOneOf(amount: Decimal, formulas: readonly Decimal[], tol: Decimal): Verdict {
  if (formulas.some((formula) => isNear(amount, formula, tol))) return 'holds';
  return { expected: [...new Set(formulas.map(decimalText))].join(' / ') };
}
