import type { ActingContext, Database } from '../platform/database/index.ts';

const EVENTS_PER_ROUND = 5_000;
/** Half a million events per job; what is left waits for the next one. */
const ROUNDS_PER_JOB = 100;

/** Seals what waits, round by round. Two at once do no harm: one of them finds nothing to do. @returns events sealed */
export async function sealWaiting(database: Database, acting: ActingContext): Promise<number> {
  let sealed = 0;
  for (let round = 0; round < ROUNDS_PER_JOB; round++) {
    const events = await database.transaction(acting, async (tx) => {
      const [row] = await tx.query<{ events: number }>('select seal_audit($1) as events', [EVENTS_PER_ROUND]);
      return row?.events ?? 0;
    });
    sealed += events;
    if (events < EVENTS_PER_ROUND) break;
  }
  return sealed;
}
