import { zero } from '../../../platform/money.ts';
import { type AnyRule, eachFilled, eachRow, number, rule, value, xml1Row } from '../../rule.ts';

const QUANTITY_AND_PRICES = ['SO_LUONG', 'DON_GIA', 'DON_GIA_BV', 'DON_GIA_BH'];
const AMOUNTS = [
  'THANH_TIEN_BV',
  'THANH_TIEN_BH',
  'T_TRANTT',
  'T_BHTT',
  'T_BNCCT',
  'T_BNTT',
  'T_NGUONKHAC',
  'T_THUOC',
  'T_VTYT',
  'T_TONGCHI_BV',
  'T_TONGCHI_BH',
  'T_BHTT_GDV',
];
const RATES_AND_MEASURES = ['TYLE_TT_DV', 'TYLE_TT_BH', 'MUC_HUONG', 'CAN_NANG', 'SO_NGAY_DTRI'];

/** What any number of XML1, XML2 and XML3 must keep, whatever it counts. */
export const numbers: readonly AnyRule[] = [
  rule({
    id: 'STR_NUMBER_NEGATIVE',
    severity: 'error',
    stage: 'settlement',
    params: {},
    check: (claim) =>
      eachFilled(
        [xml1Row(claim), ...claim.chargeRows],
        [...QUANTITY_AND_PRICES, ...AMOUNTS, ...RATES_AND_MEASURES],
        (_text, field, { values }) => !number(values, field)?.lt(zero),
      ),
  }),
  rule({
    id: 'STR_DECIMALS',
    severity: 'error',
    stage: 'settlement',
    params: { qtyPriceDecimals: 3, amountDecimals: 2 },
    check: (claim, { qtyPriceDecimals, amountDecimals }) => {
      const most = (field: string) =>
        QUANTITY_AND_PRICES.includes(field) ? qtyPriceDecimals : amountDecimals;
      return eachFilled(
        [xml1Row(claim), ...claim.chargeRows],
        [...QUANTITY_AND_PRICES, ...AMOUNTS],
        (text, field) => decimalsOf(text) <= most(field),
        (_text, field) => ({ max: String(most(field)) }),
      );
    },
  }),
  rule({
    id: 'STR_QUANTITY_POSITIVE',
    severity: 'error',
    stage: 'order',
    // A ward between the dearest and the cheapest of a transfer day is written with quantity 0.
    params: { bedGroups: ['14', '15', '16'] },
    check: ({ chargeRows }, { bedGroups }) =>
      eachRow(
        chargeRows.filter(({ values }) => !bedGroups.includes(value(values, 'MA_NHOM'))),
        'SO_LUONG',
        (values) => !number(values, 'SO_LUONG')?.eq(zero),
      ),
  }),
];

/** Decimals without the zeros at the end; 0 for what is no number. Read as text: more than six are no `number` any more. */
function decimalsOf(text: string): number {
  return /^-?\d+\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;
}
