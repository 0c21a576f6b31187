import { recordAudit } from '../../audit/index.ts';
import { type Adjustment, buildAdjustment, tablesOfVersion } from '../../claims/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import { localDate } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import { Problem } from '../../platform/problem.ts';
import { findTask } from './correction.repo.ts';
import { isAssessed } from './correction.ts';

export interface TaskAdjustment extends Adjustment {
  readonly facilityCode: string;
  readonly claimKey: string;
}

/**
 * Form 09/BH for a task about a record that was assessed: from the version that the insurer has to the newest one. It is
 * unsigned; whoever hands it in (`submit('adjustment', …)`) signs it with profile B first.
 * @throws not-found; correction-no-form when the record was not assessed, there is no newer version, or nothing differs
 *   that the form can say
 */
export async function adjustmentOf(
  tx: Transaction,
  taskId: Id,
  reason: string,
  now: Date,
): Promise<TaskAdjustment> {
  const task = await findTask(tx, taskId);
  if (!task) throw new Problem('not-found', { what: 'correction' });
  const { facilityId, facilityCode, encounterId, number, newest, claimKey } = task;
  if (!isAssessed(task.history) || newest <= number) throw new Problem('correction-no-form');
  const assessed = await tablesOfVersion(tx, { facilityId, encounterId, number });
  const right = await tablesOfVersion(tx, { facilityId, encounterId, number: newest });
  const head = { facilityCode, madeOn: localDate(now), id: `${taskId}.${newest}`, reason };
  const form = assessed && right ? buildAdjustment(assessed, right, head) : null;
  if (!form) throw new Problem('correction-no-form');
  recordAudit(tx, {
    action: 'correction.formMade',
    subjectType: 'correction',
    subjectId: taskId,
    detail: { encounterId, from: number, to: newest, rows: form.rows },
    reason,
  });
  return { ...form, facilityCode, claimKey };
}
