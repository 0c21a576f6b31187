import { lockVisit, type Recording, recordAct } from '../encounters/index.ts';
import { text } from '../messages/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, localDate } from '../platform/dates.ts';
import { type Id, newId } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { closeTask, insertTask, lockTask, visitsWithoutCard } from './task.repo.ts';
import type { ClosedAs, NewTask } from './task.ts';

/** How far back a card that is shown late looks for visits it would have covered. */
const LATE_CARD_DAYS = 60;

/**
 * Something that came after the settlement: it waits for a person, the visit stays as it is.
 * @throws not-found, not-settled (an unsettled visit takes it the usual way)
 */
export async function noteLateFact(tx: Transaction, rec: Recording, task: NewTask): Promise<{ id: Id }> {
  const frame = await lockVisit(tx, rec.facility.id, task.encounterId, null);
  if (frame.state !== 'settled') throw new Problem('not-settled');
  return openTask(tx, rec, frame.patientId, task);
}

async function openTask(tx: Transaction, rec: Recording, patientId: Id, task: NewTask): Promise<{ id: Id }> {
  const id = newId(rec.now.getTime());
  await insertTask(tx, rec, id, task);
  const { encounterId, kind, note } = task;
  recordAct(tx, { id: encounterId, patientId }, 'taskOpened', { detail: { task: id, kind }, reason: note });
  return { id };
}

/** A card that came late opens a task for each settled visit it would have covered. @returns how many */
export async function noteLateCard(
  tx: Transaction,
  rec: Recording,
  patientId: Id,
  coverageId: Id,
): Promise<number> {
  const from = instantAt(addDays(localDate(rec.now), -LATE_CARD_DAYS));
  const visits = await visitsWithoutCard(tx, rec.facility.id, patientId, coverageId, from);
  const note = text('vi', 'billing.cardCameLate');
  for (const encounterId of visits)
    await openTask(tx, rec, patientId, { encounterId, kind: 'late-card', note, facts: { coverageId } });
  return visits.length;
}

/** The fund pays nothing any more while a claim may stand at the insurer, and no call takes one back. */
export async function askToDropClaim(tx: Transaction, rec: Recording, encounterId: Id): Promise<void> {
  const { patientId } = await lockVisit(tx, rec.facility.id, encounterId, null);
  const note = text('vi', 'billing.claimWithoutVisit');
  await openTask(tx, rec, patientId, { encounterId, kind: 'claim-without-visit', note, facts: {} });
}

/** @throws not-found, task-closed */
export async function closeBillingTask(
  tx: Transaction,
  rec: Recording,
  id: Id,
  outcome: ClosedAs,
  note: string,
): Promise<void> {
  const task = await lockTask(tx, rec.facility.id, id);
  if (!task) throw new Problem('not-found', { what: 'task' });
  if (task.closedAt !== null) throw new Problem('task-closed', { outcome: task.outcome ?? '' });
  await closeTask(tx, rec, id, outcome, note);
  const visit = await lockVisit(tx, rec.facility.id, task.encounterId, null);
  recordAct(tx, visit, 'taskClosed', { detail: { task: id, outcome }, reason: note });
}
