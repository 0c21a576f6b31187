import type { Obstacle } from '../claims/index.ts';
import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';

/** Of `export_work w`: nothing built yet, not held, and no obstacle in the way that waits for a person. */
export const IS_READY = `w.number = 0 and w.held_at is null and not exists (select from export_obstacle o
  where o.facility_id = w.facility_id and o.encounter_id = w.encounter_id)`;

export type RunCause = 'schedule' | 'request' | 'settlement';

/** A run and a batch for each facility that has something to build. @returns those facilities, the earliest end of a visit first */
export async function insertRun(
  tx: Transaction,
  run: {
    id: Id;
    facilityId: Id | null;
    day: LocalDate;
    cause: RunCause;
    requestedBy: Id | null;
    startedAt: string;
  },
  facilityIds: readonly Id[] | null,
): Promise<Id[]> {
  await tx.query(
    `insert into export_run (id, facility_id, day, cause, requested_by, started_at) values ($1, $2, $3, $4, $5, $6)`,
    [run.id, run.facilityId, run.day, run.cause, run.requestedBy, run.startedAt],
  );
  const rows = await tx.query<{ facilityId: Id }>(
    `insert into export_batch (facility_id, run_id, found)
     select w.facility_id, $1, count(*) from export_work w
     where ${IS_READY} and w.settled_at < $2 and ($3::uuid[] is null or w.facility_id = any($3))
     group by w.facility_id order by min(w.ended_at) returning facility_id as "facilityId"`,
    [run.id, instantAt(addDays(run.day, 1)), facilityIds],
  );
  return rows.map((row) => row.facilityId);
}

export interface BatchHead {
  readonly runId: Id;
  readonly facilityId: Id;
  readonly facilityCode: string;
  readonly day: LocalDate;
  readonly startedAt: string;
}

export async function startBatch(
  tx: Transaction,
  runId: Id,
  facilityId: Id,
  at: string,
): Promise<BatchHead | undefined> {
  const rows = await tx.query<BatchHead>(
    `update export_batch b set started_at = coalesce(b.started_at, $3)
     from export_run r, facility f where r.id = b.run_id and f.id = b.facility_id and b.run_id = $1 and b.facility_id = $2
       and b.finished_at is null
     returning b.run_id as "runId", b.facility_id as "facilityId", f.code as "facilityCode", r.day::text,
       to_json(r.started_at)#>>'{}' as "startedAt"`,
    [runId, facilityId, at],
    'start-batch',
  );
  return rows[0];
}

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

export async function nextClaimNumbers(
  tx: Transaction,
  facilityId: Id,
  ids: readonly Id[],
): Promise<Map<Id, number>> {
  const rows = await tx.query<{ id: Id; number: number }>(
    `select i.id, coalesce((select max(number) from claim_version c where c.facility_id = $1 and c.encounter_id = i.id), 0) + 1 as number
     from unnest($2::uuid[]) as i(id)`,
    [facilityId, ids],
    'next-claim-numbers',
  );
  return new Map(rows.map((row) => [row.id, row.number]));
}

/** @returns how many this run had not set aside before: of two workers on one batch, each counts its own */
export async function setAside(
  tx: Transaction,
  facilityId: Id,
  runId: Id,
  at: string,
  obstacles: readonly Obstacle[],
): Promise<number> {
  if (obstacles.length === 0) return 0;
  const rows = await tx.query(
    `insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, run_id, at, reason, details)
     select $1, "encounterId", "claimKey", "settlementVersion", $2, $3, reason, details
     from jsonb_to_recordset($4::jsonb) as r("encounterId" uuid, "claimKey" text, "settlementVersion" int, reason text, details jsonb)
     -- Reopened, or settled anew, while it was built: what was found then says nothing of what waits now.
     where exists (select from export_work w where w.facility_id = $1 and w.encounter_id = r."encounterId" and w.number = 0
       and w.settlement_version = r."settlementVersion" for update)
     on conflict (facility_id, encounter_id, settlement_version)
       do update set run_id = excluded.run_id, at = excluded.at, reason = excluded.reason, details = excluded.details
       where export_obstacle.run_id is distinct from excluded.run_id returning 1`,
    [facilityId, runId, at, JSON.stringify(obstacles)],
  );
  return rows.length;
}

export async function countBatch(
  tx: Transaction,
  runId: Id,
  facilityId: Id,
  built: number,
  aside: number,
  finishedAt: string | null,
): Promise<void> {
  await tx.query(
    `update export_batch set built = built + $3, set_aside = set_aside + $4, finished_at = coalesce($5::timestamptz, finished_at)
     where run_id = $1 and facility_id = $2`,
    [runId, facilityId, built, aside, finishedAt],
    'count-batch',
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

export interface ObstacleView {
  readonly encounterId: Id;
  readonly facilityCode: string;
  readonly claimKey: string;
  readonly reason: string;
  /** Table, row and field, where the reason speaks of one. */
  readonly place: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly runId: Id | null;
}

/** Visits that could not be made into claims and wait for a person, newest first. */
export async function listObstacles(
  tx: Transaction,
  wanted: {
    readonly facilityId: Id | null;
    readonly runId?: Id;
    readonly after?: PageEnd | null;
    readonly limit: number;
  },
): Promise<ObstacleView[]> {
  return tx.query<ObstacleView>(
    `select o.encounter_id as "encounterId", f.code as "facilityCode", o.claim_key as "claimKey", o.reason,
       o.details->>'place' as place, o.details, to_json(o.at)#>>'{}' as at, o.run_id as "runId"
     from export_obstacle o join facility f on f.id = o.facility_id
     where ($1::uuid is null or o.facility_id = $1) and ($2::uuid is null or o.run_id = $2)
       and ($3::timestamptz is null or (o.at, o.encounter_id) < ($3, $4::uuid))
     order by o.at desc, o.encounter_id desc limit $5`,
    [
      wanted.facilityId,
      wanted.runId ?? null,
      wanted.after?.at ?? null,
      wanted.after?.id ?? null,
      wanted.limit,
    ],
  );
}

/** @returns the reasons of what stood in the way; none when nothing did */
export async function removeObstacles(tx: Transaction, facilityId: Id, encounterId: Id): Promise<string[]> {
  const rows = await tx.query<{ reason: string }>(
    'delete from export_obstacle where facility_id = $1 and encounter_id = $2 returning reason',
    [facilityId, encounterId],
  );
  return rows.map((row) => row.reason);
}

/** @returns the visits that were set aside for that reason */
export async function removeObstaclesOf(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
  reason: string,
): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `delete from export_obstacle where facility_id = $1 and encounter_id = any($2::uuid[]) and reason = $3
     returning encounter_id as id`,
    [facilityId, encounterIds, reason],
  );
  return [...new Set(rows.map(({ id }) => id))].toSorted();
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

export interface StoredAccount {
  readonly username: string;
  readonly sealed: Buffer;
  readonly facilityCode: string;
  /** The gateway answers this facility's questions about what it received. */
  readonly asksResults: boolean;
}

export async function readAccount(tx: Transaction, facilityId: Id): Promise<StoredAccount | undefined> {
  const rows = await tx.query<StoredAccount>(
    `select a.username, a.password_sealed as sealed, f.code as "facilityCode",
       coalesce(s.asks_results, false) as "asksResults"
     from gateway_account a join facility f on f.id = a.facility_id
     left join export_setting s on s.facility_id = a.facility_id where a.facility_id = $1`,
    [facilityId],
    'gateway-account',
  );
  return rows[0];
}

export interface RunView {
  readonly id: Id;
  readonly day: LocalDate;
  readonly cause: RunCause;
  readonly startedAt: string;
  readonly batches: { readonly total: number; readonly finished: number };
  readonly visits: { readonly found: number; readonly built: number; readonly setAside: number };
  /** Claim versions of this run by state. */
  readonly claims: Readonly<Record<string, number>>;
  readonly finished: boolean;
}

/** Runs, newest first, each with its progress as it stands now. */
export async function readRuns(
  tx: Transaction,
  facilityId: Id | null,
  runId: Id | null,
  limit: number,
): Promise<RunView[]> {
  return tx.query<RunView>(
    `select r.id, r.day::text, r.cause, to_json(r.started_at)#>>'{}' as "startedAt", b.batches, b.visits,
       coalesce(c.claims, '{}') as claims,
       (b.open = 0 and not coalesce((c.claims ?| array['built', 'checked', 'signed', 'queued', 'sending']), false)) as finished
     from export_run r
     cross join lateral (
       select json_build_object('total', count(*)::int, 'finished', (count(*) filter (where finished_at is not null))::int) as batches,
         json_build_object('found', coalesce(sum(found), 0)::int, 'built', coalesce(sum(built), 0)::int,
           'setAside', coalesce(sum(set_aside), 0)::int) as visits,
         (count(*) filter (where finished_at is null))::int as open
       from export_batch b where b.run_id = r.id and ($1::uuid is null or b.facility_id = $1)) b
     left join lateral (
       select jsonb_object_agg(type, n) as claims from (
         select last.type, count(*)::int as n from claim_version v
         cross join lateral (select e.type from claim_event e where e.facility_id = v.facility_id
           and e.encounter_id = v.encounter_id and e.number = v.number order by e.sequence desc limit 1) last
         where v.run_id = r.id and ($1::uuid is null or v.facility_id = $1) group by 1) counted) c on true
     where ($2::uuid is null or r.id = $2)
       and ($1::uuid is null or r.facility_id = $1 or exists (select from export_batch x where x.run_id = r.id and x.facility_id = $1))
     order by r.started_at desc, r.id desc limit $3`,
    [facilityId, runId, limit],
  );
}

/** Facilities that had visits to build by the end of that day, and have not had their scheduled run of it. */
export async function facilitiesForScheduledRun(tx: Transaction, day: LocalDate): Promise<Set<Id>> {
  const rows = await tx.query<{ id: Id }>(
    `select f.id from facility f
     where exists (select from export_work w
       where w.facility_id = f.id and ${IS_READY} and w.since < $2 and w.settled_at < $2)
       and not exists (
       select from export_batch b join export_run r on r.id = b.run_id
       where b.facility_id = f.id and r.day = $1 and r.cause = 'schedule')`,
    [day, instantAt(addDays(day, 1))],
  );
  return new Set(rows.map((row) => row.id));
}

/** Documents of a facility's claims made on one day, newest version of each visit, for hand-over files. */
export async function* documentsOf(
  tx: Transaction,
  facilityId: Id,
  from: string,
  to: string,
): AsyncGenerator<Buffer> {
  let after: { at: string; id: Id } | null = null;
  for (;;) {
    const rows: { id: Id; at: string; compressed: Buffer }[] = await tx.query(
      `select c.encounter_id as id, to_json(c.created_at)#>>'{}' as at, d.compressed
       from claim_version c join claim_document d on d.facility_id = c.facility_id and d.encounter_id = c.encounter_id
         and d.number = c.number and d.kind = 'unsigned'
       where c.facility_id = $1 and c.created_at >= $2 and c.created_at < $3
         and not exists (select from claim_version n where n.facility_id = c.facility_id
           and n.encounter_id = c.encounter_id and n.number > c.number)
         and ($4::timestamptz is null or (c.created_at, c.encounter_id) > ($4, $5::uuid))
       order by c.created_at, c.encounter_id limit 200`,
      [facilityId, from, to, after?.at ?? null, after?.id ?? null],
    );
    for (const row of rows) yield row.compressed;
    const last = rows.at(-1);
    if (!last) return;
    after = { at: last.at, id: last.id };
  }
}

export async function countDocuments(
  tx: Transaction,
  from: string,
  to: string,
  facilityCode: string | null,
): Promise<{ facilityId: Id; facilityCode: string; count: number }[]> {
  return tx.query(
    `select c.facility_id as "facilityId", f.code as "facilityCode", count(*)::int as count
     from claim_version c join facility f on f.id = c.facility_id
     where c.created_at >= $1 and c.created_at < $2 and ($3::text is null or f.code = $3)
       and not exists (select from claim_version n where n.facility_id = c.facility_id
         and n.encounter_id = c.encounter_id and n.number > c.number)
     group by 1, 2 order by 2`,
    [from, to, facilityCode],
  );
}
