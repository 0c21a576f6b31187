import { QUEUES } from '../src/exports/index.ts';
import { type Queues, startRelay } from '../src/platform/queue/index.ts';
import { auditSeal } from './audit-seal.worker.ts';
import { cardLookup } from './card-lookup.worker.ts';
import { checkIn } from './check-in.worker.ts';
import { claimCheck } from './claim-check.worker.ts';
import { claimImport } from './claim-import.worker.ts';
import { claimSend } from './claim-send.worker.ts';
import { claimSign } from './claim-sign.worker.ts';
import { exportBatch } from './export-batch.worker.ts';
import { exportSchedule } from './export-schedule.worker.ts';
import { maintenance } from './maintenance.worker.ts';
import { paperSend } from './paper-send.worker.ts';
import { recheck } from './recheck.worker.ts';
import { resultImport } from './result-import.worker.ts';
import { ruleTrial } from './rule-trial.worker.ts';
import { settled } from './settled.worker.ts';
import type { WorkerDependencies } from './worker.ts';

export type { WorkerDependencies } from './worker.ts';

const WORKERS = [
  exportSchedule,
  exportBatch,
  claimSign,
  claimSend,
  checkIn,
  settled,
  maintenance,
  auditSeal,
  claimImport,
  recheck,
  ruleTrial,
  claimCheck,
  resultImport,
  cardLookup,
  paperSend,
];
const NIGHTLY_LOOK_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** A rule that cries wolf shall not do so all day. */
const STOP_RULES_EVERY_MS = 600_000;
/** Looking for unanswered check-ins reads a day of them; nobody is paid by them. */
const CHECK_INS_RARER = 10;
const ASK_RESULTS_EVERY_MS = 3_600_000;
/** Half of the minute within which every audit event is to be sealed. */
const SEAL_EVERY_MS = 30_000;

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
  deps.lanes.isEnding = false;
  const running = await Promise.all(
    WORKERS.map((worker) =>
      queues.startWorker(worker.queue, (job) => worker.handle(job, deps), {
        concurrency: typeof worker.concurrency === 'function' ? worker.concurrency(deps) : worker.concurrency,
        ...(worker.retry ? { retry: worker.retry } : {}),
      }),
    ),
  );
  const relay = startRelay({
    database: deps.database,
    queues,
    onError: (error) => deps.log.error({ where: 'relay', err: error }, 'outbox'),
  });
  const sweepEveryMs = options.sweepEveryMs ?? 30_000;
  const restore = setInterval(() => {
    queues.restoreSchedules().catch((error: unknown) => deps.log.error({ err: error }, 'schedules'));
  }, sweepEveryMs);
  const stop = async () => {
    deps.lanes.isEnding = true;
    clearInterval(restore);
    await relay.stop();
    await Promise.all(running.map((worker) => worker.close()));
  };
  try {
    await schedule(deps, queues, sweepEveryMs);
  } catch (error) {
    // A queue that went away meanwhile: what has begun must not go on by itself.
    await stop();
    throw error;
  }
  return { stop };
}

async function schedule(deps: WorkerDependencies, queues: Queues, sweepEveryMs: number): Promise<void> {
  await queues.schedule(QUEUES.schedule, 'nightly', NIGHTLY_LOOK_EVERY_MS);
  await queues.schedule(QUEUES.schedule, 'sweep', sweepEveryMs);
  await queues.schedule(QUEUES.schedule, 'sweep-check-ins', sweepEveryMs * CHECK_INS_RARER);
  await queues.schedule(QUEUES.maintenance, 'daily', DAY_MS);
  await queues.schedule(QUEUES.maintenance, 'stop-rules', STOP_RULES_EVERY_MS);
  if (deps.resultQueryDays > 0)
    await queues.schedule(QUEUES.maintenance, 'ask-results', ASK_RESULTS_EVERY_MS);
  await queues.schedule(QUEUES.auditSeal, 'seal', SEAL_EVERY_MS);
}
