import type { LocalDate, Period } from '../dates.ts';

/** `[2026-01-01,2027-01-01)` ↔ Period; PostgreSQL always gives dateranges back half-open. */
export function periodFromRange(range: string): Period {
  const found = /^\[(\d{4}-\d{2}-\d{2}),(\d{4}-\d{2}-\d{2})?\)$/.exec(range);
  if (!found?.[1]) throw new RangeError(`not a half-open daterange: ${range}`);
  return { from: found[1], to: found[2] ?? null };
}

export function rangeFromPeriod(from: LocalDate, to: LocalDate | null): string {
  return `[${from},${to ?? ''})`;
}
