import { maintain, QUEUES } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Once a day: months ahead, answers of idempotency keys that nobody will ask for any more, old counts of refusals. */
export const maintenance: WorkerDefinition = {
  queue: QUEUES.maintenance,
  concurrency: 1,
  handle: (_job, deps) => maintain(deps),
};
