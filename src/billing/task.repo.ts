import type { Recording } from '../encounters/index.ts';
import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { BillingTask, ClosedAs, NewTask } from './task.ts';

export async function insertTask(tx: Transaction, rec: Recording, id: Id, task: NewTask): Promise<void> {
  await tx.query(
    `insert into billing_task (facility_id, id, encounter_id, kind, note, facts, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      rec.facility.id,
      id,
      task.encounterId,
      task.kind,
      task.note,
      JSON.stringify(task.facts),
      rec.now.toISOString(),
      rec.recordedBy,
    ],
    'insert-billing-task',
  );
}

const TASK = `t.id, t.encounter_id as "encounterId", e.claim_key as "claimKey", e.state as "encounterState", t.kind, t.note,
  t.facts, to_json(t.created_at)#>>'{}' as "createdAt", t.created_by as "createdBy",
  to_json(t.closed_at)#>>'{}' as "closedAt", t.closed_by as "closedBy", t.outcome, t.closing_note as "closingNote"`;

/** Newest first. @param isOpen null = both; @param encounterId null = all visits */
export async function listTasks(
  tx: Transaction,
  facilityId: Id,
  wanted: {
    readonly isOpen: boolean | null;
    readonly encounterId: Id | null;
    readonly after: PageEnd | null;
    readonly limit: number;
  },
): Promise<BillingTask[]> {
  return tx.query<BillingTask>(
    `select ${TASK} from billing_task t join encounter e on e.facility_id = t.facility_id and e.id = t.encounter_id
     where t.facility_id = $1 and ($2::bool is null or (t.closed_at is null) = $2)
       and ($3::uuid is null or t.encounter_id = $3)
       and ($4::timestamptz is null or (t.created_at, t.id) < ($4, $5::uuid))
     order by t.created_at desc, t.id desc limit $6`,
    [
      facilityId,
      wanted.isOpen,
      wanted.encounterId,
      wanted.after?.at ?? null,
      wanted.after?.id ?? null,
      wanted.limit,
    ],
  );
}

/** Locked until the transaction ends. */
export async function lockTask(tx: Transaction, facilityId: Id, id: Id): Promise<BillingTask | undefined> {
  const rows = await tx.query<BillingTask>(
    `select ${TASK} from billing_task t join encounter e on e.facility_id = t.facility_id and e.id = t.encounter_id
     where t.facility_id = $1 and t.id = $2 for no key update of t`,
    [facilityId, id],
  );
  return rows[0];
}

export async function closeTask(
  tx: Transaction,
  rec: Recording,
  id: Id,
  outcome: ClosedAs,
  note: string,
): Promise<void> {
  await tx.query(
    `update billing_task set closed_at = $3, closed_by = $4, outcome = $5, closing_note = $6
     where facility_id = $1 and id = $2`,
    [rec.facility.id, id, rec.now.toISOString(), rec.recordedBy, outcome, note],
  );
}

/** The visit is settled anew: what waited for that is done. @returns how many tasks */
export async function closeTasksOf(tx: Transaction, rec: Recording, encounterId: Id): Promise<number> {
  const rows = await tx.query(
    `update billing_task set closed_at = $3, closed_by = $4, outcome = 'settled-again'
     where facility_id = $1 and encounter_id = $2 and closed_at is null and kind like 'late-%' returning id`,
    [rec.facility.id, encounterId, rec.now.toISOString(), rec.recordedBy],
    'close-billing-tasks',
  );
  return rows.length;
}

/**
 * Settled visits of this person here, not older than that day, that a card would have covered and that know nothing of it.
 */
export async function visitsWithoutCard(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  coverageId: Id,
  from: string,
): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `select e.id from encounter e join coverage c on c.id = $3 and c.patient_id = e.patient_id
     where e.facility_id = $1 and e.patient_id = $2 and e.state = 'settled' and e.arrived_at >= $4
       and c.valid && daterange((e.arrived_at at time zone 'Asia/Ho_Chi_Minh')::date,
         (e.ended_at at time zone 'Asia/Ho_Chi_Minh')::date, '[]')
       and not exists (select from encounter_coverage k where k.facility_id = e.facility_id and k.encounter_id = e.id
         and k.coverage_id = c.id)`,
    [facilityId, patientId, coverageId, from],
    'visits-without-card',
  );
  return rows.map((row) => row.id);
}
