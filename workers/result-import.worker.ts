import { QUEUES, readResults } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Reads one export of the insurer's portal into the ledger. */
export const resultImport: WorkerDefinition = {
  queue: QUEUES.resultImport,
  concurrency: 1,
  async handle(job, { database, clock, calendar }) {
    const { facilityId, importId } = job.data as { facilityId: string; importId: string };
    await readResults({ database, clock, calendar }, facilityId, importId);
  },
};
