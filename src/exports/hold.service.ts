import { recordAudit } from '../audit/index.ts';
import { appendEvent, type ClaimEventType, type ClaimHead, findClaim, isLegal } from '../claims/index.ts';
import type { Facility } from '../facilities/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { KEPT_BY_FINDINGS } from './assess-batch.ts';
import { sendEntry } from './batch.service.ts';
import { QUEUES } from './context.ts';
import { removeObstacles, removeObstaclesOf } from './obstacle.repo.ts';
import { lockWork, postponeWork, setHold } from './work.repo.ts';

/** How a claim stands after a person decided; number 0 = no version is built yet. */
export interface ClaimState {
  readonly number: number;
  readonly state: ClaimEventType | 'waiting';
}
type Exporting = Pick<Facility, 'id' | 'exportMode'>;

/**
 * Keeps a claim from being sent until a person releases it, also before it is built. What is on its way cannot be held
 * back.
 * @throws not-found, claim-not-holdable
 */
export async function holdClaim(
  tx: Transaction,
  facility: Exporting,
  encounterId: Id,
  reason: string,
  now: Date,
): Promise<ClaimState> {
  const waiting = await lockWork(tx, facility.id, encounterId);
  if (waiting?.number === 0) {
    if (waiting.isHeld) throw new Problem('claim-not-holdable', { state: 'held' });
    await setHold(tx, facility.id, encounterId, { reason, by: tx.context.userId, at: now.toISOString() });
    return decided(tx, encounterId, { number: 0, state: 'held' }, reason);
  }
  const head = await claimOf(tx, facility.id, encounterId);
  if (!isLegal(head.last.type, 'held')) throw new Problem('claim-not-holdable', { state: head.last.type });
  await append(tx, head, 'held', reason, now, 'claim-not-holdable');
  await postponeWork(tx, facility.id, encounterId, 'infinity');
  return decided(tx, encounterId, { number: head.number, state: 'held' }, reason);
}

/** @throws not-found, claim-not-held */
export async function releaseClaim(
  tx: Transaction,
  facility: Exporting,
  encounterId: Id,
  reason: string,
  now: Date,
): Promise<ClaimState> {
  const waiting = await lockWork(tx, facility.id, encounterId);
  if (waiting?.number === 0) {
    if (!waiting.isHeld) throw new Problem('claim-not-held', { state: 'waiting' });
    await setHold(tx, facility.id, encounterId, null);
    await wakeExport(tx, facility, encounterId, now);
    return decided(tx, encounterId, { number: 0, state: 'released' }, reason);
  }
  const head = await claimOf(tx, facility.id, encounterId);
  if (head.last.type !== 'held') throw new Problem('claim-not-held', { state: head.last.type });
  await append(tx, head, 'released', reason, now, 'claim-not-held');
  const { sequence, attempt } = head.last;
  const at = now.toISOString();
  const queued = { sequence: sequence + 2, type: 'queued', at, cause: 'released', attempt } as const;
  await appendEvent(tx, head, queued);
  await postponeWork(tx, facility.id, encounterId, now.toISOString());
  await enqueueMany(tx, [sendEntry(facility.id, encounterId, head.number, queued.sequence)]);
  return decided(tx, encounterId, { number: head.number, state: 'released' }, reason);
}

/**
 * A person has cured what kept a settled visit from becoming a claim: the next run takes it up again.
 * @throws not-found when nothing stands in its way
 */
export async function retryClaim(
  tx: Transaction,
  facility: Exporting,
  encounterId: Id,
  reason: string,
  now: Date,
): Promise<ClaimState> {
  const obstacles = await removeObstacles(tx, facility.id, encounterId);
  if (obstacles.length === 0) throw new Problem('not-found', { what: 'obstacle' });
  recordAudit(tx, {
    action: 'claim.retried',
    subjectType: 'encounter',
    subjectId: encounterId,
    detail: { reason, obstacles },
  });
  await wakeExport(tx, facility, encounterId, now);
  return { number: 0, state: 'waiting' };
}

/**
 * Claims that nothing but findings kept back, and that nothing keeps back any more: the next run takes them up again.
 * @returns those that had been set aside
 */
export async function wakeFreed(
  tx: Transaction,
  facility: Exporting,
  encounterIds: readonly Id[],
  now: Date,
): Promise<readonly Id[]> {
  const woken = await removeObstaclesOf(tx, facility.id, encounterIds, KEPT_BY_FINDINGS);
  for (const encounterId of woken)
    recordAudit(tx, { action: 'claim.freed', subjectType: 'encounter', subjectId: encounterId });
  if (woken[0]) await wakeExport(tx, facility, woken[0], now);
  return woken;
}

export async function claimOf(tx: Transaction, facilityId: Id, encounterId: Id): Promise<ClaimHead> {
  const head = await findClaim(tx, facilityId, encounterId);
  if (!head) throw new Problem('not-found', { what: 'claim' });
  return head;
}

/** @param lost what to say when another writer appended first: the version has moved on */
async function append(
  tx: Transaction,
  head: ClaimHead,
  type: 'held' | 'released',
  reason: string,
  now: Date,
  lost: 'claim-not-holdable' | 'claim-not-held',
): Promise<void> {
  const { sequence, attempt } = head.last;
  const event = { sequence: sequence + 1, type, at: now.toISOString(), cause: reason, attempt };
  try {
    await appendEvent(tx, head, event, tx.context.userId);
  } catch (error) {
    if (isDatabaseError(error, '23505'))
      throw new Problem(lost, { state: head.last.type === 'held' ? 'released' : 'sending' }, [], {
        cause: error,
      });
    throw error;
  }
}

function decided(tx: Transaction, encounterId: Id, after: ClaimState, reason: string): ClaimState {
  recordAudit(tx, {
    action: `claim.${after.state}`,
    subjectType: 'encounter',
    subjectId: encounterId,
    detail: { number: after.number, reason },
  });
  return after;
}

/** A facility that exports at once has no nightly hour to wait for. */
async function wakeExport(tx: Transaction, facility: Exporting, encounterId: Id, now: Date): Promise<void> {
  if (facility.exportMode !== 'immediate') return;
  const data = { facilityId: facility.id, encounterId };
  const jobId = `settled.${encounterId}.${now.getTime()}`;
  await enqueueMany(tx, [{ queue: QUEUES.settled, name: 'settled', jobId, data }]);
}
