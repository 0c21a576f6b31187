import { QUEUES, sendClaim } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Sends one claim version. */
export const claimSend: WorkerDefinition = {
  queue: QUEUES.send,
  concurrency: (deps) => deps.gatewayConcurrency,
  async handle(job, deps) {
    await sendClaim(deps, String(job.data.facilityId), String(job.data.encounterId), Number(job.data.number));
  },
};
