import { recordAudit } from '../audit/index.ts';
import type { Database, Transaction } from '../platform/database/index.ts';
import type { Clock } from '../platform/dates.ts';
import { type Id, UUID_V7 } from '../platform/ids.ts';
import { enqueueMany } from '../platform/outbox.ts';
import { Problem } from '../platform/problem.ts';
import type { EndedJob } from '../platform/queue/index.ts';
import { workerContext } from './context.ts';
import { bury, type DeadLetter, lockLetter, markDone, markRetried, openLetters } from './dead-letter.repo.ts';

/** What the queue tells of jobs that ended; none of it is waited for. */
export interface DeadLetters {
  readonly onGivenUp: (error: Error, job: EndedJob) => void;
  readonly onDone: (job: EndedJob) => void;
}

const LOOK_EVERY_MS = 5_000;
const LONGEST_KIND = 100;

/**
 * Keeps a letter for each job that was given up, and closes it when the same job is done later: by a person's wish, or
 * because the sweep found its work again. Nearly always there are none, so a finished job costs one look at a copy.
 */
export function keepDeadLetters(
  database: Database,
  clock: Clock,
  onError: (error: unknown) => void,
): DeadLetters {
  const context = workerContext(null, 'dead-letter');
  const open = new Set<string>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  const run = (work: (tx: Transaction) => Promise<void>) =>
    void database.transaction(context, work).catch(onError);
  const isOpen = async (tx: Transaction, job: EndedJob) => {
    if (performance.now() - lookedAt > LOOK_EVERY_MS) {
      lookedAt = performance.now();
      // Added, never taken away: a letter of this process may not be committed yet. One too many costs a look.
      for (const { queue, jobId } of await openLetters(tx)) open.add(`${queue}/${jobId}`);
    }
    return open.delete(`${job.queue}/${job.id}`);
  };
  return {
    onGivenUp(error, job) {
      open.add(`${job.queue}/${job.id}`);
      const { queue, id: jobId, name } = job;
      const data = job.data as DeadLetter['data'];
      const { facilityId: facility } = data;
      const facilityId = typeof facility === 'string' && UUID_V7.test(facility) ? facility : null;
      const letter = { queue, jobId, name, data, facilityId, errorKind: kindOf(error) };
      run((tx) => bury(tx, letter, clock.now()));
    },
    onDone(job) {
      const isKnown = open.has(`${job.queue}/${job.id}`);
      if (!isKnown && performance.now() - lookedAt <= LOOK_EVERY_MS) return;
      run(async (tx) => {
        if (await isOpen(tx, job)) await markDone(tx, job.queue, job.id, clock.now());
      });
    },
  };
}

/** Its name and code. Messages may quote rows. */
function kindOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return `${error.name}${typeof code === 'string' ? ` ${code}` : ''}`.slice(0, LONGEST_KIND) || 'Error';
}

/** A person has cured the cause: the same job goes to the outbox again. @throws not-found, dead-letter-closed */
export async function retryLetter(tx: Transaction, id: Id, reason: string, now: Date): Promise<DeadLetter> {
  const letter = await lockLetter(tx, id);
  if (!letter) throw new Problem('not-found', { what: 'deadLetter' });
  if (letter.curedAt !== null) throw new Problem('dead-letter-closed');
  const { queue, jobId, name, data } = letter;
  await markRetried(tx, id, reason, now);
  await enqueueMany(tx, [{ queue, jobId, name, data }]);
  recordAudit(tx, {
    action: 'job.retried',
    subjectType: 'dead_letter',
    subjectId: id,
    detail: { queue, jobId, reason },
  });
  return { ...letter, curedAt: now.toISOString(), curedHow: 'retried', reason };
}
