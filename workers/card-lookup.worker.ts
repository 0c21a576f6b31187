import { QUEUES } from '../src/exports/index.ts';
import { paceLookup } from '../src/insurer/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Puts questions about cards to the insurer: somebody stands at a desk and waits. */
export const cardLookup: WorkerDefinition = {
  queue: QUEUES.cardLookup,
  concurrency: 4,
  handle: (job, deps) => paceLookup(deps, String(job.data.facilityId), String(job.data.subjectId)),
};
