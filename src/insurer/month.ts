import type { ClaimRow } from '../claims/index.ts';
import { add, type Money, money, moneyText } from '../platform/money.ts';
import { fieldsXml, formXml } from './forms.ts';

/** Amounts of XML1 that a month's summary adds up. @source Circular 12/2026/TT-BTC: columns are those of XML1 */
export const SUMMED = [
  'T_THUOC',
  'T_VTYT',
  'T_TONGCHI_BV',
  'T_TONGCHI_BH',
  'T_BNTT',
  'T_BNCCT',
  'T_BHTT',
  'T_NGUONKHAC',
] as const;
export type Summed = (typeof SUMMED)[number];

export interface MonthSums {
  readonly records: number;
  readonly sums: Readonly<Record<Summed, string>>;
}

/** @param period `yyyyMM` @returns whether the insurer counts the record in that month */
export const isOfMonth = (row: ClaimRow, period: string): boolean =>
  `${row.NAM_QT}${(row.THANG_QT ?? '').padStart(2, '0')}` === period;

/** @throws RangeError when an amount is missing or no number: it is never taken as zero */
export function sumMonth(rows: readonly ClaimRow[]): MonthSums {
  const sums = Object.fromEntries(
    SUMMED.map((name) => [name, moneyText(add(...rows.map((row) => amount(row, name))))]),
  );
  return { records: rows.length, sums: sums as Record<Summed, string> };
}

function amount(row: ClaimRow, name: Summed): Money {
  const value = row[name];
  if (!value) throw new RangeError(`${name} is missing in XML1`);
  return money(value);
}

/**
 * Form 01/BH of a month. The XSD was not seen: root and slot are documented, the columns carry the names of XML1.
 * @param period `yyyyMM`
 */
export function monthForm(
  facilityCode: string,
  period: string,
  { records, sums }: MonthSums,
  madeOn: string,
  id: string,
): Buffer {
  const head = { MAU: '01/BH', KY_QT: period, NGAYLAP: madeOn.replaceAll('-', ''), SO_HOSO: String(records) };
  return formXml('HSTH01BH', 'TONGHOP', id, fieldsXml({ ...head, ...sums }), facilityCode);
}
