import { money, moneyText } from '../platform/money.ts';
import { tableEntries } from './reading/edition.ts';
import type { ClaimRow, ClaimTables } from './tables.ts';
import { type ClaimTotals, totals } from './totals.ts';

/** One field that differs. A row that one of them does not have shows each filled field, with null on the other side. */
export interface VersionDifference {
  readonly table: string;
  /** 1-based, as the older version has it; null = the row is new. */
  readonly oldRow: number | null;
  /** As the newer version has it; null = the row is gone. */
  readonly newRow: number | null;
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
}
export interface MoneyDifference {
  readonly old: string;
  readonly new: string;
  /** New less old. */
  readonly difference: string;
}
export interface VersionComparison {
  readonly differences: readonly VersionDifference[];
  readonly money: Readonly<Record<keyof ClaimTotals, MoneyDifference>>;
}

/** A row's running number: it says nothing about the row. */
const RUNNING = 'STT';

/** What changed between two versions of one claim: the same row is found again wherever it stands. */
export function compareVersions(older: ClaimTables, newer: ClaimTables): VersionComparison {
  const codes = new Set([...tableEntries(older), ...tableEntries(newer)].map(([code]) => code));
  const [before, after] = [totals([older]), totals([newer])];
  const money = Object.fromEntries(
    (Object.keys(before) as (keyof ClaimTotals)[]).map((name) => [name, moneyOf(before[name], after[name])]),
  ) as unknown as VersionComparison['money'];
  const differences = [...codes]
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .flatMap((code) => differencesIn(code, older[code] ?? [], newer[code] ?? []));
  return { differences, money };
}

const moneyOf = (old: string, now: string): MoneyDifference => ({
  old,
  new: now,
  difference: moneyText(money(now).minus(money(old))),
});

function differencesIn(
  table: string,
  older: readonly ClaimRow[],
  newer: readonly ClaimRow[],
): VersionDifference[] {
  return pairs(older, newer).flatMap(([oldRow, newRow]) => {
    const [a, b] = [oldRow === null ? null : older[oldRow]!, newRow === null ? null : newer[newRow]!];
    const fields = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
    return fields
      .filter((field) => field !== RUNNING && (a?.[field] ?? '') !== (b?.[field] ?? ''))
      .map((field) => ({
        table,
        oldRow: oldRow === null ? null : oldRow + 1,
        newRow: newRow === null ? null : newRow + 1,
        field,
        old: a === null ? null : (a[field] ?? ''),
        new: b === null ? null : (b[field] ?? ''),
      }));
  });
}

type Pair = readonly [oldRow: number | null, newRow: number | null];

/** Equal rows first, then those that have most in common, if it is more than half; the others are gone or new. */
function pairs(older: readonly ClaimRow[], newer: readonly ClaimRow[]): Pair[] {
  const left = new Set(older.keys());
  const free = new Set(newer.keys());
  const found: Pair[] = [];
  if (older.length === 1 && newer.length === 1) return [[0, 0]];
  for (const enough of [1, 0.5]) {
    for (const index of left) {
      const best = closest(older[index]!, newer, free, enough);
      if (best === null) continue;
      left.delete(index);
      free.delete(best);
      found.push([index, best]);
    }
  }
  return [
    ...found,
    ...[...left].map((index): Pair => [index, null]),
    ...[...free].map((index): Pair => [null, index]),
  ];
}

function closest(
  row: ClaimRow,
  rows: readonly ClaimRow[],
  free: ReadonlySet<number>,
  enough: number,
): number | null {
  let [best, most]: [number | null, number] = [null, 0];
  for (const index of free) {
    const share = shareInCommon(row, rows[index]!);
    if (share > most) [best, most] = [index, share];
    if (most === 1) break;
  }
  return enough === 1 ? (most === 1 ? best : null) : most > enough ? best : null;
}

/** Of the fields that one of them fills: how many say the same. */
function shareInCommon(a: ClaimRow, b: ClaimRow): number {
  let [same, filled] = [0, 0];
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [x, y] = [a[field] ?? '', b[field] ?? ''];
    if (field === RUNNING || (x === '' && y === '')) continue;
    filled += 1;
    if (x === y) same += 1;
  }
  return filled === 0 ? 1 : same / filled;
}
