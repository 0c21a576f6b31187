import { recordAudit } from '../audit/index.ts';
import { appendEvent, type ClaimHead, findClaim } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { sendEntry } from './batch.service.ts';
import { postponeWork } from './export.repo.ts';

/** Keeps a claim from being sent until a person releases it. What is on its way cannot be held back. */
export async function holdClaim(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  reason: string,
  now: Date,
): Promise<ClaimHead> {
  const head = await claimOf(tx, facilityId, encounterId);
  if (!['built', 'released', 'notSent', 'unknown'].includes(head.last.type))
    throw new Problem('claim-not-holdable', { state: head.last.type });
  await postponeWork(tx, facilityId, encounterId, 'infinity');
  return changeState(tx, head, 'held', reason, now);
}

export async function releaseClaim(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  reason: string,
  now: Date,
): Promise<ClaimHead> {
  const head = await claimOf(tx, facilityId, encounterId);
  if (head.last.type !== 'held') throw new Problem('claim-not-held', { state: head.last.type });
  const released = await changeState(tx, head, 'released', reason, now);
  await postponeWork(tx, facilityId, encounterId, now.toISOString());
  await enqueueMany(tx, [sendEntry(facilityId, encounterId, head.number, released.last.sequence)]);
  return released;
}

export async function claimOf(tx: Transaction, facilityId: Id, encounterId: Id): Promise<ClaimHead> {
  const head = await findClaim(tx, facilityId, encounterId);
  if (!head) throw new Problem('not-found', { what: 'claim' });
  return head;
}

async function changeState(
  tx: Transaction,
  head: ClaimHead,
  type: 'held' | 'released',
  reason: string,
  now: Date,
): Promise<ClaimHead> {
  const last = { ...head.last, sequence: head.last.sequence + 1, type, at: now.toISOString(), cause: reason };
  await appendEvent(
    tx,
    head,
    { sequence: last.sequence, type, at: last.at, cause: reason, attempt: last.attempt },
    tx.context.userId,
  );
  recordAudit(tx, {
    action: `claim.${type}`,
    subjectType: 'encounter',
    subjectId: head.encounterId,
    detail: { number: head.number, reason },
  });
  return { ...head, last };
}
