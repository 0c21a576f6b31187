import { QUEUES } from '../src/exports/index.ts';
import { type Queues, startRelay } from '../src/platform/queue/index.ts';
import { checkIn } from './check-in.worker.ts';
import { claimSend } from './claim-send.worker.ts';
import { exportBatch } from './export-batch.worker.ts';
import { exportSchedule } from './export-schedule.worker.ts';
import { maintenance } from './maintenance.worker.ts';
import { settled } from './settled.worker.ts';
import type { WorkerDependencies } from './worker.ts';

export type { WorkerDependencies } from './worker.ts';

const WORKERS = [exportSchedule, exportBatch, claimSend, checkIn, settled, maintenance];
const SCHEDULE_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

export interface RunningWorkers {
  /** Finishes the jobs in hand, hands back the others. */
  stop(): Promise<void>;
}

/** Starts every queue's worker, the relay that feeds them from the outbox, and the schedule with its sweep. */
export async function startWorkers(
  deps: WorkerDependencies,
  queues: Queues,
  options: { readonly sweepEveryMs?: number } = {},
): Promise<RunningWorkers> {
  const running = await Promise.all(
    WORKERS.map((worker) =>
      queues.startWorker(worker.queue, (job) => worker.handle(job, deps), {
        concurrency: typeof worker.concurrency === 'function' ? worker.concurrency(deps) : worker.concurrency,
      }),
    ),
  );
  const relay = startRelay({
    database: deps.database,
    queues,
    onError: (error) => deps.log.error({ where: 'relay', reason: error.message }, 'outbox'),
  });
  await queues.schedule(
    QUEUES.schedule,
    'nightly',
    { everyMs: SCHEDULE_EVERY_MS },
    { name: 'nightly', data: {} },
  );
  await queues.schedule(
    QUEUES.schedule,
    'sweep',
    { everyMs: options.sweepEveryMs ?? 30_000 },
    { name: 'sweep', data: {} },
  );
  await queues.schedule(QUEUES.maintenance, 'daily', { everyMs: DAY_MS }, { name: 'daily', data: {} });
  return {
    async stop() {
      await relay.stop();
      await Promise.all(running.map((worker) => worker.close()));
    },
  };
}
