import type { EncounterQuery, EncounterSummary } from '../../schemas/api/encounters.ts';
import { type Transaction, tablesIn, writeStatement } from '../platform/database/index.ts';
import { addDays, instantAt, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import type { KnownLine } from './decide.ts';
import type { RouteDecision, Way } from './route.ts';
import { type Row, SHAPES, type VisitRows } from './rows.ts';
import { encounterJson } from './visit-record.repo.ts';
import type { ConditionRecord, EncounterRecord } from './visit-record.ts';

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
  readonly insured: boolean;
  /** Conditions that count, by role; a role without any is absent. */
  readonly conditions: Readonly<Partial<Record<ConditionRecord['role'], number>>>;
  /** The department of arrival, and those of its lines. */
  readonly departmentCodes: readonly string[];
  /** Order of the first cost; null = nothing has been ordered. */
  readonly firstOrderAt: string | null;
  /** Check-in messages that already exist: 1 after the first cost, 2 after the first cost in the ward. */
  readonly checkIns: readonly number[];
  /** The newest settlement; 0 = never settled. */
  readonly settlementVersion: number;
}

/**
 * The visit's own columns come from the row as it was locked; what stands beside it is as old as the statement. Every
 * change raises the version, so a version that the statement had not seen tells that it waited for somebody.
 */
const LOCK_FRAME = `
select e.id, e.version, e.state, e.claim_key as "claimKey", e.patient_id as "patientId", e.class_code as "classCode",
  e.route_code as "routeCode", to_json(e.arrived_at)#>>'{}' as "arrivedAt", to_json(e.admitted_at)#>>'{}' as "admittedAt",
  to_json(e.ended_at)#>>'{}' as "endedAt",
  (select seen.version from encounter seen where seen.facility_id = $1 and seen.id = $2) as "seenVersion",
  exists (select from encounter_coverage c where c.facility_id = $1 and c.encounter_id = $2) as insured,
  (select coalesce(json_object_agg(role, n), '{}') from (select c.role, count(*) as n from condition c
    where c.facility_id = $1 and c.encounter_id = $2 and c.removed_at is null group by 1) r) as conditions,
  array(select e.department_code union select l.department_code from charge_line l
    where l.facility_id = $1 and l.encounter_id = $2 and l.cancelled_at is null) as "departmentCodes",
  (select to_json(min(l.ordered_at))#>>'{}' from charge_line l
    where l.facility_id = $1 and l.encounter_id = $2 and l.cancelled_at is null) as "firstOrderAt",
  array(select sequence::int from check_in c where c.facility_id = $1 and c.encounter_id = $2) as "checkIns",
  e.settlement_version as "settlementVersion"
from encounter e where e.facility_id = $1 and e.id = $2 for no key update of e`;

export async function lockFrame(
  tx: Transaction,
  facilityId: Id,
  id: Id,
): Promise<EncounterFrameRow | undefined> {
  const read = () =>
    tx.query<EncounterFrameRow & { seenVersion: number }>(LOCK_FRAME, [facilityId, id], 'encounter-frame');
  const [frame] = await read();
  // The lock is held now, so a second look is of one moment.
  return frame && frame.seenVersion !== frame.version ? (await read())[0] : frame;
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

/** Writes a visit that begins, or rows that are no change of one. */
export async function insertRows(tx: Transaction, rows: VisitRows): Promise<void> {
  const tables = tablesIn(rows);
  if (tables.length === 0) return;
  await tx.query(writeStatement(SHAPES, tables), [JSON.stringify(rows)], `open-${tables.join('-')}`);
}

/** What is known of somebody who arrives. */
export interface Arriving {
  readonly birthDate: LocalDate;
  /** Those of the cards asked for that are this person's. */
  readonly coverages: readonly (Way['coverages'][number] & { readonly id: Id })[];
  /** Number of the visit here whose follow-up is due on that day. */
  readonly followUpOf: string | null;
}

const FOLLOW_UP = `(select record_number from encounter where facility_id = $1 and patient_id = $2
  and $3::date = any(follow_up_dates) order by arrived_at desc limit 1)`;

export async function arriving(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  day: LocalDate,
  coverageIds: readonly Id[],
): Promise<Arriving | undefined> {
  const rows = await tx.query<Arriving>(
    `select birth_date::text as "birthDate", ${FOLLOW_UP} as "followUpOf",
       coalesce((select json_agg(json_build_object('id', id, 'from', lower(valid), 'to', upper(valid),
         'registeredFacilityCode', registered_facility_code, 'areaCode', area_code))
         from coverage where patient_id = $2 and id = any($4::uuid[])), '[]') as coverages
     from patient where id = $2`,
    [facilityId, patientId, day, coverageIds],
    'arriving',
  );
  return rows[0];
}

/** Number of the visit here whose follow-up is due on that day. */
export async function followUpOf(
  tx: Transaction,
  facilityId: Id,
  patientId: Id,
  day: LocalDate,
): Promise<string | null> {
  const [row] = await tx.query<{ number: string | null }>(
    `select ${FOLLOW_UP} as number`,
    [facilityId, patientId, day],
    'follow-up',
  );
  return row?.number ?? null;
}

export async function knownLines(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
): Promise<Map<Id, KnownLine>> {
  const rows = await tx.query<KnownLine>(
    `select id, cost_group_code as "costGroupCode", to_json(ordered_at)#>>'{}' as "orderedAt",
       to_json(performed_at)#>>'{}' as "performedAt"
     from charge_line where facility_id = $1 and encounter_id = $2 and cancelled_at is null`,
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
  return (await changeColumns(tx, facilityId, id, columns)).version;
}

/** The same, and the visit as it stands then. */
export async function updateRecord(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  columns: Readonly<Record<string, unknown>>,
): Promise<EncounterRecord> {
  const names = Object.keys(columns);
  const [row] = await tx.query<{ record: EncounterRecord }>(
    `update encounter e set version = version + 1, ${setsOf(names)} where facility_id = $1 and id = $2
     returning ${encounterJson('$2')} as record`,
    [facilityId, id, ...names.map((column) => columns[column])],
    `update-record-${names.join('-')}`,
  );
  if (!row) throw new Error('the visit was locked and is gone');
  return row.record;
}

/** From `$3` on. */
const setsOf = (names: readonly string[]) =>
  names.map((column, index) => `${column} = $${index + 3}`).join(', ');

/** The same, and what each column was and is, for the audit trail. */
export async function changeColumns(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  columns: Readonly<Record<string, unknown>>,
): Promise<{ readonly version: number; readonly before: object; readonly after: object }> {
  const names = Object.keys(columns);
  const both = (when: 'old' | 'new') =>
    `json_build_object(${names.map((one) => `'${one}', ${when}.${one}`).join(', ')})`;
  const [row] = await tx.query<{ version: number; before: object; after: object }>(
    `update encounter set version = version + 1${names.length ? `, ${setsOf(names)}` : ''}
     where facility_id = $1 and id = $2
     returning new.version, ${both('old')} as before, ${both('new')} as after`,
    [facilityId, id, ...names.map((column) => columns[column])],
    `update-encounter-${names.join('-')}`,
  );
  return row ?? { version: 0, before: {}, after: {} };
}

/** Beside a change that has raised the version already. */
export async function setRoute(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  { proposed, reason }: RouteDecision,
): Promise<void> {
  await tx.query(
    'update encounter set proposed_route_code = $3, route_reason = $4 where facility_id = $1 and id = $2',
    [facilityId, id, proposed, reason],
    'set-route',
  );
}

/** A card that was there before keeps the moment at which it was shown. */
export async function replaceCoverages(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  rows: readonly Row[],
): Promise<void> {
  const before = await tx.query<{ id: Id; presentedAt: string }>(
    `delete from encounter_coverage where facility_id = $1 and encounter_id = $2
     returning coverage_id as id, to_json(presented_at)#>>'{}' as "presentedAt"`,
    [facilityId, encounterId],
  );
  const presented = new Map(before.map(({ id, presentedAt }) => [id, presentedAt]));
  const kept = rows.map((row) => ({
    ...row,
    presented_at: presented.get(row.coverage_id as Id) ?? row.presented_at,
  }));
  await insertRows(tx, { encounter_coverage: kept });
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
