import type { ClaimEventType } from '../claims/index.ts';
import type { Instant } from '../platform/dates.ts';
import { sumText } from '../platform/money.ts';
import {
  type Deadline,
  type DeadlineRules,
  deadlines,
  type Outage,
  URGENCIES,
  type Urgency,
  urgencyAt,
} from './deadline.ts';

/** A visit that the insurer still waits for. */
export interface Awaited {
  readonly facilityCode: string;
  readonly endedAt: Instant;
  /** đồng */
  readonly insurerPays: string;
}

/** Outages of the way for claims. @property facilityCode null = of all facilities together */
export type LoggedOutage = Outage & { readonly facilityCode: string | null };

export interface Stake {
  readonly count: number;
  /** đồng: what the insurer is to pay. */
  readonly insurerPays: string;
}
export type Stakes = Readonly<Record<Urgency, Stake>>;

export interface Radar {
  readonly total: Stakes;
  /** Those that wait for something, the one with most at its end first. */
  readonly facilities: readonly (Stakes & { readonly facilityCode: string })[];
}

/** The deadline of a facility's visit, with the outages that it knew: those of all, and its own. */
export function deadlinesOf(rules: DeadlineRules, outages: readonly LoggedOutage[], now: Instant) {
  const by = deadlines(rules, now);
  const known = new Map<string, ReturnType<typeof by>>();
  return (facilityCode: string, endedAt: Instant): Deadline => {
    let found = known.get(facilityCode);
    if (!found) {
      found = by(outages.filter((one) => one.facilityCode === null || one.facilityCode === facilityCode));
      known.set(facilityCode, found);
    }
    return found(endedAt);
  };
}

/** What waits, by the time that is left and by facility. */
export function radarOf(
  awaited: readonly Awaited[],
  outages: readonly LoggedOutage[],
  rules: DeadlineRules,
  now: Instant,
): Radar {
  const deadline = deadlinesOf(rules, outages, now);
  const urgency = urgencyAt(now, rules);
  const byFacility = new Map<string, Sums>();
  const total = noSums();
  for (const { facilityCode, endedAt, insurerPays } of awaited) {
    const own = byFacility.get(facilityCode) ?? noSums();
    byFacility.set(facilityCode, own);
    const at = urgency(deadline(facilityCode, endedAt).at);
    for (const sums of [own, total]) {
      sums[at].count += 1;
      sums[at].amounts.push(insurerPays);
    }
  }
  const facilities = [...byFacility].map(([facilityCode, sums]) => ({ facilityCode, ...stakes(sums) }));
  return { total: stakes(total), facilities: facilities.toSorted(mostUrgentFirst) };
}

type Sums = Record<Urgency, { count: number; amounts: string[] }>;
const ofEach = <T>(make: (urgency: Urgency) => T) =>
  Object.fromEntries(URGENCIES.map((urgency) => [urgency, make(urgency)])) as Record<Urgency, T>;
const noSums = (): Sums => ofEach(() => ({ count: 0, amounts: [] }));
const stakes = (sums: Sums): Stakes =>
  ofEach((urgency) => ({
    count: sums[urgency].count,
    insurerPays: sumText(sums[urgency].amounts),
  }));

type Entry = Radar['facilities'][number];
function mostUrgentFirst(a: Entry, b: Entry): number {
  const first = URGENCIES.find((urgency) => a[urgency].count !== b[urgency].count);
  if (first !== undefined) return b[first].count - a[first].count;
  return a.facilityCode < b.facilityCode ? -1 : 1;
}

/** Why a visit is not at the insurer yet. */
export type WhyNotSent =
  /** Nothing is built: the next run takes it. */
  | 'run'
  | 'held'
  /** It could not be made into a claim. */
  | 'obstacle'
  | 'signing'
  | 'notSigned'
  | 'queue'
  /** The way to the gateway lets no calls through. */
  | 'channel'
  | 'sending'
  | 'unknown';

export interface WaitingFacts {
  /** Of the version to be sent; 0 = none is built. */
  readonly number: number;
  readonly isHeld: boolean;
  readonly hasObstacle: boolean;
  /** Last event of that version. */
  readonly state: ClaimEventType | null;
  /** The way for its claims, or for all, lets no calls through. */
  readonly isResting: boolean;
}

export function whyNotSent({ number, isHeld, hasObstacle, state, isResting }: WaitingFacts): WhyNotSent {
  if (isHeld || state === 'held') return 'held';
  if (number === 0 || state === null) return hasObstacle ? 'obstacle' : 'run';
  if (state === 'notSigned') return 'notSigned';
  if (state === 'built' || state === 'checked') return 'signing';
  if (state === 'sending') return 'sending';
  if (isResting) return 'channel';
  return state === 'unknown' ? 'unknown' : 'queue';
}
