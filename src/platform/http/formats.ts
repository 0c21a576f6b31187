import { isInstant, isLocalDate, type LocalDate } from '../dates.ts';

/** A visit or a card of our days ends long before; so the day after is still one that four digits can say. */
const LAST_DAY: LocalDate = '2199-12-31';
const inReach = (text: string) => text.slice(0, LAST_DAY.length) <= LAST_DAY;

/**
 * Days and moments as the API takes them. The looser patterns of ajv's fast formats let 30 February and 25 o'clock
 * through, which PostgreSQL then refuses as an error of ours; these know the calendar.
 */
export const FORMATS: Readonly<Record<string, { shown: string; check(text: string): boolean }>> = {
  date: { shown: `YYYY-MM-DD ≤ ${LAST_DAY}`, check: (text) => isLocalDate(text) && inReach(text) },
  'date-time': {
    shown: `YYYY-MM-DDThh:mm:ss+07:00 ≤ ${LAST_DAY}`,
    check: (text) => isInstant(text) && inReach(text),
  },
};
