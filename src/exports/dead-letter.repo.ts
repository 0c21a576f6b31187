import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { JobData } from '../platform/outbox.ts';

/** A job that failed for the last time: what it was, what kind of error ended it, and whether it was done since. */
export interface DeadLetter {
  readonly id: Id;
  readonly queue: string;
  readonly jobId: string;
  readonly name: string;
  /** Ids only. */
  readonly data: JobData;
  readonly facilityId: Id | null;
  readonly errorKind: string;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly times: number;
  readonly curedAt: string | null;
  readonly curedHow: 'done' | 'retried' | null;
  readonly reason: string | null;
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const LETTER = `id, queue, job_id as "jobId", name, data, facility_id as "facilityId", error_kind as "errorKind",
  ${iso('first_at')} as "firstAt", ${iso('last_at')} as "lastAt", times, ${iso('cured_at')} as "curedAt",
  cured_how as "curedHow", reason from dead_letter`;

/** The same job again counts on the letter that is open. */
export async function bury(
  tx: Transaction,
  letter: Pick<DeadLetter, 'queue' | 'jobId' | 'name' | 'data' | 'facilityId' | 'errorKind'>,
  at: Date,
): Promise<void> {
  const { queue, jobId, name, data, facilityId, errorKind } = letter;
  await tx.query(
    `insert into dead_letter (queue, job_id, name, data, facility_id, error_kind, first_at, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)
     on conflict (queue, job_id) where cured_at is null
     do update set last_at = $7, error_kind = $6, times = dead_letter.times + 1`,
    [queue, jobId, name, JSON.stringify(data), facilityId, errorKind, at],
  );
}

export function openLetters(tx: Transaction): Promise<{ queue: string; jobId: string }[]> {
  return tx.query('select queue, job_id as "jobId" from dead_letter where cured_at is null limit 10000');
}

export async function markDone(tx: Transaction, queue: string, jobId: string, at: Date): Promise<void> {
  await tx.query(
    `update dead_letter set cured_at = $3, cured_how = 'done' where queue = $1 and job_id = $2 and cured_at is null`,
    [queue, jobId, at],
  );
}

/** Locks the letter. */
export async function lockLetter(tx: Transaction, id: Id): Promise<DeadLetter | undefined> {
  return (await tx.query<DeadLetter>(`select ${LETTER} where id = $1 for update`, [id]))[0];
}

export async function markRetried(tx: Transaction, id: Id, reason: string, at: Date): Promise<void> {
  await tx.query(
    `update dead_letter set cured_at = $2, cured_how = 'retried', cured_by = $3, reason = $4 where id = $1`,
    [id, at, tx.context.userId, reason],
  );
}

export interface LetterQuery {
  readonly isOpen: boolean | null;
  readonly queue: string | null;
  readonly after: { readonly at: string; readonly id: Id } | null;
  readonly limit: number;
}

/** Those given up last come first. */
export function listLetters(tx: Transaction, wanted: LetterQuery): Promise<DeadLetter[]> {
  return tx.query<DeadLetter>(
    `select ${LETTER} where ($1::boolean is null or (cured_at is null) = $1) and ($2::text is null or queue = $2)
       and ($3::timestamptz is null or (date_trunc('milliseconds', last_at), id) < ($3, $4::uuid))
     order by date_trunc('milliseconds', last_at) desc, id desc limit $5`,
    [wanted.isOpen, wanted.queue, wanted.after?.at ?? null, wanted.after?.id ?? null, wanted.limit],
  );
}
