import { QUEUES, startRun, workerContext } from '../src/exports/index.ts';
import { localDate } from '../src/platform/dates.ts';
import type { WorkerDefinition } from './worker.ts';

/** A facility that exports at once has settled a visit: open a run for what it has waiting. */
export const settled: WorkerDefinition = {
  queue: QUEUES.settled,
  concurrency: 1,
  async handle(job, deps) {
    const facilityId = String(job.data.facilityId);
    const now = deps.clock.now();
    await deps.database.transaction(
      workerContext(facilityId, `settled-${String(job.data.encounterId)}`),
      (tx) => startRun(tx, { day: localDate(now), facilityIds: [facilityId], cause: 'settlement', now }),
    );
  },
};
