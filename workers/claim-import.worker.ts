import { importUpload } from '../src/claims/index.ts';
import { QUEUES, workerContext } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Reads one uploaded claim file of other software. */
export const claimImport: WorkerDefinition = {
  queue: QUEUES.claimImport,
  concurrency: 1,
  async handle(job, deps) {
    const { database, clock } = deps;
    const { facilityId, fileId } = job.data as { facilityId: string | null; fileId: string };
    const directory = await deps.directory.get();
    const context = workerContext(facilityId, 'claim-import');
    await importUpload({ database, clock, directory }, context, fileId);
  },
};
