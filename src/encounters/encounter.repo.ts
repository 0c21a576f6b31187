import type { EncounterQuery, EncounterSummary } from '../../schemas/api/encounters.ts';
import { type Transaction, tablesIn, writeStatement } from '../platform/database/index.ts';
import { addDays, instantAt } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { type Row, SHAPES, type VisitRows } from './rows.ts';

/** What a change of a visit is decided on, read with the row locked. */
export interface EncounterFrameRow {
  readonly id: Id;
  readonly version: number;
  readonly state: 'open' | 'discharged' | 'settled';
  readonly claimKey: string;
  readonly patientId: Id;
  readonly classCode: string;
  readonly routeCode: string | null;
  readonly arrivedAt: string;
  readonly admittedAt: string | null;
  readonly endedAt: string | null;
  readonly weightKg: string | null;
  readonly insured: boolean;
  readonly primaryConditions: number;
  readonly lastLineAt: string | null;
  /** Check-in messages that already exist: 1 after the first cost, 2 after the first cost in the ward. */
  readonly checkIns: readonly number[];
}

const LOCK_FRAME = `
select e.id, e.version, e.state, e.claim_key as "claimKey", e.patient_id as "patientId", e.class_code as "classCode",
  e.route_code as "routeCode", to_json(e.arrived_at)#>>'{}' as "arrivedAt", to_json(e.admitted_at)#>>'{}' as "admittedAt",
  to_json(e.ended_at)#>>'{}' as "endedAt", e.weight_kg::text as "weightKg",
  exists (select from encounter_coverage c where c.facility_id = e.facility_id and c.encounter_id = e.id) as insured,
  (select count(*)::int from condition c where c.facility_id = e.facility_id and c.encounter_id = e.id
    and c.role = 'primary' and c.removed_at is null) as "primaryConditions",
  (select to_json(max(greatest(l.ordered_at, l.performed_at)))#>>'{}' from charge_line l
    where l.facility_id = e.facility_id and l.encounter_id = e.id and l.cancelled_at is null) as "lastLineAt",
  array(select sequence::int from check_in c where c.facility_id = e.facility_id and c.encounter_id = e.id) as "checkIns"
from encounter e where e.facility_id = $1 and e.id = $2 for update of e`;

export async function lockFrame(
  tx: Transaction,
  facilityId: Id,
  id: Id,
): Promise<EncounterFrameRow | undefined> {
  const rows = await tx.query<EncounterFrameRow>(LOCK_FRAME, [facilityId, id], 'encounter-frame');
  return rows[0];
}

const BUMP =
  'bumped as (update encounter set version = version + 1 where facility_id = $2 and id = $3 returning version)';

/** Writes the rows and raises the visit's version; @returns the new version */
export async function writeRows(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  rows: VisitRows,
): Promise<number> {
  const tables = tablesIn(rows);
  if (tables.length === 0) return updateEncounter(tx, facilityId, encounterId, {});
  const sql = writeStatement(SHAPES, tables, BUMP);
  const parameters = [JSON.stringify(rows), facilityId, encounterId];
  const [row] = await tx.query<{ version: number }>(sql, parameters, `record-${tables.join('-')}`);
  return row?.version ?? 0;
}

/** Writes a visit that begins. */
export async function writeNewVisit(tx: Transaction, rows: VisitRows): Promise<void> {
  const tables = tablesIn(rows);
  await tx.query(writeStatement(SHAPES, tables), [JSON.stringify(rows)], `open-${tables.join('-')}`);
}

/** The visit's card list, in the order of presentation: the ids that belong to this person. */
export async function coveragesOf(tx: Transaction, patientId: Id, ids: readonly Id[]): Promise<Id[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{ id: Id }>(
    'select id from coverage where patient_id = $1 and id = any($2::uuid[])',
    [patientId, ids],
    'coverages-of-patient',
  );
  return rows.map((row) => row.id);
}

/** Links the person to the facility when this is their first visit there. @returns false when there is no such person */
export async function linkPatient(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  number: string,
): Promise<boolean> {
  const [row] = await tx.query<{ known: boolean }>(
    `with linked as (
       insert into patient_facility (facility_id, patient_id, patient_number, basis)
       select $1, id, $3, 'visit' from patient where id = $2
         and not exists (select from patient_facility where facility_id = $1 and patient_id = $2)
       on conflict (facility_id, patient_id) do nothing returning 1)
     select exists (select from patient where id = $2) as known`,
    [facilityId, patientId, number],
    'link-patient',
  );
  return row?.known ?? false;
}

export async function knownLines(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
): Promise<Map<Id, { id: Id; orderedAt: string }>> {
  const rows = await tx.query<{ id: Id; orderedAt: string }>(
    `select id, to_json(ordered_at)#>>'{}' as "orderedAt" from charge_line
     where facility_id = $1 and encounter_id = $2 and cancelled_at is null`,
    [facilityId, encounterId],
    'known-lines',
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Adds to the lines what their results said: times, performers, machines. */
export async function updateResults(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  lines: readonly Row[],
): Promise<void> {
  await tx.query(
    `update charge_line l set version = l.version + 1, result_at = r.result_at,
       performed_at = coalesce(r.performed_at, l.performed_at),
       performed_by_licences = coalesce(r.performed_by_licences, l.performed_by_licences),
       machine_codes = coalesce(r.machine_codes, l.machine_codes)
     from jsonb_to_recordset($3::jsonb) as r(id uuid, performed_at timestamptz, result_at timestamptz,
       performed_by_licences text[], machine_codes text[])
     where l.facility_id = $1 and l.encounter_id = $2 and l.id = r.id`,
    [facilityId, encounterId, JSON.stringify(lines)],
    'update-results',
  );
}

/** Replaces the primary and keeps the rest: a second primary condition corrects the first. */
export async function retirePrimary(tx: Transaction, facilityId: Id, encounterId: Id): Promise<void> {
  await tx.query(
    `update condition set removed_at = now()
     where facility_id = $1 and encounter_id = $2 and role = 'primary' and removed_at is null`,
    [facilityId, encounterId],
    'retire-primary',
  );
}

/** Sets columns of the visit and raises its version. Column names come from code, never from a request. */
export async function updateEncounter(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  columns: Readonly<Record<string, unknown>>,
): Promise<number> {
  const names = Object.keys(columns);
  const sets = names.map((column, index) => `${column} = $${index + 3}`);
  const [row] = await tx.query<{ version: number }>(
    `update encounter set version = version + 1${sets.length ? `, ${sets.join(', ')}` : ''}
     where facility_id = $1 and id = $2 returning version`,
    [facilityId, id, ...names.map((column) => columns[column])],
    `update-encounter-${names.join('-')}`,
  );
  return row?.version ?? 0;
}

export async function replaceCoverages(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  rows: readonly Row[],
): Promise<void> {
  await tx.query('delete from encounter_coverage where facility_id = $1 and encounter_id = $2', [
    facilityId,
    encounterId,
  ]);
  if (rows.length > 0) await writeNewVisit(tx, { encounter_coverage: rows });
}

export async function cancelLineRow(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  lineId: Id,
  reason: string,
): Promise<boolean> {
  const rows = await tx.query(
    `update charge_line set cancelled_at = now(), cancel_reason = $4, version = version + 1
     where facility_id = $1 and encounter_id = $2 and id = $3 and cancelled_at is null returning id`,
    [facilityId, encounterId, lineId, reason],
  );
  return rows.length > 0;
}

/** Newest first; the cursor is the last row's arrival and id. */
export async function listEncounters(
  tx: Transaction,
  facilityId: Id,
  query: EncounterQuery,
  after: { arrivedAt: string; id: Id } | null,
): Promise<EncounterSummary[]> {
  const day = query.day;
  return tx.query<EncounterSummary>(
    `select id, version, state, claim_key as "claimKey", patient_id as "patientId", class_code as "classCode",
       route_code as "routeCode", to_json(arrived_at)#>>'{}' as "arrivedAt", to_json(ended_at)#>>'{}' as "endedAt",
       to_json(settled_at)#>>'{}' as "settledAt"
     from encounter
     where facility_id = $1
       and ($2::text is null or state = $2)
       and ($3::timestamptz is null or arrived_at >= $3) and ($4::timestamptz is null or arrived_at < $4)
       and ($5::timestamptz is null or (arrived_at, id) < ($5, $6::uuid))
     order by arrived_at desc, id desc limit $7`,
    [
      facilityId,
      query.state ?? null,
      day ? instantAt(day) : null,
      day ? instantAt(addDays(day, 1)) : null,
      after?.arrivedAt ?? null,
      after?.id ?? null,
      (query.limit ?? 50) + 1,
    ],
  );
}
