import { paceQuestions, QUEUES, readResults } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Reads one export of the insurer's portal into the ledger, or asks the gateway what became of a facility's records. */
export const resultImport: WorkerDefinition = {
  queue: QUEUES.resultImport,
  // Asking waits for the gateway most of the time; a file shall not wait behind it.
  concurrency: 4,
  async handle(job, deps) {
    const { facilityId, importId } = job.data as { facilityId: string; importId: string };
    if (job.name === 'ask') await paceQuestions(deps, facilityId);
    else await readResults(deps, facilityId, importId);
  },
};
