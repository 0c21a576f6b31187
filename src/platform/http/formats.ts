import { isLocalDate } from '../dates.ts';

/**
 * Days and moments as the API takes them. The looser patterns of ajv's fast formats let 30 February and 25 o'clock
 * through, which PostgreSQL then refuses as an error of ours; these know the calendar.
 */
export const FORMATS: Readonly<Record<string, { shown: string; check(text: string): boolean }>> = {
  date: { shown: 'YYYY-MM-DD', check: isDay },
  'date-time': { shown: 'YYYY-MM-DDThh:mm:ss+07:00', check: isMoment },
};

/** A day of the calendar from year 1 (PostgreSQL has no year 0). */
function isDay(text: string): boolean {
  return isLocalDate(text) && !text.startsWith('0000');
}

const MOMENT =
  /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** RFC 3339 with a zone, upper case, without leap seconds: what JavaScript and PostgreSQL read alike. */
function isMoment(text: string): boolean {
  const day = MOMENT.exec(text)?.[1];
  return day !== undefined && isDay(day);
}
