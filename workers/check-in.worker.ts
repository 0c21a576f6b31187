import { QUEUES, sendCheckIn } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Announces visits to the insurer (XML0), apart from the claims: its troubles are its own. */
export const checkIn: WorkerDefinition = {
  queue: QUEUES.checkIn,
  concurrency: 2,
  // Some ten minutes: a gateway that is restarted, a line that is cut for a while.
  retry: { attempts: 9, firstPauseMs: 3_000 },
  handle: (job, deps) =>
    sendCheckIn(deps, String(job.data.facilityId), String(job.data.encounterId), Number(job.data.sequence)),
};
