import { lockVisit, type Recording, unsettle } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { insertReopening } from './reopen.repo.ts';

export interface Reopened {
  readonly version: number;
  /** The settlement that stands until the next one. */
  readonly settlementVersion: number;
}

/**
 * Takes a settled visit up again, with a reason: it stands at discharged, its settlement stays as it was, and the next
 * one shows what changed. Payments are not touched. Whoever calls this also withdraws what was not sent
 * (`exports.withdrawUnsent`), in the same transaction.
 * @throws not-found, version-conflict, not-settled
 */
export async function reopen(
  tx: Transaction,
  rec: Recording,
  id: Id,
  ifMatch: number | null,
  reason: string,
): Promise<Reopened> {
  const frame = await lockVisit(tx, rec.facility.id, id, ifMatch);
  if (frame.state !== 'settled') throw new Problem('not-settled');
  const { settlementVersion } = frame;
  await insertReopening(tx, rec.facility.id, id, {
    settlementVersion,
    reason,
    at: rec.now.toISOString(),
    by: rec.recordedBy,
  });
  return { version: await unsettle(tx, rec, frame, reason), settlementVersion };
}
