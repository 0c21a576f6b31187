import { addDays, type Instant, instantAt, type LocalDate, localDate } from '../platform/dates.ts';
import { loadWorkingDays, type WorkingDays } from '../platform/working-days.ts';

/** A time in which the gateway could not be reached, `[from, to)`; null = it goes on. */
export interface Outage {
  readonly from: Instant;
  readonly to: Instant | null;
}

/**
 * How long there is to hand a record in, for visits that end from a day on.
 * - `working-days`: so many after the end, and before a day of the next month, whichever comes first
 * - `hours`: so many after the end
 */
export type DeadlineRegime =
  | {
      readonly from: LocalDate;
      readonly kind: 'working-days';
      readonly days: number;
      readonly monthEndDay: number;
    }
  | { readonly from: LocalDate; readonly kind: 'hours'; readonly hours: number };

/** @source TT 48/2017/TT-BYT Đ7 (seven working days, the 5th); NĐ 188/2025/NĐ-CP Đ35 */
export const TT48: DeadlineRegime = { from: '2017-01-01', kind: 'working-days', days: 7, monthEndDay: 5 };

/** The stricter draft: three hours after the visit. It holds from the day that a setting names. @source draft, evidence D */
export const stricterFrom = (from: LocalDate): DeadlineRegime => ({ from, kind: 'hours', hours: 3 });

export interface Deadline {
  /** The moment at which it is too late. */
  readonly at: Instant;
  /** Hours by which outages moved it. */
  readonly extendedHours: number;
}

/** What deadlines are counted by. */
export interface DeadlineRules {
  readonly calendar: WorkingDays;
  /** In any order; that of the day on which the visit ends holds. */
  readonly regimes: readonly DeadlineRegime[];
}

/** The rules in force. @param stricter first day of the stricter regime; null = it is not to come */
export const deadlineRules = (
  stricter: LocalDate | null,
  calendar: WorkingDays = loadWorkingDays(),
): DeadlineRules => ({ calendar, regimes: stricter === null ? [TT48] : [TT48, stricterFrom(stricter)] });

/**
 * When a record must have reached the insurer. Outages after the visit move it by as long as they lasted; so does one that
 * falls into the time gained.
 */
export const deadlineOf = (
  endedAt: Instant,
  now: Instant,
  rules: DeadlineRules,
  outages: readonly Outage[],
): Deadline => deadlines(rules, now)(outages)(endedAt);

/** The same for very many: what they have in common is counted once. */
export function deadlines(rules: DeadlineRules, now: Instant) {
  const firstOf = firstDeadlines(rules);
  return (outages: readonly Outage[]) => {
    const lasted = outages
      .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to ?? now) }))
      .toSorted((one, other) => one.from - other.from);
    return (endedAt: Instant): Deadline => {
      const [starts, first] = [Date.parse(endedAt), firstOf(endedAt)];
      let until = first;
      for (;;) {
        const moved = first + timeIn(lasted, starts, until);
        if (moved <= until) break;
        until = moved;
      }
      const extendedHours = Math.round(((until - first) / 3_600_000) * 100) / 100;
      return { at: new Date(until).toISOString(), extendedHours };
    };
  };
}

/** Without outages, in milliseconds. All visits that end on one day have the same, but where hours count. */
function firstDeadlines({ calendar, regimes }: DeadlineRules): (endedAt: Instant) => number {
  const known = new Map<LocalDate, number>();
  return (endedAt) => {
    const day = localDate(endedAt);
    const found = known.get(day);
    if (found !== undefined) return found;
    const regime = regimeOn(day, regimes);
    if (regime.kind === 'hours') return Date.parse(endedAt) + regime.hours * 3_600_000;
    const first = Date.parse(lastWorkingDay(day, calendar, regime));
    known.set(day, first);
    return first;
  };
}

function regimeOn(day: LocalDate, regimes: readonly DeadlineRegime[]): DeadlineRegime {
  const inForce = regimes.filter(({ from }) => from <= day).toSorted((a, b) => (a.from < b.from ? 1 : -1));
  return inForce[0] ?? TT48;
}

function lastWorkingDay(
  ended: LocalDate,
  calendar: WorkingDays,
  regime: Extract<DeadlineRegime, { kind: 'working-days' }>,
): Instant {
  // What ends on a free day counts from the next working day on.
  const last = calendar.plus(calendar.onOrAfter(ended), regime.days);
  const afterLast = instantAt(addDays(last, 1));
  const monthEnd = instantAt(dayOfNextMonth(ended, regime.monthEndDay));
  return afterLast < monthEnd ? afterLast : monthEnd;
}

function dayOfNextMonth(day: LocalDate, dayOfMonth: number): LocalDate {
  const next = addDays(`${day.slice(0, 8)}01`, 31).slice(0, 8);
  return `${next}${String(dayOfMonth).padStart(2, '0')}`;
}

/**
 * Milliseconds of `[from, to)` in which the gateway could not be reached; outages that overlap count once.
 * @param outages by their beginning
 */
function timeIn(outages: readonly { from: number; to: number }[], from: number, to: number): number {
  let [sum, reached] = [0, from];
  for (const one of outages) {
    const [begin, end] = [Math.max(one.from, reached), Math.min(one.to, to)];
    if (end <= begin) continue;
    sum += end - begin;
    reached = end;
  }
  return sum;
}

/** `overdue`; `day`: less than 24 hours are left; `soon`: no more than two working days; `later`. */
export const URGENCIES = ['overdue', 'day', 'soon', 'later'] as const;
export type Urgency = (typeof URGENCIES)[number];

const DAY_MS = 24 * 3_600_000;

/** @returns how urgent a deadline is at that moment */
export function urgencyAt(now: Instant, { calendar }: DeadlineRules): (deadline: Instant) => Urgency {
  const day = new Date(Date.parse(now) + DAY_MS).toISOString();
  const soon = instantAt(addDays(calendar.plus(localDate(now), 2), 1));
  return (at) => (at <= now ? 'overdue' : at < day ? 'day' : at <= soon ? 'soon' : 'later');
}
