import { type Decimal, decimal } from '../platform/money.ts';
import { comparable } from './rule.ts';

/** A number of a dose: exact also for 1/3. */
export interface Fraction {
  readonly over: Decimal;
  readonly under: Decimal;
}

/** What a dosage text (LIEU_DUNG) says; what it does not say is null. */
export interface Dosage {
  /** Quantity each time, times a day. Only when both stand there as numbers. */
  readonly each: Fraction | null;
  readonly times: Fraction | null;
  readonly days: number | null;
  /** Units named after a quantity, in lower case. */
  readonly units: readonly string[];
}

/** Longer than the official tables allow. */
const LONGEST = 1024;
const NUMBER = '\\d+(?:[.,]\\d+)?(?:\\s*/\\s*\\d+)?';
const UNIT = '[^\\d*/\\[\\]]*?';
/** `[10 viên]`, or `10 viên/ngày` without brackets. */
const TOTAL = `(?:\\s*(?:\\[[^\\]]*\\]|${NUMBER}\\s*[^*/\\[\\]]+/\\s*ngày))?`;
const EACH = new RegExp(`^(${NUMBER})\\s*(${UNIT})\\s*(?:/\\s*lần)?$`);
const TIMES = new RegExp(`^(${NUMBER})\\s*(?:lần)?\\s*(?:/\\s*ngày)?$`);
const TIMES_ALONE = new RegExp(`^(${NUMBER})\\s*lần(?:\\s*/\\s*ngày)?${TOTAL}$`);
const DAYS = new RegExp(`^(\\d{1,4})\\s*(?:ngày)?${TOTAL}$`);
const SESSION = new RegExp(`^(?:sáng|trưa|chiều|tối)\\s*:?\\s*${NUMBER}\\s*(${UNIT})${TOTAL}$`);
const BETWEEN_SESSIONS = /\s*[,;]\s*(?=(?:sáng|trưa|chiều|tối)\s*:?\s*\d)/;

/**
 * Reads `2 viên/lần * 3 lần/ngày * 5 ngày [30 viên]`, the same for one day (`2 viên/lần * 3 lần/ngày`),
 * `text * 5 ngày`, or `Sáng: 1 viên, Tối: 2 viên`. @returns null for anything else
 */
export function dosageOf(text: string): Dosage | null {
  if (text.length > LONGEST) return null;
  const parts = comparable(text).split(/\s*\*\s*/);
  if (parts.length === 3) return threeParts(parts);
  if (parts.length === 2) return twoParts(parts);
  return parts.length === 1 ? sessions(parts[0] ?? '') : null;
}

function threeParts([first = '', second = '', third = '']: readonly string[]): Dosage | null {
  const [each, times, days] = [EACH.exec(first), TIMES.exec(second), DAYS.exec(third)];
  if (!each || !times || !days) return null;
  return {
    each: fraction(each[1] ?? ''),
    times: fraction(times[1] ?? ''),
    days: Number(days[1]),
    units: named(each[2]),
  };
}

function twoParts([first = '', second = '']: readonly string[]): Dosage | null {
  const each = EACH.exec(first);
  const times = TIMES_ALONE.exec(second);
  if (each && times)
    return {
      each: fraction(each[1] ?? ''),
      times: fraction(times[1] ?? ''),
      days: null,
      units: named(each[2]),
    };
  const days = DAYS.exec(second);
  if (first === '' || !days) return null;
  return { each: null, times: null, days: Number(days[1]), units: sessions(first)?.units ?? [] };
}

function sessions(text: string): Dosage | null {
  const found = text.split(BETWEEN_SESSIONS).map((part) => SESSION.exec(part));
  if (!found.every((one) => one !== null)) return null;
  return {
    each: null,
    times: null,
    days: null,
    units: [...new Set(found.flatMap(([, unit]) => named(unit)))],
  };
}

const named = (unit: string | undefined): readonly string[] => (unit?.trim() ? [unit.trim()] : []);

function fraction(text: string): Fraction | null {
  const [over = '', under = '1'] = text
    .replaceAll(',', '.')
    .split('/')
    .map((part) => part.trim());
  const isReadable = [over, under].every((part) => /^\d{1,9}(\.\d{1,6})?$/.test(part)) && Number(under) > 0;
  return isReadable ? { over: decimal(over), under: decimal(under) } : null;
}
