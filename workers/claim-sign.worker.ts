import { QUEUES, signClaims } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Signs the built claims of one facility: apart from sending, since keys and lines fail for reasons of their own. */
export const claimSign: WorkerDefinition = {
  queue: QUEUES.sign,
  concurrency: 2,
  handle: (job, deps) => signClaims(deps, String(job.data.facilityId)),
};
