import { type Decimal, decimal, decimalText } from '../../../platform/money.ts';
import type { Catalogue, CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  comparable,
  eachRow,
  inRow,
  moment,
  number,
  type Row,
  rule,
  value,
} from '../../rule.ts';

const codeOf = (row: Row) => value(row, 'MA_VAT_TU');
const textOf = (row: CatalogueRow, column: string) => String(row[column] ?? '').trim();

/** Rows of the supply on the day it was ordered; null when that day or the code cannot be read. */
function listed(row: Row, catalogue: Catalogue): readonly CatalogueRow[] | null {
  const ordered = moment(row, 'NGAY_YL');
  if (ordered === null || codeOf(row) === '') return null;
  return catalogue.validOn(codeOf(row), ordered.slice(0, 8));
}

function priceIn(row: CatalogueRow): Decimal | null {
  const text = String(row.DON_GIA ?? '');
  return /^\d{1,18}(\.\d{1,6})?$/.test(text) ? decimal(text) : null;
}

/**
 * Supplies against the facility's own catalogue. What is not in it on that day is said once, by the first rule.
 * `supply_catalogue`: `MA_VAT_TU`, `TEN_VAT_TU`, `DON_GIA`, `TT_THAU`, `serial` (true: each piece has its own mark).
 */
export const catalogue: readonly AnyRule[] = [
  rule({
    id: 'SUP_IN_CATALOGUE',
    severity: 'error',
    stage: 'order',
    needs: ['supply_catalogue'],
    params: { skipScopes: ['2'] },
    check: ({ xml3 }, { skipScopes }, { catalogues }) =>
      eachRow(
        xml3.filter(({ values }) => codeOf(values) !== '' && !skipScopes.includes(value(values, 'PHAM_VI'))),
        'MA_VAT_TU',
        (row) => listed(row, catalogues.supply_catalogue!)?.length !== 0,
        (row) => ({ code: codeOf(row) }),
      ),
  }),
  rule({
    id: 'SUP_NAME',
    severity: 'warning',
    stage: 'order',
    needs: ['supply_catalogue'],
    params: { groups: ['10', '11'] },
    check: ({ xml3 }, { groups }, { catalogues }) =>
      eachRow(
        xml3.filter(({ values }) => groups.includes(value(values, 'MA_NHOM')) && codeOf(values) !== ''),
        'TEN_VAT_TU',
        (row) => {
          const name = comparable(value(row, 'TEN_VAT_TU'));
          const names = (listed(row, catalogues.supply_catalogue!) ?? [])
            .map((one) => comparable(textOf(one, 'TEN_VAT_TU')))
            .filter((one) => one !== '');
          return name !== '' && (names.length === 0 || names.includes(name));
        },
      ),
  }),
  rule({
    id: 'SUP_PRICE',
    severity: 'error',
    stage: 'order',
    needs: ['supply_catalogue'],
    // đồng
    params: { tol: '0.5' },
    check: ({ xml3 }, { tol }, { catalogues }) => {
      const supplies = xml3.filter(({ values }) => codeOf(values) !== '');
      if (supplies.length === 0) return 'not-applicable';
      return supplies.flatMap((row) => {
        const { values } = row;
        const isOfTender = (one: CatalogueRow) =>
          ['', value(values, 'TT_THAU')].includes(textOf(one, 'TT_THAU'));
        const prices = (listed(values, catalogues.supply_catalogue!) ?? []).filter(isOfTender).map(priceIn);
        const highest = prices.filter((one) => one !== null).toSorted((a, b) => b.cmp(a))[0];
        const price = number(values, 'DON_GIA_BH');
        if (!highest || !price || price.lte(highest.plus(decimal(tol)))) return [];
        return [inRow(row, 'DON_GIA_BH', { code: codeOf(values), expected: decimalText(highest) })];
      });
    },
  }),
  rule({
    id: 'SUP_SERIAL',
    severity: 'warning',
    stage: 'settlement',
    needs: ['supply_catalogue'],
    params: {},
    check: ({ xml3 }, _params, { catalogues }) =>
      eachRow(
        xml3.filter(({ values }) =>
          listed(values, catalogues.supply_catalogue!)?.some(({ serial }) => serial === true),
        ),
        'MA_HIEU_SP',
        (row) => value(row, 'MA_HIEU_SP') !== '',
        (row) => ({ code: codeOf(row) }),
      ),
  }),
];
