/**
 * Calendar days and moments. A `LocalDate` is a day on the wall calendar (`YYYY-MM-DD`), never converted between
 * zones. An `Instant` is a moment (`YYYY-MM-DDTHH:mm:ss.sssZ`). The country has one zone, Asia/Ho_Chi_Minh.
 */
export type LocalDate = string;
export type Instant = string;

export const TIME_ZONE = 'Asia/Ho_Chi_Minh';

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: TIME_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
/** UTC+7 without exception since 13 June 1975; visits are all later, so the fast path is exact for them. */
const FIXED_OFFSET_FROM = Date.parse('1975-06-13T00:00:00+07:00');
const OFFSET_MS = 7 * 3_600_000;

/** `YYYY-MM-DDTHH:mm:ss` on the wall clock in Viet Nam. */
export function localDateTime(at: Instant | Date): string {
  const ms = typeof at === 'string' ? Date.parse(at) : at.getTime();
  if (Number.isNaN(ms)) throw new RangeError(`not a moment: ${String(at)}`);
  if (ms >= FIXED_OFFSET_FROM) return new Date(ms + OFFSET_MS).toISOString().slice(0, 19);
  const found = Object.fromEntries(parts.formatToParts(ms).map((part) => [part.type, part.value]));
  return `${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}:${found.second}`;
}

/** The calendar day in Viet Nam at that moment. */
export function localDate(at: Instant | Date): LocalDate {
  return localDateTime(at).slice(0, 10);
}

/** The moment at which the wall clock in Viet Nam shows that day and time. */
export function instantAt(date: LocalDate, time = '00:00:00'): Instant {
  return new Date(`${date}T${time.length === 5 ? `${time}:00` : time}+07:00`).toISOString();
}

/** A day of the calendar from year 1 (PostgreSQL has no year 0). */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

const MOMENT =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** RFC 3339 with a zone, upper case, without leap seconds: what JavaScript and PostgreSQL read alike. */
export function isInstant(text: string): boolean {
  const day = MOMENT.exec(text)?.[1];
  return day !== undefined && isLocalDate(day);
}

/** @throws RangeError when the sum lies outside the years 0 to 9999, which four digits can say */
export function addDays(date: LocalDate, days: number): LocalDate {
  const sum = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString();
  if (!/^\d{4}-/.test(sum)) throw new RangeError(`${date} and ${days} days is no day of four-digit years`);
  return sum.slice(0, 10);
}

export function isWeekend(date: LocalDate): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** Whole days from `from` to `to`, negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Completed years on `on` of somebody born on `birthDate`. */
export function yearsBetween(birthDate: LocalDate, on: LocalDate): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** A half-open interval of days `[from, to)`; `to` null = no end known. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

export function contains(period: Period, date: LocalDate): boolean {
  return period.from <= date && (period.to === null || date < period.to);
}

/** Where the present moment comes from; pure code never asks, it is told. */
export interface Clock {
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };

const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Not later than now, give or take the five minutes by which clocks of stations differ. */
export function notAfter(at: Instant, now: Date): boolean {
  return Date.parse(at) <= now.getTime() + CLOCKS_DIFFER_MS;
}
