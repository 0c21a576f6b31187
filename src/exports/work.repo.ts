import type { ClaimKey } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/** Of `export_work w`: nothing built yet, not held, and no obstacle in the way that waits for a person. */
export const IS_READY = `w.number = 0 and w.held_at is null and not exists (select from export_obstacle o
  where o.facility_id = w.facility_id and o.encounter_id = w.encounter_id)`;

/** Visits that wait to be built, settled up to and on that day, what ended first before the rest; those that wait for a person are left out. */
export async function visitsToBuild(
  tx: Transaction,
  facilityId: Id,
  day: LocalDate,
  limit: number,
): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `select w.encounter_id as id from export_work w
     where w.facility_id = $1 and ${IS_READY} and w.settled_at < $2
     order by w.ended_at, w.encounter_id limit $3`,
    [facilityId, instantAt(addDays(day, 1)), limit],
    'visits-to-build',
  );
  return rows.map((row) => row.id);
}

/** Takes the visits for building: those built by another worker, held, or settled anew meanwhile are gone from the answer. */
export async function takeForBuild(
  tx: Transaction,
  facilityId: Id,
  visits: readonly {
    readonly encounterId: Id;
    readonly number: number;
    readonly settlementVersion: number;
  }[],
  sendNotBefore: string,
): Promise<Set<Id>> {
  const rows = await tx.query<{ id: Id }>(
    `update export_work w set number = r.number, not_before = $3
     from jsonb_to_recordset($2::jsonb) as r("encounterId" uuid, number int, "settlementVersion" int)
     where w.facility_id = $1 and w.encounter_id = r."encounterId" and w.number = 0
       and w.settlement_version = r."settlementVersion"
       and w.held_at is null returning w.encounter_id as id`,
    [
      facilityId,
      JSON.stringify(
        visits.map(({ encounterId, number, settlementVersion }) => ({
          encounterId,
          number,
          settlementVersion,
        })),
      ),
      sendNotBefore,
    ],
    'take-for-build',
  );
  return new Set(rows.map((row) => row.id));
}

export interface Work {
  /** Of the claim version to be sent; 0 = it waits to be built. */
  readonly number: number;
  readonly isHeld: boolean;
}

/**
 * What the insurer still waits for of this visit, locked so that nobody takes, sends or withdraws it meanwhile;
 * undefined = nothing. Whoever changes the work or appends to its claim locks it first.
 */
export async function lockWork(tx: Transaction, facilityId: Id, encounterId: Id): Promise<Work | undefined> {
  const rows = await tx.query<Work>(
    `select number, held_at is not null as "isHeld" from export_work
     where facility_id = $1 and encounter_id = $2 for update`,
    [facilityId, encounterId],
    'lock-work',
  );
  return rows[0];
}

/** By the clock of the database: one for all machines, and nobody sets it while a worker's machine is put right. */
export async function databaseTime(tx: Transaction): Promise<Date> {
  const [row] = await tx.query<{ at: string }>(
    `select to_json(clock_timestamp())#>>'{}' as at`,
    [],
    'database-time',
  );
  return new Date(row!.at);
}

/** @param hold null = no longer held */
export async function setHold(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  hold: { readonly reason: string; readonly by: Id; readonly at: string } | null,
): Promise<void> {
  await tx.query(
    `update export_work set held_reason = $3, held_by = $4, held_at = $5
     where facility_id = $1 and encounter_id = $2 and number = 0`,
    [facilityId, encounterId, hold?.reason ?? null, hold?.by ?? null, hold?.at ?? null],
  );
}

export interface DueClaim {
  readonly facilityId: Id;
  readonly encounterId: Id;
  readonly number: number;
  readonly sequence: number;
  readonly isSigned: boolean;
  /** A call of it has begun, and nothing says how it ended. */
  readonly isCalling: boolean;
  /** Of the visit. */
  readonly endedAt: string;
}

/** Of one facility at a time: its lanes find the rest, and the others are not kept waiting by the largest. */
const DUE_OF_FACILITY = 20;

/** Built claims whose time to be sent (again) has come, what ended first before the rest. */
export async function dueClaims(tx: Transaction, now: string, limit: number): Promise<DueClaim[]> {
  return tx.query<DueClaim>(
    `select w.facility_id as "facilityId", w.encounter_id as "encounterId", w.number,
       (select max(v.sequence) from claim_event v where v.facility_id = w.facility_id and v.encounter_id = w.encounter_id
         and v.number = w.number)::int as sequence, w.signed_number = w.number as "isSigned",
       (select v.type = 'sending' from claim_event v where v.facility_id = w.facility_id
         and v.encounter_id = w.encounter_id and v.number = w.number order by v.sequence desc limit 1) as "isCalling",
       to_json(w.ended_at)#>>'{}' as "endedAt"
     from (select *, row_number() over (partition by facility_id order by ended_at, encounter_id) as place
       from export_work where number > 0 and not_before <= $1) w
     where w.place <= $3 order by w.ended_at, w.encounter_id limit $2`,
    [now, limit, DUE_OF_FACILITY],
    'due-claims',
  );
}

export async function postponeWork(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  /** Moment, or `infinity`. */
  notBefore: string,
  /** Only while the work is about this version; absent = whichever it is. */
  number: number | null = null,
): Promise<void> {
  await tx.query(
    `update export_work set not_before = $3
     where facility_id = $1 and encounter_id = $2 and number = coalesce($4::int, number)`,
    [facilityId, encounterId, notBefore, number],
    'postpone-work',
  );
}

/** Nothing is to be built or sent of this visit. */
export async function cancelWork(tx: Transaction, facilityId: Id, encounterId: Id): Promise<void> {
  await tx.query('delete from export_work where facility_id = $1 and encounter_id = $2', [
    facilityId,
    encounterId,
  ]);
}

export async function finishWork(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  number: number,
): Promise<void> {
  await tx.query(
    'delete from export_work where facility_id = $1 and encounter_id = $2 and number = $3',
    [facilityId, encounterId, number],
    'finish-work',
  );
}

/** The version on the list will never be taken: another is built in its place, by the next run. */
export async function buildAnew(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  number: number,
  now: string,
): Promise<void> {
  await tx.query(
    `update export_work set number = 0, signed_number = 0, since = $4, not_before = $4
     where facility_id = $1 and encounter_id = $2 and number = $3`,
    [facilityId, encounterId, number, now],
    'build-anew',
  );
}

/** Puts a built version back on the list of what is to be sent, with the signature that it has. */
export async function listAgain(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  isSigned: boolean,
  notBefore: string,
): Promise<void> {
  await tx.query(
    `insert into export_work
       (facility_id, encounter_id, number, signed_number, not_before, ended_at, settled_at, settlement_version)
     select c.facility_id, c.encounter_id, c.number, case when $4::boolean then c.number else 0 end, $5,
       coalesce(e.ended_at, e.settled_at), e.settled_at, c.settlement_version
     from claim_version c join encounter e on e.facility_id = c.facility_id and e.id = c.encounter_id
     where c.facility_id = $1 and c.encounter_id = $2 and c.number = $3`,
    [facilityId, encounterId, number, isSigned, notBefore],
  );
}
