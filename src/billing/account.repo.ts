import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

export interface VisitHead {
  readonly id: Id;
  readonly patientId: Id;
  readonly state: 'open' | 'discharged' | 'settled';
  readonly classCode: string;
  readonly arrivedAt: string;
  readonly settlementVersion: number;
}

export async function visitHead(tx: Transaction, facilityId: Id, id: Id): Promise<VisitHead | undefined> {
  const rows = await tx.query<VisitHead>(
    `select id, patient_id as "patientId", state, class_code as "classCode", to_json(arrived_at)#>>'{}' as "arrivedAt",
       settlement_version as "settlementVersion" from encounter where facility_id = $1 and id = $2`,
    [facilityId, id],
    'visit-head',
  );
  return rows[0];
}

export interface DebtRecord {
  readonly id: Id;
  /** What was owed when it was recorded. */
  readonly amount: string;
  readonly reason: string;
  readonly promisedBy: string;
  readonly promisedFor: LocalDate | null;
  readonly recordedAt: string;
  readonly recordedBy: Id;
}

const DEBT = `d.id, d.amount::text, d.reason, d.promised_by as "promisedBy", d.promised_for::text as "promisedFor",
  to_json(d.recorded_at)#>>'{}' as "recordedAt", d.recorded_by as "recordedBy"`;

export async function insertDebt(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  debt: DebtRecord,
): Promise<void> {
  const { id, amount, reason, promisedBy, promisedFor, recordedAt, recordedBy } = debt;
  await tx.query(
    `insert into visit_debt (facility_id, id, encounter_id, amount, reason, promised_by, promised_for, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [facilityId, id, encounterId, amount, reason, promisedBy, promisedFor, recordedAt, recordedBy],
  );
}

export async function latestDebt(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
): Promise<DebtRecord | null> {
  const rows = await tx.query<DebtRecord>(
    `select ${DEBT} from visit_debt d where d.facility_id = $1 and d.encounter_id = $2
     order by d.recorded_at desc, d.id desc limit 1`,
    [facilityId, encounterId],
    'latest-debt',
  );
  return rows[0] ?? null;
}

/** A visit that still owes, with whom to call. */
export interface OpenDebt extends DebtRecord {
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly patientId: Id;
  readonly patientName: string;
  readonly phone: string | null;
  /** What is owed now. */
  readonly balance: string;
}

/** Debts that are not paid, the newest first; of each visit the one that was recorded last. */
export function listDebts(
  tx: Transaction,
  facilityId: Id,
  after: PageEnd | null,
  limit: number,
): Promise<OpenDebt[]> {
  return tx.query<OpenDebt>(
    `select ${DEBT}, d.encounter_id as "encounterId", e.claim_key as "claimKey", e.patient_id as "patientId",
       p.name as "patientName", p.phone, owed.balance::text
     from visit_debt d
     join encounter e on e.facility_id = d.facility_id and e.id = d.encounter_id
     join patient p on p.id = e.patient_id
     join settlement s on s.facility_id = e.facility_id and s.encounter_id = e.id and s.version = e.settlement_version
     cross join lateral (select s.patient_pays - coalesce(sum(m.direction * m.amount), 0) as balance from payment m
       where m.facility_id = d.facility_id and m.encounter_id = d.encounter_id) owed
     where d.facility_id = $1 and owed.balance > 0
       and ($2::timestamptz is null or (d.recorded_at, d.id) < ($2, $3::uuid))
       and not exists (select from visit_debt later where later.facility_id = d.facility_id
         and later.encounter_id = d.encounter_id and (later.recorded_at, later.id) > (d.recorded_at, d.id))
     order by d.recorded_at desc, d.id desc limit $4`,
    [facilityId, after?.at ?? null, after?.id ?? null, limit],
    'list-debts',
  );
}
