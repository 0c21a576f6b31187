import { recordAudit } from '../../audit/index.ts';
import type { ClaimEvent, ClaimKey } from '../../claims/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import { localDate } from '../../platform/dates.ts';
import { type Id, newId } from '../../platform/ids.ts';
import { Problem } from '../../platform/problem.ts';
import type { WorkingDays } from '../../platform/working-days.ts';
import {
  type CorrectionTask,
  closeTasks,
  findTask,
  hasOpenTask,
  keepsBackLater,
  lockTask,
  openTask,
  setAssigned,
  setClosed,
  worksHere,
} from './correction.repo.ts';
import { causeOf, dueAt } from './correction.ts';

const LONGEST_SAID = 2_000;

/**
 * Whoever appends an event that the insurer caused calls this in the same transaction: it opens the task of a person
 * who must act, and closes what the answer has settled.
 * @param said the insurer's words, where it said any
 */
export async function followEvent(
  tx: Transaction,
  calendar: WorkingDays,
  key: ClaimKey,
  event: Pick<ClaimEvent, 'type' | 'at' | 'cause' | 'resultCode'>,
  said: string | null,
): Promise<void> {
  const { type, at, resultCode = null } = event;
  if (type === 'received' || type === 'confirmed') await closeTasks(tx, key, type, at);
  // What the insurer says of this version settles nothing of a corrected one that is kept back for it.
  if (type === 'confirmed' && (await keepsBackLater(tx, key)))
    await openAdjustmentTask(tx, calendar, key, new Date(at));
  const cause = causeOf(type, event.cause);
  if (cause === null) return;
  const now = new Date(at);
  await openTask(tx, key, {
    id: newId(now.getTime()),
    cause,
    code: resultCode,
    said: said?.slice(0, LONGEST_SAID) ?? null,
    openedAt: at,
    dueAt: dueAt(cause, now, calendar),
  });
}

/** A corrected version is kept back, since the insurer has assessed this one: a person hands in form 09/BH. */
export async function openAdjustmentTask(
  tx: Transaction,
  calendar: WorkingDays,
  assessed: ClaimKey,
  now: Date,
): Promise<void> {
  if (await hasOpenTask(tx, assessed)) return;
  await openTask(tx, assessed, {
    id: newId(now.getTime()),
    cause: 'assessed',
    code: null,
    said: null,
    openedAt: now.toISOString(),
    dueAt: dueAt('assessed', now, calendar),
  });
}

/** @throws not-found; correction-assignee for somebody who does not work there */
export async function assignCorrection(
  tx: Transaction,
  id: Id,
  accountId: Id | null,
  now: Date,
): Promise<CorrectionTask> {
  const task = await ownTask(tx, id);
  if (accountId !== null && !(await worksHere(tx, task.facilityId, accountId, localDate(now))))
    throw new Problem('correction-assignee');
  await setAssigned(tx, id, accountId, now.toISOString());
  return decided(tx, task, 'assigned', { accountId });
}

/** A person says that nothing is left to do. @throws not-found, correction-closed */
export async function closeCorrection(
  tx: Transaction,
  id: Id,
  reason: string,
  now: Date,
): Promise<CorrectionTask> {
  const task = await ownTask(tx, id);
  if (task.closedAt !== null) throw new Problem('correction-closed');
  await setClosed(tx, id, { at: now.toISOString(), by: tx.context.userId, reason });
  return decided(tx, task, 'closed', { reason });
}

/** @throws not-found, correction-open */
export async function reopenCorrection(tx: Transaction, id: Id, reason: string): Promise<CorrectionTask> {
  const task = await ownTask(tx, id);
  if (task.closedAt === null) throw new Problem('correction-open');
  await setClosed(tx, id, null);
  return decided(tx, task, 'reopened', { reason });
}

async function ownTask(tx: Transaction, id: Id): Promise<CorrectionTask> {
  const task = await lockTask(tx, id);
  if (!task) throw new Problem('not-found', { what: 'correction' });
  return task;
}

async function decided(
  tx: Transaction,
  { id, encounterId, number }: CorrectionTask,
  what: 'assigned' | 'closed' | 'reopened',
  detail: Readonly<Record<string, string | null>>,
): Promise<CorrectionTask> {
  recordAudit(tx, {
    action: `correction.${what}`,
    subjectType: 'correction',
    subjectId: id,
    detail: { encounterId, number, ...detail },
  });
  return (await findTask(tx, id))!;
}
