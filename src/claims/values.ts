import { addDays, type Instant, type LocalDate, localDateTime } from '../platform/dates.ts';
import { decimalText } from '../platform/money.ts';
import type { FieldType } from './dictionary.ts';

/**
 * How values stand in claim files; decided here once (docs/decisions: spelling of values).
 * Numbers carry no trailing zeros (`351000`, `47.5`), days are `yyyyMMdd`, moments `yyyyMMddHHmm` on the wall clock in
 * Viet Nam (seconds are cut off), lists are joined with `;`, and what is unknown is the empty text.
 */

/** What a projection may name as the origin of a field. */
export type Origin = string | number | readonly string[] | null | undefined;

/** `2026-08-10` → `20260810`. */
export function date8(date: LocalDate | null | undefined): string {
  return date ? date.slice(0, 4) + date.slice(5, 7) + date.slice(8, 10) : '';
}

/** `2026-08-10T01:30:00.000Z` → `202608100830`. */
function datetime12(at: Instant): string {
  const local = localDateTime(at);
  return (
    local.slice(0, 4) + local.slice(5, 7) + local.slice(8, 10) + local.slice(11, 13) + local.slice(14, 16)
  );
}

/** Our intervals end before `to`; official texts name the last day that still counts. Open = empty. */
export function lastDay8(to: LocalDate | null): string {
  return to === null ? '' : date8(addDays(to, -1));
}

const CANONICAL = /^(?:0|[1-9]\d{0,17})(?:\.\d{1,6})?$/;

/** `"351000.00"` → `351000`, `"47.50"` → `47.5`. @throws RangeError when it is not a plain decimal */
export function numberText(value: string): string {
  if (!CANONICAL.test(value)) return decimalText(value);
  if (!value.includes('.')) return value;
  let end = value.length;
  while (value.charCodeAt(end - 1) === 0x30) end -= 1;
  return value.slice(0, value.charCodeAt(end - 1) === 0x2e ? end - 1 : end);
}

const text = (value: string): string => value;

/** How the origin of a field of each type becomes its text; lists are joined before. */
const SPELLING: Readonly<Record<FieldType, (value: string) => string>> = {
  string: text,
  code: text,
  list: text,
  digits: text,
  integer: numberText,
  decimal: numberText,
  /** A day, or eight digits already. */
  date8: (value) => (value.includes('-') ? date8(value) : value),
  /** A moment, a day whose time is not known, or twelve digits already where parts of it are unknown (birth). */
  datetime12: (value) => {
    if (value.includes('T')) return datetime12(value);
    return value.includes('-') ? `${date8(value)}0000` : value;
  },
};

export function spell(type: FieldType, value: Origin): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'string') return SPELLING[type](value);
  return typeof value === 'number' ? String(value) : value.join(';');
}
