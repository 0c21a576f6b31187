import { runTrial } from '../src/assessment/server.ts';
import { QUEUES, workerContext } from '../src/exports/index.ts';
import type { Id } from '../src/platform/ids.ts';
import type { WorkerDefinition } from './worker.ts';

/** Tries changed rules on claims of the past; nothing but the trial itself is written. */
export const ruleTrial: WorkerDefinition = {
  queue: QUEUES.ruleTrial,
  concurrency: 1,
  async handle(job, deps) {
    const { facilityId, trialId } = job.data as { facilityId: Id | null; trialId: Id };
    const trial = {
      database: deps.database,
      assessing: await deps.assessing(),
      now: () => deps.clock.now(),
      contextOf: (id: Id | null) => workerContext(id, 'rule-trial'),
    };
    await runTrial(trial, facilityId, trialId);
  },
};
