import { paceClaim, QUEUES } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Sends one claim version, and what else waits for a lane of its facility. */
export const claimSend: WorkerDefinition = {
  queue: QUEUES.send,
  concurrency: (deps) => deps.gatewayConcurrency,
  async handle(job, deps) {
    await paceClaim(deps, String(job.data.facilityId), String(job.data.encounterId), Number(job.data.number));
  },
};
