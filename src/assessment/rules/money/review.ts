import { decimal, decimalText, zero } from '../../../platform/money.ts';
import {
  type AnyRule,
  eachRow,
  inRow,
  list,
  number,
  type PlacedRow,
  rule,
  value,
  xml1Row,
} from '../../rule.ts';
import { suffixOf } from '../service/code.ts';
import { isNear, judgeRows } from './amounts.ts';
import { sumOf } from './totals.ts';

/** Services that cost nothing by their code: no price in the third block, stopped, or without a price of their own. */
const isFree = (row: PlacedRow): boolean =>
  /^\d+\.\d+\.0000/.test(value(row.values, 'MA_DICH_VU')) || ['TB', 'TT'].includes(suffixOf(row) ?? '');

const sameDrug = ({ values }: PlacedRow) =>
  JSON.stringify(['MA_THUOC', 'SO_DANG_KY', 'TT_THAU'].map((field) => value(values, field)));

/** Amounts that may be right and are seldom so. Tolerances and limits in đồng. */
export const review: readonly AnyRule[] = [
  rule({
    id: 'MON_SERVICE_RATE_UNUSUAL',
    severity: 'warning',
    stage: 'settlement',
    params: { usual: ['0', '10', '30', '33', '50', '80', '100'] },
    check: ({ xml3 }, { usual }) =>
      eachRow(xml3, 'TYLE_TT_DV', (row) => {
        const rate = number(row, 'TYLE_TT_DV');
        return rate === null || usual.some((one) => rate.eq(one));
      }),
  }),
  rule({
    id: 'MON_ZERO_INSURED_PRICE',
    severity: 'warning',
    stage: 'settlement',
    params: { scope: '1' },
    check: ({ xml3 }, { scope }) => {
      const priced = xml3.filter(
        (row) =>
          value(row.values, 'PHAM_VI') === scope &&
          !isFree(row) &&
          number(row.values, 'TYLE_TT_DV')?.eq(zero) !== true,
      );
      return eachRow(priced, 'DON_GIA_BH', (row) => number(row, 'DON_GIA_BH')?.lte(zero) !== true);
    },
  }),
  rule({
    id: 'MON_GDV_SUM',
    severity: 'warning',
    stage: 'settlement',
    params: { tol: '1', skipCards: ['CA', 'CY', 'QN'], method: '1' },
    check: (claim, { tol, skipCards, method }) => {
      const cards = list(claim.xml1, 'MA_THE_BHYT').map((card) => card.trim().slice(0, 2));
      const rows = claim.chargeRows.filter(({ values }) => value(values, 'MA_PTTT') === method);
      const sum = sumOf(rows, 'T_BHTT');
      const written = value(claim.xml1, 'T_BHTT_GDV') === '' ? zero : number(claim.xml1, 'T_BHTT_GDV');
      if (sum === null || written === null || cards.some((card) => skipCards.includes(card)))
        return 'not-applicable';
      if (isNear(written, sum, decimal(tol))) return [];
      return [
        inRow(xml1Row(claim), 'T_BHTT_GDV', { value: decimalText(written), expected: decimalText(sum) }),
      ];
    },
  }),
  rule({
    id: 'MON_TOTAL_PLAUSIBLE',
    severity: 'warning',
    stage: 'settlement',
    params: { maxTotal: '5000000000' },
    check: (claim, { maxTotal }) =>
      judgeRows([xml1Row(claim)], 'T_TONGCHI_BV', ['T_TONGCHI_BV'], ({ T_TONGCHI_BV }) =>
        T_TONGCHI_BV.lte(maxTotal) ? 'holds' : {},
      ),
  }),
  rule({
    id: 'MON_DRUG_PRICE_JUMP',
    severity: 'warning',
    stage: 'settlement',
    cause: 'drug',
    params: {},
    // Once for each drug, on the first row of another price.
    check: ({ xml2 }) => {
      const priced = xml2.filter(
        ({ values }) => value(values, 'MA_THUOC') !== '' && number(values, 'DON_GIA') !== null,
      );
      if (priced.length === 0) return 'not-applicable';
      return [...Map.groupBy(priced, sameDrug).values()].flatMap((rows) => {
        const priceOf = ({ values }: PlacedRow) => decimalText(number(values, 'DON_GIA')!);
        const prices = [...new Set(rows.map(priceOf))];
        const other = rows.find((row) => priceOf(row) !== prices[0]);
        if (!other) return [];
        return [
          inRow(other, 'DON_GIA', { code: value(other.values, 'MA_THUOC'), prices: prices.join(', ') }),
        ];
      });
    },
  }),
];
