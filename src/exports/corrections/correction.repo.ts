import type { ClaimEventType, ClaimKey } from '../../claims/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { CorrectionCause } from './correction.ts';

export interface CorrectionTask {
  readonly id: Id;
  readonly facilityId: Id;
  readonly facilityCode: string;
  readonly encounterId: Id;
  /** Of the claim version. */
  readonly number: number;
  readonly claimKey: string;
  readonly cause: CorrectionCause;
  readonly code: string | null;
  /** The insurer's words. */
  readonly said: string | null;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly assignedTo: Id | null;
  readonly closedAt: string | null;
  /** null = the insurer's answer closed it. */
  readonly closedBy: Id | null;
  readonly closedHow: 'received' | 'confirmed' | 'person' | null;
  readonly closeReason: string | null;
  readonly reopened: number;
  /** What the version has been through, oldest first. */
  readonly history: readonly ClaimEventType[];
  /** The newest version of the visit. */
  readonly newest: number;
}

const TASK = `t.id, t.facility_id as "facilityId", f.code as "facilityCode", t.encounter_id as "encounterId", t.number,
  t.claim_key as "claimKey", t.cause, nullif(t.code, '') as code, t.said, to_json(t.opened_at)#>>'{}' as "openedAt",
  to_json(t.due_at)#>>'{}' as "dueAt", t.assigned_to as "assignedTo", to_json(t.closed_at)#>>'{}' as "closedAt",
  t.closed_by as "closedBy", t.closed_how as "closedHow", t.close_reason as "closeReason", t.reopened,
  coalesce((select array_agg(e.type order by e.sequence) from claim_event e where e.facility_id = t.facility_id
    and e.encounter_id = t.encounter_id and e.number = t.number), '{}') as history,
  coalesce((select max(c.number) from claim_version c where c.facility_id = t.facility_id
    and c.encounter_id = t.encounter_id), t.number) as newest
  from correction_task t join facility f on f.id = t.facility_id`;

/** Opens a task; one that a person closed is open again, one that is open stays as it is. */
export async function openTask(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  task: {
    readonly id: Id;
    readonly cause: CorrectionCause;
    readonly code: string | null;
    readonly said: string | null;
    readonly openedAt: string;
    readonly dueAt: string;
  },
): Promise<void> {
  await tx.query(
    `insert into correction_task (facility_id, id, encounter_id, number, claim_key, cause, code, said, opened_at, due_at)
     select $1, $2, $3, $4, c.claim_key, $5, coalesce($6, ''), $7, $8, $9 from claim_version c
     where c.facility_id = $1 and c.encounter_id = $3 and c.number = $4
     on conflict (facility_id, encounter_id, number, cause, code) do update set closed_at = null, closed_by = null,
       closed_how = null, close_reason = null, reopened = correction_task.reopened + 1
     where correction_task.closed_at is not null`,
    [facilityId, task.id, encounterId, number, task.cause, task.code, task.said, task.openedAt, task.dueAt],
    'open-correction',
  );
}

/** Closes what the insurer's answer has settled: open tasks of this visit up to that version. */
export async function closeTasks(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  how: 'received' | 'confirmed',
  at: string,
): Promise<void> {
  await tx.query(
    `update correction_task set closed_at = $4, closed_how = $5
     where facility_id = $1 and encounter_id = $2 and number <= $3 and closed_at is null`,
    [facilityId, encounterId, number, at, how],
    'close-corrections',
  );
}

/** The newest version of a visit that ended with that cause; 0 = none. */
export async function lastAdjusted(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  cause: string,
): Promise<number> {
  const [row] = await tx.query<{ number: number }>(
    `select coalesce(max(number), 0)::int as number from claim_event
     where facility_id = $1 and encounter_id = $2 and type = 'withdrawn' and cause = $3`,
    [facilityId, encounterId, cause],
  );
  return row?.number ?? 0;
}

/** Whether somebody has a task about this version. */
export async function hasOpenTask(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
): Promise<boolean> {
  const rows = await tx.query(
    `select from correction_task where facility_id = $1 and encounter_id = $2 and number = $3 and closed_at is null
     limit 1`,
    [facilityId, encounterId, number],
  );
  return rows.length > 0;
}

/** Is a later version of the visit held because the insurer has assessed an earlier one? */
export async function keepsBackLater(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
): Promise<boolean> {
  const rows = await tx.query(
    `select from claim_version c cross join lateral (
       select e.type, e.cause from claim_event e where e.facility_id = c.facility_id
         and e.encounter_id = c.encounter_id and e.number = c.number order by e.sequence desc limit 1) last
     where c.facility_id = $1 and c.encounter_id = $2 and c.number > $3 and last.type = 'held' and last.cause = 'assessed'`,
    [facilityId, encounterId, number],
    'keeps-back-later',
  );
  return rows.length > 0;
}

/** Locks the task. */
export async function lockTask(tx: Transaction, id: Id): Promise<CorrectionTask | undefined> {
  const rows = await tx.query<CorrectionTask>(`select ${TASK} where t.id = $1 for update of t`, [id]);
  return rows[0];
}

export async function findTask(tx: Transaction, id: Id): Promise<CorrectionTask | undefined> {
  const rows = await tx.query<CorrectionTask>(`select ${TASK} where t.id = $1`, [id]);
  return rows[0];
}

export interface TaskQuery {
  readonly facilityId: Id | null;
  readonly isOpen: boolean | null;
  /** Due before that moment. */
  readonly before: string | null;
  readonly assignedTo: Id | null;
  readonly encounterId: Id | null;
  readonly after: { readonly at: string; readonly id: Id } | null;
  readonly limit: number;
}

/** The most urgent first. */
export async function listTasks(tx: Transaction, wanted: TaskQuery): Promise<CorrectionTask[]> {
  return tx.query<CorrectionTask>(
    `select ${TASK} where ($1::uuid is null or t.facility_id = $1)
       and ($2::boolean is null or (t.closed_at is null) = $2) and ($3::timestamptz is null or t.due_at < $3)
       and ($4::uuid is null or t.assigned_to = $4) and ($5::uuid is null or t.encounter_id = $5)
       and ($6::timestamptz is null or (t.due_at, t.id) > ($6, $7::uuid))
     order by t.due_at, t.id limit $8`,
    [
      wanted.facilityId,
      wanted.isOpen,
      wanted.before,
      wanted.assignedTo,
      wanted.encounterId,
      wanted.after?.at ?? null,
      wanted.after?.id ?? null,
      wanted.limit,
    ],
  );
}

export async function setAssigned(tx: Transaction, id: Id, to: Id | null, at: string): Promise<void> {
  await tx.query('update correction_task set assigned_to = $2, assigned_at = $3 where id = $1', [
    id,
    to,
    to === null ? null : at,
  ]);
}

/** @param close null = open again */
export async function setClosed(
  tx: Transaction,
  id: Id,
  close: { readonly at: string; readonly by: Id; readonly reason: string } | null,
): Promise<void> {
  await tx.query(
    `update correction_task set closed_at = $2, closed_by = $3, close_reason = $4,
       closed_how = case when $2::timestamptz is not null then 'person' end,
       reopened = reopened + case when $2::timestamptz is null then 1 else 0 end
     where id = $1`,
    [id, close?.at ?? null, close?.by ?? null, close?.reason ?? null],
  );
}

/** Has this account a duty here on that day? */
export async function worksHere(
  tx: Transaction,
  facilityId: Id,
  accountId: Id,
  day: string,
): Promise<boolean> {
  const rows = await tx.query(
    'select from account_duty where account_id = $1 and facility_id = $2 and valid @> $3::date limit 1',
    [accountId, facilityId, day],
  );
  return rows.length > 0;
}
