import { recordAudit } from '../../audit/index.ts';
import { appendEvent, buildAdjustment, isLegal, listVersions, tablesOfVersion } from '../../claims/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import { localDate } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import { Problem } from '../../platform/problem.ts';
import { stateOf } from '../decide.ts';
import { finishWork, lockWork } from '../work.repo.ts';
import {
  type CorrectionTask,
  closeTasks,
  findTask,
  keepsBackLater,
  lastAdjusted,
} from './correction.repo.ts';
import { isAssessed } from './correction.ts';

/** Cause of the last event of a version that the insurer got by form 09/BH. */
const ADJUSTED = 'adjusted-09BH';

export interface TaskAdjustment {
  readonly facilityId: Id;
  readonly facilityCode: string;
  readonly encounterId: Id;
  readonly claimKey: string;
  /** The version that the insurer has, and the one that is right. */
  readonly from: number;
  readonly to: number;
  /** `yyyyMM` of the settlement in which the record stands. */
  readonly period: string;
  readonly rows: number;
  /** Unsigned. @param id names the signed element; never used twice */
  readonly build: (id: string) => Buffer;
}

/**
 * Form 09/BH for a task about a record that was assessed: from what the insurer has of it to the newest version.
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
  const { facilityId, facilityCode, encounterId, claimKey, newest: to } = task;
  const from = await adjustedTo(tx, task);
  if (!isAssessed(task.history) || to <= from) throw new Problem('correction-no-form');
  const assessed = await tablesOfVersion(tx, { facilityId, encounterId, number: from });
  const right = await tablesOfVersion(tx, { facilityId, encounterId, number: to });
  const head = { facilityCode, madeOn: localDate(now), reason };
  const form = assessed && right ? buildAdjustment(assessed, right, head) : null;
  if (!form) throw new Problem('correction-no-form');
  recordAudit(tx, {
    action: 'correction.formMade',
    subjectType: 'correction',
    subjectId: taskId,
    detail: { encounterId, from, to, rows: form.rows },
    reason,
  });
  return { ...form, facilityId, facilityCode, encounterId, claimKey, from, to };
}

/** An adjustment that was taken before: the next one begins there. */
const adjustedTo = async (tx: Transaction, { facilityId, encounterId, number }: CorrectionTask) =>
  Math.max(number, await lastAdjusted(tx, facilityId, encounterId));

/**
 * The insurer took form 09/BH: its record now says what that version says, which is therefore never sent, and what was to
 * be put right is. Unless the visit was corrected again meanwhile, and that version waits for a form of its own.
 */
export async function noteAdjusted(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  number: number,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  await lockWork(tx, facilityId, encounterId);
  const own = (await listVersions(tx, facilityId, encounterId)).find((one) => one.number === number);
  if (own && isLegal(stateOf(own), 'withdrawn')) {
    const event = { sequence: own.types.length + 1, type: 'withdrawn', cause: ADJUSTED } as const;
    await appendEvent(tx, { facilityId, encounterId, number }, { ...event, at, attempt: own.attempt });
  }
  await finishWork(tx, facilityId, encounterId, number);
  const key = { facilityId, encounterId, number };
  if (!(await keepsBackLater(tx, key))) await closeTasks(tx, key, 'received', at);
}
