import type { Transaction } from '../platform/database/index.ts';
import { addDays, instantAt, type LocalDate } from '../platform/dates.ts';
import type { Id } from '../platform/ids.ts';
import { IS_READY } from './work.repo.ts';

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
