import {
  QUEUES,
  startScheduledRuns,
  sweep,
  sweepAssessment,
  sweepCheckIns,
  sweepUploads,
  workerContext,
} from '../src/exports/index.ts';
import { sweepInsurer } from '../src/insurer/index.ts';
import type { WorkerDefinition } from './worker.ts';

/** Opens the nightly runs whose time has come, and taps again what was never tapped. */
export const exportSchedule: WorkerDefinition = {
  queue: QUEUES.schedule,
  concurrency: 1,
  async handle(job, deps) {
    if (job.name === 'sweep-check-ins') return sweepCheckIns(deps);
    const directory = await deps.directory.get();
    if (job.name === 'sweep') {
      await sweep(deps, directory);
      await sweepUploads(deps);
      await sweepInsurer(deps);
      return sweepAssessment(deps);
    }
    const context = workerContext(null, 'schedule');
    await deps.database.transaction(context, (tx) =>
      startScheduledRuns(tx, directory, deps.exportTime, deps.clock.now()),
    );
  },
};
