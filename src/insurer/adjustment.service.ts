import { adjustmentOf } from '../exports/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { hasOpenAdjustment } from './paper.repo.ts';
import { submitPaper } from './paper.service.ts';

/**
 * Hands in form 09/BH for a correction task: a record that was assessed is not sent again but adjusted, row by row, with
 * a reason.
 * @throws Problem not-found; correction-no-form; already-exists while an adjustment of the visit is on its way or unclear
 */
export async function submitAdjustment(tx: Transaction, taskId: Id, reason: string, now: Date): Promise<Id> {
  const { facilityId, encounterId, from, to, period, rows, build } = await adjustmentOf(
    tx,
    taskId,
    reason,
    now,
  );
  // What is on its way may be taken: until that is known, nobody knows what a second one would start from.
  if (await hasOpenAdjustment(tx, facilityId, encounterId))
    throw new Problem('already-exists', { what: 'paper' });
  return submitPaper(
    tx,
    facilityId,
    {
      kind: 'adjustment',
      period,
      encounterId,
      claimNumber: to,
      // Other words for the same change are no other change.
      content: { encounterId, from, to },
      figures: { rows, from, to },
      build,
    },
    now,
  );
}
