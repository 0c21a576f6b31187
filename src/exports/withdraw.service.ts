import { recordAudit } from '../audit/index.ts';
import { appendEvent, type ClaimEventType, listVersions } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { mayStand, reopening, stateOf } from './decide.ts';
import { removeObstacles } from './obstacle.repo.ts';
import { cancelWork, lockWork } from './work.repo.ts';

/** What became of the claim of a reopened visit; number 0 = none had been built. */
export interface Withdrawal {
  readonly number: number;
  readonly state: ClaimEventType | 'none';
}

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
  const newest = (await listVersions(tx, facilityId, encounterId)).at(-1);
  switch (reopening(work?.number, newest?.types ?? null)) {
    case 'cancel':
      await cancelWork(tx, facilityId, encounterId);
      return told(tx, encounterId, { number: 0, state: 'none' }, reason);
    case 'leave':
      return newest ? { number: newest.number, state: stateOf(newest) } : { number: 0, state: 'none' };
    case 'withdraw': {
      const { number, types, attempt } = newest!;
      const at = now.toISOString();
      const event = { sequence: types.length + 1, type: 'withdrawn', at, cause: reason, attempt } as const;
      await appendEvent(tx, { facilityId, encounterId, number }, event, tx.context.userId);
      await cancelWork(tx, facilityId, encounterId);
      return told(tx, encounterId, { number, state: 'withdrawn' }, reason);
    }
  }
}

/** May the insurer have a record of this visit, from whichever version? */
export async function mayStandAtInsurer(tx: Transaction, facilityId: Id, encounterId: Id): Promise<boolean> {
  return (await listVersions(tx, facilityId, encounterId)).some(({ types }) => mayStand(types));
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
