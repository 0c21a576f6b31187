import { type Decimal, decimal, decimalText } from '../../../platform/money.ts';
import type { CatalogueRow } from '../../catalogues.ts';
import {
  type AnyRule,
  comparable,
  type Found,
  inRow,
  number,
  type PlacedRow,
  rule,
  value,
} from '../../rule.ts';
import { cell, EXEMPT, failingAt, matched, type Step } from './chain.ts';

// Catalogue drug_catalogue: MA_THUOC (code), TEN_THUOC, HAM_LUONG, SO_DANG_KY, TT_THAU, DON_GIA, DON_VI_TINH, DUONG_DUNG,
// DANG_BAO_CHE, from, to. Several rows of a code are the rule: the same drug of several tenders.

/** One step of the chain: only the first step that fails speaks. */
const step = (id: string, field: Step, exempt: typeof EXEMPT | Readonly<Record<string, never>>): AnyRule =>
  rule({
    id,
    severity: 'error',
    stage: 'order',
    needs: ['drug_catalogue'],
    params: exempt,
    check: ({ xml2 }, params, { catalogues: { drug_catalogue: catalogue } }) => {
      const failing = failingAt(xml2, field, catalogue!, { ...EXEMPT, ...params });
      return (
        failing?.map((row) => inRow(row, field, { code: value(row.values, 'MA_THUOC') })) ?? 'not-applicable'
      );
    },
  });

/** The row against the catalogue rows that agree in every step; blank cells on either side are not compared. */
const compared = (id: string, fields: readonly string[]): AnyRule =>
  rule({
    id,
    severity: 'warning',
    stage: 'order',
    needs: ['drug_catalogue'],
    params: {},
    check: ({ xml2 }, _, { catalogues: { drug_catalogue: catalogue } }) => {
      const rows = matched(xml2, catalogue!);
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, found }) => fields.flatMap((field) => difference(row, field, found)));
    },
  });

function difference(row: PlacedRow, field: string, found: readonly CatalogueRow[]): Found[] {
  const own = value(row.values, field);
  const theirs = [...new Set(found.map((one) => cell(one, field) ?? ''))].filter((text) => text !== '');
  if (own === '' || theirs.length === 0) return [];
  if (theirs.some((text) => comparable(text) === comparable(own))) return [];
  return [inRow(row, field, { code: value(row.values, 'MA_THUOC'), field, expected: theirs.join(' / ') })];
}

/** Prices of catalogue rows, as far as they have one. */
export const pricesOf = (rows: readonly CatalogueRow[], column: string): readonly Decimal[] =>
  rows.flatMap((row) => number({ price: cell(row, column) ?? '' }, 'price') ?? []);

/** The price that was exceeded, or missed where a lower one is not allowed either; null when all is well. */
export function missedPrice(
  price: Decimal,
  known: readonly Decimal[],
  { tol, allowLower }: { readonly tol: string; readonly allowLower: boolean },
): Decimal | null {
  const highest = known.reduce((most, one) => (one.gt(most) ? one : most), known[0]!);
  const isWithin = (one: Decimal) => price.minus(one).abs().lte(decimal(tol));
  const isRight = allowLower ? price.lte(highest.plus(decimal(tol))) : known.some(isWithin);
  return isRight ? null : highest;
}

/** The drug against the drug catalogue of the facility. */
export const catalogue: readonly AnyRule[] = [
  step('DRG_CODE_IN_CATALOGUE', 'MA_THUOC', {}),
  step('DRG_CAT_STRENGTH', 'HAM_LUONG', {}),
  step('DRG_CAT_REGISTRATION', 'SO_DANG_KY', EXEMPT),
  step('DRG_CAT_TENDER', 'TT_THAU', EXEMPT),
  compared('DRG_CAT_NAME', ['TEN_THUOC']),
  rule({
    id: 'DRG_CAT_PRICE',
    severity: 'error',
    stage: 'order',
    needs: ['drug_catalogue'],
    params: { tol: '0.5', allowLower: true },
    check: ({ xml2 }, params, { catalogues: { drug_catalogue: known } }) => {
      const rows = matched(xml2, known!).flatMap(({ row, found }) => {
        const price = number(row.values, 'DON_GIA');
        const prices = pricesOf(found, 'DON_GIA');
        return price && prices.length > 0 ? [{ row, price, prices }] : [];
      });
      if (rows.length === 0) return 'not-applicable';
      return rows.flatMap(({ row, price, prices }) => {
        const expected = missedPrice(price, prices, params);
        if (expected === null) return [];
        const values = { code: value(row.values, 'MA_THUOC'), expected: decimalText(expected) };
        return [inRow(row, 'DON_GIA', values)];
      });
    },
  }),
  compared('DRG_CAT_ROUTE', ['DUONG_DUNG']),
  compared('DRG_CAT_UNIT_FORM', ['DON_VI_TINH', 'DANG_BAO_CHE']),
];
