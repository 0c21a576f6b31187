import { checkUpload } from '../src/assessment/server.ts';
import { QUEUES, workerContext } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Checks one uploaded claim file against the rules. */
export const claimCheck: WorkerDefinition = {
  queue: QUEUES.claimCheck,
  concurrency: 1,
  async handle(job, { database, clock, law }) {
    const { facilityId, checkId } = job.data as { facilityId: string | null; checkId: string };
    await checkUpload({ database, clock, law }, workerContext(facilityId, 'claim-check'), checkId);
  },
};
