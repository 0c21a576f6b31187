import { maintain, QUEUES, warnOfCertificates } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Once a day: months ahead, answers of idempotency keys that nobody will ask for any more, old counts of refusals, certificates that end. */
export const maintenance: WorkerDefinition = {
  queue: QUEUES.maintenance,
  concurrency: 1,
  async handle(_job, deps) {
    await warnOfCertificates(deps);
    await maintain(deps);
  },
};
