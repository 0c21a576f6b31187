import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import type { CauseKind, Stage } from '../rule.ts';
import { IS_LET_STAND } from './decision.repo.ts';

export type JobState = 'waiting' | 'running' | 'done' | 'failed';

/** What stands open over some visits. */
export interface Tally {
  readonly findings: number;
  /** Visits whose claim is kept back. */
  readonly blocking: number;
  /** đồng, at most once per visit. */
  readonly amount: string;
}

export interface NewRecheck {
  readonly facilityId: Id;
  readonly id: Id;
  readonly askedBy: Id | null;
  readonly askedAt: string;
  readonly cause: { readonly kind: CauseKind; readonly key: string } | null;
  readonly rule: string | null;
  readonly encounterIds: readonly Id[];
  readonly before: Tally;
}

export async function insertRecheck(tx: Transaction, recheck: NewRecheck): Promise<void> {
  const isDone = recheck.encounterIds.length === 0;
  await tx.query(
    `insert into recheck (facility_id, id, asked_by, asked_at, cause_kind, cause_key, rule, encounters, before, state, after,
       touched_at, finished_at)
     values ($1, $2, $3, $4::timestamptz, $5, $6, $7, $8, $9::jsonb, $10, case when $11 then $9::jsonb end, $4::timestamptz, case when $11 then $4::timestamptz end)`,
    [
      recheck.facilityId,
      recheck.id,
      recheck.askedBy,
      recheck.askedAt,
      recheck.cause?.kind ?? null,
      recheck.cause?.key ?? null,
      recheck.rule,
      recheck.encounterIds,
      JSON.stringify(recheck.before),
      isDone ? 'done' : 'waiting',
      isDone,
    ],
  );
}

export interface RecheckView {
  readonly id: Id;
  readonly state: JobState;
  readonly askedAt: string;
  readonly finishedAt: string | null;
  readonly total: number;
  readonly done: number;
  readonly before: Tally;
  readonly after: Tally;
  readonly freed: number;
}

const VIEW = `select id, state, to_json(asked_at)#>>'{}' as "askedAt", to_json(finished_at)#>>'{}' as "finishedAt",
  cardinality(encounters) as total, done, before, coalesce(after, before) as after, freed from recheck`;

export async function findRecheck(tx: Transaction, facilityId: Id, id: Id): Promise<RecheckView | undefined> {
  const [found] = await tx.query<RecheckView>(`${VIEW} where facility_id = $1 and id = $2`, [facilityId, id]);
  return found;
}

/** The next visits of a recheck that is not finished, locked until the transaction ends. */
export async function takeVisits(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  most: number,
): Promise<
  { readonly encounterIds: readonly Id[]; readonly all: readonly Id[]; readonly done: number } | undefined
> {
  const [row] = await tx.query<{ all: Id[]; done: number }>(
    `select encounters as all, done from recheck where facility_id = $1 and id = $2 and finished_at is null for update`,
    [facilityId, id],
  );
  return row && { encounterIds: row.all.slice(row.done, row.done + most), all: row.all, done: row.done };
}

export async function advance(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  step: { readonly done: number; readonly freed: number; readonly after: Tally | null; readonly at: string },
): Promise<void> {
  await tx.query(
    `update recheck set done = $3, freed = freed + $4, after = $5::jsonb, touched_at = $6::timestamptz,
       state = case when $5::jsonb is null then 'running' else 'done' end,
       finished_at = case when $5::jsonb is not null then $6::timestamptz end
     where facility_id = $1 and id = $2`,
    [facilityId, id, step.done, step.freed, step.after && JSON.stringify(step.after), step.at],
  );
}

/** What is open now over these visits, without what people let stand. */
export async function tallyOf(tx: Transaction, facilityId: Id, encounterIds: readonly Id[]): Promise<Tally> {
  const [row] = await tx.query<Tally>(
    `with open as (select f.encounter_id, f.effect = 'block' as blocks, f.amount,
         case when f.official_table in ('XML2', 'XML3') then f.official_table || ':' || f.row_number end as place
       from finding f where f.facility_id = $1 and f.encounter_id = any($2::uuid[]) and f.cleared_at is null
         and f.effect <> 'count' and not ${IS_LET_STAND}),
     by_place as (select encounter_id, place, count(*) as n, bool_or(blocks) as blocks, max(amount) as amount
       from open group by 1, 2),
     by_visit as (select encounter_id, sum(n) as n, bool_or(blocks) as blocks,
         coalesce(max(amount) filter (where place is null), sum(amount) filter (where place is not null), 0) as amount
       from by_place group by 1)
     select coalesce(sum(n), 0)::int as findings, (count(*) filter (where blocks))::int as blocking,
       coalesce(sum(amount), 0)::numeric(18, 2)::text as amount from by_visit`,
    [facilityId, encounterIds],
  );
  return row ?? { findings: 0, blocking: 0, amount: '0.00' };
}

/** Which of these visits are there, and the stage at which each is to be assessed; null while it is not over. */
export function stagesOf(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
): Promise<{ id: Id; stage: Stage | null }[]> {
  return tx.query(
    `select e.id, coalesce(a.stage, case when e.settled_at is not null then 'settlement'
       when e.ended_at is not null then 'discharge' end) as stage from encounter e
     left join assessment a on a.facility_id = e.facility_id and a.encounter_id = e.id
     where e.facility_id = $1 and e.id = any($2::uuid[]) order by e.id`,
    [facilityId, encounterIds],
  );
}

/** Rechecks of any facility that nobody works on. */
export function restingRechecks(
  tx: Transaction,
  touchedBefore: string,
): Promise<{ facilityId: Id; id: Id }[]> {
  return tx.query(
    `select facility_id as "facilityId", id from recheck where finished_at is null and touched_at < $1
     order by touched_at limit 100`,
    [touchedBefore],
  );
}
