import { type Database, SYSTEM_CONTEXT } from '../database/index.ts';
import type { NewJob, Queues } from './queues.ts';

export interface Relay {
  /** Stops after the round in hand. */
  stop(): Promise<void>;
}

interface OutboxRow {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly job_id: string;
  readonly data: Record<string, unknown>;
  readonly delay_ms: number | null;
}

/** Adding jobs in bulk costs the queue some 10 ms however few they are: half a second gathers them. */
const PAUSE_MS = 500;
const ROUND = 500;
const AFTER_ERROR_MS = 1_000;

/**
 * Turns outbox rows into queue jobs: takes rows, adds their jobs, deletes them, commits. Killed in between, the rows
 * come again and their ids make the same jobs, so nothing is lost and a repeat is harmless. Several may run at once.
 */
export function startRelay(options: {
  readonly database: Database;
  readonly queues: Queues;
  readonly onError?: (error: Error) => void;
}): Relay {
  let stopped = false;
  let wake = () => {};
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = (async () => {
    while (!stopped) {
      try {
        const moved = await relayRound(options.database, options.queues);
        if (!stopped) await pause(moved === ROUND ? 0 : PAUSE_MS);
      } catch (error) {
        options.onError?.(error as Error);
        if (!stopped) await pause(AFTER_ERROR_MS);
      }
    }
  })();
  return {
    async stop() {
      stopped = true;
      wake();
      await loop;
    },
  };
}

/** One round. @returns how many rows were turned into jobs */
export async function relayRound(database: Database, queues: Queues): Promise<number> {
  return database.transaction(SYSTEM_CONTEXT, async (tx) => {
    const rows = await tx.query<OutboxRow>(
      `select id::text, queue, name, job_id, data,
         ceil(greatest(0, extract(epoch from not_before - now()) * 1000))::float as delay_ms
       from outbox order by id limit ${ROUND} for update skip locked`,
      [],
      'relay-take',
    );
    const jobs = new Map<string, NewJob[]>();
    for (const row of rows) {
      const job = {
        id: row.job_id,
        name: row.name,
        data: row.data,
        ...(row.delay_ms ? { delayMs: row.delay_ms } : {}),
      };
      const list = jobs.get(row.queue);
      if (list) list.push(job);
      else jobs.set(row.queue, [job]);
    }
    for (const [queue, list] of jobs) await queues.addMany(queue, list);
    if (rows.length > 0)
      await tx.query(
        'delete from outbox where id = any($1::bigint[])',
        [rows.map((row) => row.id)],
        'relay-delete',
      );
    return rows.length;
  });
}
