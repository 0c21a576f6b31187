import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { sendEntry } from './batch.service.ts';
import { markDue, restUntil, takeDue } from './channel.repo.ts';
import { checkInEntry, sendCheckIn } from './check-in.service.ts';
import type { ExportDependencies } from './context.ts';
import type { LaneItem } from './lanes.ts';
import { pace, type Traffic } from './pace.service.ts';
import { sendClaim } from './send.service.ts';

/** Taken from the work list at a time. */
const HANDFUL = 10;
/** A check-in that finds all lanes of its facility taken elsewhere comes back after so long. */
const CHECK_IN_PAUSE_MS = 3_000;

/**
 * Sends claim versions, if their facility has a lane for them and its channels let them through; else they wait their turn.
 * @param items of one facility, at least one: the job stands for the first, the others go with it
 */
export const paceClaims = (deps: ExportDependencies, facilityId: Id, items: readonly LaneItem[]) =>
  pace(deps, claims(deps), facilityId, items[0]!, items.slice(1));

/** The same for a check-in. */
export const paceCheckIn = (deps: ExportDependencies, facilityId: Id, encounterId: Id, sequence: number) =>
  pace(deps, checkIns(deps), facilityId, { id: encounterId, number: sequence });

const callMs = ({ submitTimeoutMs, leaseMarginMs }: ExportDependencies) => submitTimeoutMs + leaseMarginMs;

const claims = (deps: ExportDependencies): Traffic => ({
  family: 'claims',
  callMs: callMs(deps),
  comesBack: false,
  send: (facilityId, { id, number }) => sendClaim(deps, facilityId, id, number),
  rest: restUntil,
  putBack: (tx, facilityId, items, now) =>
    markDue(
      tx,
      facilityId,
      items.map(({ id }) => id),
      now.toISOString(),
    ),
  async more(tx, facilityId, isLast) {
    const now = await deps.ledgerTime(tx);
    const chance = new Date(now.getTime() + deps.queueChanceMs).toISOString();
    const limit = isLast ? 1 : HANDFUL;
    const due = await takeDue(tx, facilityId, deps.signer !== null, now.toISOString(), chance, limit);
    if (!isLast) return due.map(({ encounterId, number }) => ({ id: encounterId, number }));
    await enqueueMany(
      tx,
      due.map(({ encounterId, number, sequence }) => sendEntry(facilityId, encounterId, number, sequence)),
    );
    return [];
  },
});

const checkIns = (deps: ExportDependencies): Traffic => ({
  family: 'check-in',
  callMs: callMs(deps),
  comesBack: true,
  send: (facilityId, { id, number }) => sendCheckIn(deps, facilityId, id, number),
  // The sweep comes back to what was not tried while it is news.
  rest: async () => undefined,
  putBack: (tx, facilityId, items, now) => {
    const notBefore = new Date(now.getTime() + CHECK_IN_PAUSE_MS);
    return enqueueMany(
      tx,
      items.map(({ id, number }) => {
        const entry = checkInEntry({ facilityId, encounterId: id, sequence: number });
        // The job in hand has its name until it ends.
        return { ...entry, jobId: `${entry.jobId}.${now.getTime()}`, notBefore };
      }),
    );
  },
  more: async () => [],
});
