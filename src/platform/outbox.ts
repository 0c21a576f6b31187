import type { Transaction } from './database/transaction.ts';

type Plain = string | number | null;

/** Ids only, and lists of them. */
export type JobData = Readonly<Record<string, Plain | readonly Readonly<Record<string, Plain>>[]>>;

/** A tap on the shoulder of a worker, written with the change that calls for it; the relay makes it a queue job. */
export interface OutboxEntry {
  readonly queue: string;
  readonly name: string;
  /** Deterministic, so that the same wish twice is one job. Letters, digits, `.`, `_` and `-` only. */
  readonly jobId: string;
  readonly data: JobData;
  readonly notBefore?: Date;
}

export function enqueue(tx: Transaction, entry: OutboxEntry): void {
  tx.atCommit(
    'insert into outbox (queue, name, job_id, data, not_before) values ($1, $2, $3, $4::jsonb, $5::timestamptz)',
    [entry.queue, entry.name, entry.jobId, entry.data, entry.notBefore ?? null],
  );
}

/** Many at once, for fan-out. */
export async function enqueueMany(tx: Transaction, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `insert into outbox (queue, name, job_id, data, not_before)
     select queue, name, job_id, data, not_before
     from jsonb_to_recordset($1::jsonb) as r(queue text, name text, job_id text, data jsonb, not_before timestamptz)`,
    [
      JSON.stringify(
        entries.map((entry) => ({
          queue: entry.queue,
          name: entry.name,
          job_id: entry.jobId,
          data: entry.data,
          not_before: entry.notBefore ?? null,
        })),
      ),
    ],
    'outbox-insert',
  );
}
