import { QUEUES } from '../src/exports/index.ts';
import { pacePaper } from '../src/insurer/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Signs and sends papers: certificates, catalogues, monthly summaries, adjustments. */
export const paperSend: WorkerDefinition = {
  queue: QUEUES.paperSend,
  concurrency: 2,
  handle: (job, deps) => pacePaper(deps, String(job.data.facilityId), String(job.data.subjectId)),
};
