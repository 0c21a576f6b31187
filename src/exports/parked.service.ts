import { recordAudit } from '../audit/index.ts';
import {
  appendEvent,
  type ClaimEvent,
  type ClaimEventType,
  type ClaimKey,
  listVersions,
  type VersionRow,
} from '../claims/index.ts';
import { lockVisit } from '../encounters/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Instant, notAfter } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import { sendEntry } from './batch.service.ts';
import { closeParkedTasks, closeTasks } from './corrections/correction.repo.ts';
import { replacedBy, resolving, stateOf } from './decide.ts';
import type { ClaimState } from './hold.service.ts';
import { isOfAnother, settlementOf } from './parked.repo.ts';
import { appendReplaced } from './replaced.ts';
import { listAgain, lockWork } from './work.repo.ts';

/** What a person found on the portal of a claim version whose answer nobody understood. */
export type ClaimDecision = {
  /** Of the version that was looked for. */
  readonly number: number;
  readonly reason: string;
} & (
  | { readonly decision: 'send-again' }
  | { readonly decision: 'received'; readonly transactionId: string; readonly receivedAt: Instant }
);

/**
 * A person has looked at the portal: the claim is there, or is not and goes out again as the same bytes.
 * @throws not-found; claim-not-parked; claim-outdated when a later version is there or to come; time-implausible;
 *   invalid-body for the transaction of another claim
 */
export async function resolveClaim(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  decided: ClaimDecision,
  now: Date,
): Promise<ClaimState> {
  const key = { facilityId, encounterId, number: decided.number };
  // Whoever settles or reopens locks the visit, too: nothing is put on the work list beside them.
  const visit = await lockVisit(tx, facilityId, encounterId, null);
  const work = await lockWork(tx, facilityId, encounterId);
  const versions = await listVersions(tx, facilityId, encounterId);
  const own = versions.find((one) => one.number === decided.number);
  if (!own) throw new Problem('not-found', { what: 'claim' });
  const isCurrent = visit.state === 'settled' && (await settlementOf(tx, key)) === visit.settlementVersion;
  const may = resolving(own.number, work?.number, versions, isCurrent);
  if (may === 'outdated') throw new Problem('claim-outdated');
  if (may === 'not-parked') throw new Problem('claim-not-parked', { state: stateOf(own) });
  const at = now.toISOString();
  await closeParkedTasks(tx, key, { at, by: tx.context.userId, reason: decided.reason });
  if (decided.decision === 'received') await noteReceived(tx, key, versions, own, decided, now);
  else await sendAgain(tx, key, own, decided.reason, at);
  recordAudit(tx, {
    action: 'claim.resolved',
    subjectType: 'encounter',
    subjectId: encounterId,
    detail: {
      number: own.number,
      decision: decided.decision,
      transactionId: decided.decision === 'received' ? decided.transactionId : null,
    },
    reason: decided.reason,
  });
  return { number: own.number, state: decided.decision === 'received' ? 'received' : 'released' };
}

async function noteReceived(
  tx: Transaction,
  key: ClaimKey,
  versions: readonly VersionRow[],
  own: VersionRow,
  seen: { readonly transactionId: string; readonly receivedAt: Instant },
  now: Date,
): Promise<void> {
  const { transactionId, receivedAt } = seen;
  if (!notAfter(receivedAt, now))
    throw new Problem('time-implausible', {}, [
      { pointer: '/receivedAt', message: 'problem.place.inFuture' },
    ]);
  if (await isOfAnother(tx, key, transactionId))
    throw new Problem('invalid-body', {}, [
      { pointer: '/transactionId', message: 'corrections.ofAnotherClaim' },
    ]);
  const at = now.toISOString();
  await append(tx, key, own, 'received', {
    cause: 'seen-by-person',
    at,
    documentKind: own.documentKind,
    documentSha256: own.documentSha256,
    transactionId,
    receivedAt,
  });
  await appendReplaced(tx, key, versions, replacedBy(versions, key.number), now);
  await closeTasks(tx, key, 'received', at);
}

async function sendAgain(
  tx: Transaction,
  key: ClaimKey,
  own: VersionRow,
  reason: string,
  at: string,
): Promise<void> {
  const { facilityId, encounterId, number } = key;
  await append(tx, key, own, 'released', { at, cause: reason });
  const sequence = own.types.length + 2;
  await appendEvent(tx, key, { sequence, type: 'queued', at, cause: 'send-again', attempt: own.attempt });
  await listAgain(tx, key, own.documentKind === 'signed', at);
  await enqueueMany(tx, [sendEntry(facilityId, encounterId, number, sequence)]);
}

/** @throws claim-not-parked when what the portal exports said so first */
async function append(
  tx: Transaction,
  key: ClaimKey,
  { types, attempt }: VersionRow,
  type: ClaimEventType,
  event: Omit<ClaimEvent, 'sequence' | 'type' | 'attempt'>,
): Promise<void> {
  const sequence = types.length + 1;
  try {
    await appendEvent(tx, key, { ...event, sequence, type, attempt }, tx.context.userId);
  } catch (error) {
    if (!isDatabaseError(error, '23505')) throw error;
    throw new Problem('claim-not-parked', { state: 'received' }, [], { cause: error });
  }
}
