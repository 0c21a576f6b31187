import { add, money, moneyText } from '../platform/money.ts';
import type { ClaimRow, ClaimTables } from './tables.ts';

/** The money of claims as text with two decimals, read from XML1. */
export interface ClaimTotals {
  readonly grossAmount: string;
  readonly insuredAmount: string;
  readonly insurerPays: string;
  readonly copay: string;
  readonly selfPay: string;
  readonly otherPayers: string;
}

const FIELDS = {
  grossAmount: { total: 'T_TONGCHI_BV', row: 'THANH_TIEN_BV' },
  insuredAmount: { total: 'T_TONGCHI_BH', row: 'THANH_TIEN_BH' },
  insurerPays: { total: 'T_BHTT', row: 'T_BHTT' },
  copay: { total: 'T_BNCCT', row: 'T_BNCCT' },
  selfPay: { total: 'T_BNTT', row: 'T_BNTT' },
  otherPayers: { total: 'T_NGUONKHAC', row: 'T_NGUONKHAC' },
} as const satisfies Record<keyof ClaimTotals, { total: string; row: string }>;

const sumOf = (rows: readonly ClaimRow[], field: string): string =>
  moneyText(add(...rows.map((row) => money(row[field] || '0'))));

const totalsBy = (rows: readonly ClaimRow[], which: 'total' | 'row'): ClaimTotals =>
  Object.fromEntries(
    Object.entries(FIELDS).map(([name, field]) => [name, sumOf(rows, field[which])]),
  ) as unknown as ClaimTotals;

/** What the claims say in XML1, added up over all of them. @throws RangeError when an amount is not a number */
export function totals(records: Iterable<ClaimTables>): ClaimTotals {
  return totalsBy(
    [...records].flatMap((record) => record.XML1 ?? []),
    'total',
  );
}

/** The same amounts added up from the charged rows of XML2 and XML3. */
export function rowTotals(records: Iterable<ClaimTables>): ClaimTotals {
  return totalsBy(
    [...records].flatMap((record) => [...(record.XML2 ?? []), ...(record.XML3 ?? [])]),
    'row',
  );
}
