import { paceCheckIn, QUEUES } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Announces visits to the insurer (XML0), apart from the claims: its troubles are its own. */
export const checkIn: WorkerDefinition = {
  queue: QUEUES.checkIn,
  // More than one facility can hold.
  concurrency: (deps) => 2 + deps.lanes.settings.perFacility,
  // Some ten minutes: a gateway that is restarted, a line that is cut for a while.
  retry: { attempts: 9, firstPauseMs: 3_000 },
  handle: (job, deps) =>
    paceCheckIn(deps, String(job.data.facilityId), String(job.data.encounterId), Number(job.data.sequence)),
};
