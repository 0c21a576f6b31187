import {
  askRecheck,
  assessVisits,
  readSettings,
  recheckEntry,
  runRecheck,
} from '../src/assessment/server.ts';
import { QUEUES, wakeFreed, workerContext } from '../src/exports/index.ts';
import { enqueue } from '../src/platform/outbox.ts';
import type { WorkerDefinition } from './worker.ts';

/**
 * Checks visits again after something was put right, and lets go of claims that nothing keeps back any more. `rule`: the
 * system stopped a rule, and what it found at this facility is to be checked again.
 */
export const recheck: WorkerDefinition = {
  queue: QUEUES.recheck,
  concurrency: 1,
  async handle(job, deps) {
    const { facilityId, recheckId, rule } = job.data as Readonly<Record<string, string>>;
    const facility = (await deps.directory.get()).byId(facilityId ?? '');
    if (!facility) return;
    const context = workerContext(facility.id, 'recheck');
    if (rule !== undefined)
      return deps.database.transaction(context, async (tx) => {
        const asked = await askRecheck(tx, facility.id, { rule }, deps.clock.now());
        if (asked.total > 0) enqueue(tx, recheckEntry(facility.id, asked.id));
      });
    // Just now somebody may have set a rule: no copy of the settings is new enough.
    const settings = await deps.database.transaction(context, readSettings);
    const assessing = { ...(await deps.assessing()), settings };
    const steps = {
      database: deps.database,
      now: () => deps.clock.now(),
      assess: (...[tx, ids, stage]: Parameters<Parameters<typeof runRecheck>[0]['assess']>) =>
        assessVisits(tx, { ...assessing, now: deps.clock.now() }, facility, ids, stage),
      wake: (...[tx, ids]: Parameters<Parameters<typeof runRecheck>[0]['wake']>) =>
        wakeFreed(tx, facility, ids, deps.clock.now()),
    };
    await runRecheck(steps, context, facility.id, recheckId ?? '');
  },
};
