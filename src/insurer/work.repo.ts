import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { enqueue } from '../platform/outbox.ts';
import { type WorkKind, workEntry } from './context.ts';

/** Puts something on the work list: the sweep finds it when its time has come. */
export async function listWork(
  tx: Transaction,
  kind: WorkKind,
  facilityId: Id,
  id: Id,
  at: string,
): Promise<void> {
  await tx.query(
    `insert into insurer_work (facility_id, kind, subject_id, due_at) values ($1, $2, $3, $4)
     on conflict (facility_id, kind, subject_id) do update set due_at = excluded.due_at`,
    [facilityId, kind, id, at],
    'list-insurer-work',
  );
}

/** Puts something on the work list, due at once by whichever clock is behind, and taps its worker. */
export async function planWork(
  tx: Transaction,
  kind: WorkKind,
  facilityId: Id,
  id: Id,
  at: Date,
): Promise<void> {
  const rows = await tx.query<{ attempt: number }>(
    `insert into insurer_work (facility_id, kind, subject_id, due_at) values ($1, $2, $3, least($4, clock_timestamp()))
     on conflict (facility_id, kind, subject_id) do update set due_at = excluded.due_at returning attempt`,
    [facilityId, kind, id, at.toISOString()],
    'plan-insurer-work',
  );
  enqueue(tx, workEntry(kind, facilityId, id, rows[0]!.attempt));
}

/** Takes it for this transaction. @returns how often it was begun before; undefined when it is not due, or done */
export async function lockDueWork(
  tx: Transaction,
  kind: WorkKind,
  facilityId: Id,
  id: Id,
  now: Date,
): Promise<number | undefined> {
  const rows = await tx.query<{ attempt: number }>(
    `select attempt from insurer_work where facility_id = $1 and kind = $2 and subject_id = $3 and due_at <= $4
     for update`,
    [facilityId, kind, id, now.toISOString()],
    'lock-insurer-work',
  );
  return rows[0]?.attempt;
}

/** Begun: nobody else begins before `until`, when whoever works on it is certainly gone. */
export async function beginWork(
  tx: Transaction,
  kind: WorkKind,
  facilityId: Id,
  id: Id,
  until: string,
): Promise<void> {
  await tx.query(
    `update insurer_work set due_at = $4, attempt = attempt + 1
     where facility_id = $1 and kind = $2 and subject_id = $3`,
    [facilityId, kind, id, until],
    'begin-insurer-work',
  );
}

export async function postponeWork(
  tx: Transaction,
  kind: WorkKind,
  facilityId: Id,
  id: Id,
  until: string,
): Promise<void> {
  await tx.query(
    'update insurer_work set due_at = $4 where facility_id = $1 and kind = $2 and subject_id = $3',
    [facilityId, kind, id, until],
    'postpone-insurer-work',
  );
}

/** What is due comes back later; what somebody has begun keeps its lease. */
export async function postponeDueWork(
  tx: Transaction,
  kind: WorkKind,
  facilityId: Id,
  id: Id,
  until: string,
  now: Date,
): Promise<void> {
  await tx.query(
    `update insurer_work set due_at = $4 where facility_id = $1 and kind = $2 and subject_id = $3 and due_at <= $5`,
    [facilityId, kind, id, until, now.toISOString()],
    'postpone-due-insurer-work',
  );
}

export async function endWork(tx: Transaction, kind: WorkKind, facilityId: Id, id: Id): Promise<void> {
  await tx.query(
    'delete from insurer_work where facility_id = $1 and kind = $2 and subject_id = $3',
    [facilityId, kind, id],
    'end-insurer-work',
  );
}

export interface DueWork {
  readonly facilityId: Id;
  readonly kind: WorkKind;
  readonly subjectId: Id;
  readonly attempt: number;
}

export async function dueWork(tx: Transaction, now: Date, most: number): Promise<DueWork[]> {
  return tx.query<DueWork & Record<string, unknown>>(
    `select facility_id as "facilityId", kind, subject_id as "subjectId", attempt from insurer_work
     where due_at <= $1 order by due_at limit $2`,
    [now.toISOString(), most],
    'due-insurer-work',
  );
}
