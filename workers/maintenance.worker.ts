import { maintain, QUEUES } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Once a day: months ahead, and answers of idempotency keys that nobody will ask for any more. */
export const maintenance: WorkerDefinition = {
  queue: QUEUES.maintenance,
  concurrency: 1,
  handle: (_job, deps) => maintain(deps),
};
