import { importUpload } from '../src/claims/index.ts';
import { QUEUES, workerContext } from '../src/exports/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Reads one uploaded claim file of other software. */
export const claimImport: WorkerDefinition = {
  queue: QUEUES.claimImport,
  concurrency: 1,
  async handle(job, deps) {
    const { database, clock } = deps;
    const facilityId = job.data.facilityId === null ? null : String(job.data.facilityId);
    const directory = await deps.directory.get();
    const context = workerContext(facilityId, 'claim-import');
    await importUpload({ database, clock, directory }, context, String(job.data.fileId));
  },
};
