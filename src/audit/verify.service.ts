import type { Transaction } from '../platform/database/index.ts';
import type { AnchorRound } from './anchor.ts';
import { type Finding, findingList } from './findings.ts';
import { countSeals, type DayRange, listTrailPlaces, type Waiting, waitingEvents } from './verify.repo.ts';
import { verifyFacility } from './verify-facility.service.ts';
import { compareAnchor, verifyRounds } from './verify-rounds.service.ts';

export interface Verification {
  readonly facilities: number;
  readonly seals: number;
  readonly events: number;
  readonly rounds: number;
  readonly waiting: Waiting;
  /** The first of them; `total` counts all. */
  readonly findings: readonly Finding[];
  readonly total: number;
}

export interface VerifyOptions {
  readonly range: DayRange;
  readonly anchor?: AsyncIterable<AnchorRound> | null;
  readonly progress?: (done: number, seals: number) => void;
}

/**
 * Settings of the session that verifies, as the `options` of a PostgreSQL URL: it sees one moment of the trail, changes
 * nothing, takes its time, and fails where a row-level policy would hide rows from it.
 */
export function verifierUrl(ownerUrl: string): string {
  const settings = {
    default_transaction_isolation: 'repeatable\\ read',
    default_transaction_read_only: 'on',
    timezone: 'UTC',
    statement_timeout: '0',
    row_security: 'off',
  };
  const url = new URL(ownerUrl);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  // Not searchParams.set: it writes a blank as +, which PostgreSQL's URLs do not know.
  url.search = `${url.search ? `${url.search}&` : '?'}options=${encodeURIComponent(options.join(' '))}`;
  return url.href;
}

/** Recomputes the whole trail, or some days of it, from its rows. Memory stays bounded however long it is. */
export async function verifyTrail(tx: Transaction, options: VerifyOptions): Promise<Verification> {
  const { range, anchor, progress } = options;
  const findings = findingList();
  const places = await listTrailPlaces(tx);
  const seals = await countSeals(tx, range);
  let done = 0;
  let events = 0;
  for (const place of places)
    events += await verifyFacility(tx, place, range, findings, () => {
      done += 1;
      progress?.(done, seals);
    });
  const rounds = await verifyRounds(tx, range, findings);
  if (anchor) await compareAnchor(tx, anchor, findings);
  const waiting = await waitingEvents(tx);
  return {
    facilities: places.length,
    seals,
    events,
    rounds,
    waiting,
    findings: findings.first,
    total: findings.total,
  };
}
