import { type DecisionRule, signOf } from '../gateway/index.ts';
import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Instant } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { DeadlineRules } from './deadline.ts';
import { awaited, listAwaited, outagesSince, type WaitingRow } from './radar.repo.ts';
import {
  type Awaited,
  deadlinesOf,
  type LoggedOutage,
  type Radar,
  radarOf,
  type WhyNotSent,
  whyNotSent,
} from './radar.ts';

/** A visit that waits, with the moment at which it is too late. */
export interface WaitingView extends Omit<WaitingRow, 'isHeld' | 'hasObstacle' | 'isResting' | 'state'> {
  readonly deadline: Instant;
  /** Hours by which outages moved it. */
  readonly extendedHours: number;
  readonly why: WhyNotSent;
}

/** What waits, by the time that is left. @param facilityId null = of every facility */
export async function readRadar(
  tx: Transaction,
  facilityId: Id | null,
  rules: DeadlineRules,
  now: Date,
): Promise<Radar> {
  const rows = await awaited(tx, facilityId);
  return radarOf(rows, await outagesFor(tx, facilityId, rows), rules, now.toISOString());
}

/** What waits, one by one, whose visit ended first comes first. */
export async function listWaiting(
  tx: Transaction,
  wanted: { readonly facilityId: Id | null; readonly after: PageEnd | null; readonly limit: number },
  rules: DeadlineRules,
  now: Date,
): Promise<WaitingView[]> {
  const rows = await listAwaited(tx, wanted.facilityId, wanted.after, wanted.limit);
  const outages = await outagesFor(tx, wanted.facilityId, rows);
  const deadline = deadlinesOf(rules, outages, now.toISOString());
  return rows.map(({ isHeld, hasObstacle, isResting, state, ...row }) => {
    const { at, extendedHours } = deadline(row.facilityCode, row.endedAt);
    const why = whyNotSent({ number: row.number, isHeld, hasObstacle, isResting, state });
    return { ...row, deadline: at, extendedHours, why };
  });
}

/** A way closed for the facility's own certificate gives it no more time. */
async function outagesFor(
  tx: Transaction,
  facilityId: Id | null,
  rows: readonly Awaited[],
): Promise<LoggedOutage[]> {
  if (rows.length === 0) return [];
  const first = rows.reduce((least, { endedAt }) => Math.min(least, Date.parse(endedAt)), Infinity);
  const logged = await outagesSince(tx, facilityId, new Date(first).toISOString());
  return logged.filter(({ cause }) => signOf({ rule: cause as DecisionRule }) !== 'stopped');
}
