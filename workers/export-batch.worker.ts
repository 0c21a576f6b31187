import { buildBatch, QUEUES } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Builds the waiting claims of one facility. */
export const exportBatch: WorkerDefinition = {
  queue: QUEUES.batch,
  concurrency: 2,
  handle: (job, deps) => buildBatch(deps, String(job.data.runId), String(job.data.facilityId)),
};
