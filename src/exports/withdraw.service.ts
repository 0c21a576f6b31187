import { recordAudit } from '../audit/index.ts';
import { appendEvent, type ClaimEventType, findClaim } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { cancelWork, lockWork, removeObstacles } from './export.repo.ts';

/** What became of the claim of a reopened visit; number 0 = none had been built. */
export interface Withdrawal {
  readonly number: number;
  readonly state: ClaimEventType | 'none';
}

/** States from which nothing has reached the insurer, and nothing is on its way. */
const NEVER_SENT: ReadonlySet<ClaimEventType> = new Set([
  'built',
  'signed',
  'notSigned',
  'released',
  'notSent',
  'held',
]);
/** After these the insurer has no record of that version. */
const NOT_THERE: ReadonlySet<ClaimEventType> = new Set([...NEVER_SENT, 'refused', 'withdrawn']);

/**
 * A visit is reopened: what was not sent will not be. What is on its way, or went out with an unclear end, stays on the
 * work list until it is known what became of it; the version after the next settlement replaces it.
 */
export async function withdrawUnsent(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  reason: string,
  now: Date,
): Promise<Withdrawal> {
  const work = await lockWork(tx, facilityId, encounterId);
  await removeObstacles(tx, facilityId, encounterId);
  const head = await findClaim(tx, facilityId, encounterId);
  if (work?.number === 0) {
    await cancelWork(tx, facilityId, encounterId);
    return told(tx, encounterId, { number: 0, state: 'none' }, reason);
  }
  if (!head) return { number: 0, state: 'none' };
  if (!NEVER_SENT.has(head.last.type)) return { number: head.number, state: head.last.type };
  const { sequence, attempt } = head.last;
  const event = {
    sequence: sequence + 1,
    type: 'withdrawn',
    at: now.toISOString(),
    cause: reason,
    attempt,
  } as const;
  await appendEvent(tx, head, event, tx.context.userId);
  await cancelWork(tx, facilityId, encounterId);
  return told(tx, encounterId, { number: head.number, state: 'withdrawn' }, reason);
}

/** May the insurer have a record of this visit, from whichever version? */
export async function mayStandAtInsurer(tx: Transaction, facilityId: Id, encounterId: Id): Promise<boolean> {
  for (let head = await findClaim(tx, facilityId, encounterId); head; ) {
    if (!NOT_THERE.has(head.last.type)) return true;
    if (head.number === 1) return false;
    head = await findClaim(tx, facilityId, encounterId, head.number - 1);
  }
  return false;
}

function told(tx: Transaction, encounterId: Id, withdrawal: Withdrawal, reason: string): Withdrawal {
  recordAudit(tx, {
    action: 'claim.withdrawn',
    subjectType: 'encounter',
    subjectId: encounterId,
    detail: { number: withdrawal.number },
    reason,
  });
  return withdrawal;
}
