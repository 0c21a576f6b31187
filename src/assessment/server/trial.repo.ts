import type { Transaction } from '../../platform/database/index.ts';
import { instantAt, type LocalDate } from '../../platform/dates.ts';
import type { Id } from '../../platform/ids.ts';
import type { RuleWish } from '../settings.ts';
import type { Answer, TrialResult } from '../trial.ts';
import type { JobState } from './recheck.repo.ts';

/** A rule as it is to be tried; what is absent is as it is in force. */
export type TrialRule = { readonly id: string } & Partial<RuleWish>;

export interface Trial {
  readonly id: Id;
  readonly facilityId: Id | null;
  readonly facilityIds: readonly Id[] | null;
  readonly rules: readonly TrialRule[];
  readonly from: LocalDate;
  /** First day after it. */
  readonly to: LocalDate;
  readonly state: JobState;
  readonly askedAt: string;
  readonly finishedAt: string | null;
  readonly done: number;
  readonly total: number;
  readonly result: TrialResult | null;
}

const TRIAL = `t.id, t.facility_id as "facilityId", t.facility_ids as "facilityIds", t.rules, t.from_day::text as "from",
  t.to_day::text as "to", t.state, to_json(t.asked_at)#>>'{}' as "askedAt", to_json(t.finished_at)#>>'{}' as "finishedAt",
  t.done, coalesce(t.total, 0) as total`;

export async function insertTrial(
  tx: Transaction,
  trial: Pick<Trial, 'id' | 'facilityId' | 'facilityIds' | 'rules' | 'from' | 'to' | 'askedAt'>,
): Promise<void> {
  await tx.query(
    `insert into rule_trial (id, facility_id, facility_ids, asked_by, asked_at, rules, from_day, to_day, state, touched_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $5)`,
    [
      trial.id,
      trial.facilityId,
      trial.facilityIds,
      tx.context.userId,
      trial.askedAt,
      JSON.stringify(trial.rules),
      trial.from,
      trial.to,
    ],
  );
}

/** Those that the transaction sees: the facility's own, or the office's. */
export async function findTrial(tx: Transaction, facilityId: Id | null, id: Id): Promise<Trial | undefined> {
  const [found] = await tx.query<Trial>(
    `select ${TRIAL}, t.result from rule_trial t where t.id = $2 and t.facility_id is not distinct from $1`,
    [facilityId, id],
  );
  return found;
}

export function listTrials(
  tx: Transaction,
  facilityId: Id | null,
  limit: number,
): Promise<Omit<Trial, 'result'>[]> {
  return tx.query(
    `select ${TRIAL} from rule_trial t where t.facility_id is not distinct from $1
     order by t.asked_at desc, t.id desc limit $2`,
    [facilityId, limit],
  );
}

/** Begins a trial (again), unless it is finished. @returns false then */
export async function beginTrial(tx: Transaction, id: Id, total: number, at: string): Promise<boolean> {
  const rows = await tx.query(
    `update rule_trial set state = 'running', done = 0, total = $2, touched_at = $3
     where id = $1 and finished_at is null returning 1`,
    [id, total, at],
  );
  return rows.length > 0;
}

export async function noteProgress(tx: Transaction, id: Id, done: number, at: string): Promise<void> {
  await tx.query('update rule_trial set done = $2, touched_at = $3 where id = $1 and finished_at is null', [
    id,
    done,
    at,
  ]);
}

/** @param result null = it failed */
export async function finishTrial(
  tx: Transaction,
  id: Id,
  done: number,
  result: TrialResult | null,
  at: string,
): Promise<void> {
  await tx.query(
    `update rule_trial set state = case when $3::jsonb is null then 'failed' else 'done' end, done = $2, result = $3, touched_at = $4, finished_at = $4
     where id = $1 and finished_at is null`,
    [id, done, result && JSON.stringify(result), at],
  );
}

/** Of the claims that were built in `[from, to)`: of each visit the first version then, which is what was sent first. */
const BUILT = `claim_version c where c.facility_id = $1 and c.created_at >= $2 and c.created_at < $3
  and not exists (select from claim_version b where b.facility_id = c.facility_id and b.encounter_id = c.encounter_id
    and b.number < c.number and b.created_at >= $2)`;

export async function countBuilt(
  tx: Transaction,
  facilityId: Id,
  from: LocalDate,
  to: LocalDate,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`select count(*)::int as n from ${BUILT}`, [
    facilityId,
    instantAt(from),
    instantAt(to),
  ]);
  return row?.n ?? 0;
}

export interface BuiltDocument {
  readonly encounterId: Id;
  readonly at: string;
  readonly compressed: Buffer;
  readonly answer: Answer;
}

export function builtDocuments(
  tx: Transaction,
  facilityId: Id,
  from: LocalDate,
  to: LocalDate,
  after: { readonly at: string; readonly encounterId: Id } | null,
  limit: number,
): Promise<BuiltDocument[]> {
  return tx.query<BuiltDocument>(
    `select c.encounter_id as "encounterId", to_json(c.created_at)#>>'{}' as at, d.compressed,
       json_build_object('outcome', coalesce(e.type, 'none'), 'code', e.result_code) as answer
     from claim_document d, ${BUILT.replace(
       ' where ',
       ` left join lateral (select v.type, v.result_code from claim_event v where v.facility_id = c.facility_id
           and v.encounter_id = c.encounter_id and v.number = c.number and v.type in ('received', 'refused')
           order by v.sequence desc limit 1) e on true where `,
     )}
       and d.facility_id = $1 and d.encounter_id = c.encounter_id and d.number = c.number and d.kind = 'unsigned'
       and ($4::timestamptz is null or (c.created_at, c.encounter_id) > ($4, $5::uuid))
     order by c.created_at, c.encounter_id limit $6`,
    [facilityId, instantAt(from), instantAt(to), after?.at ?? null, after?.encounterId ?? null, limit],
    'trial-documents',
  );
}

/** Trials of anybody that nobody works on. */
export function restingTrials(
  tx: Transaction,
  touchedBefore: string,
): Promise<{ facilityId: Id | null; id: Id }[]> {
  return tx.query(
    `select facility_id as "facilityId", id from rule_trial where finished_at is null and touched_at < $1
     order by touched_at limit 20`,
    [touchedBefore],
  );
}
