import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions, Job, Queue, QueueOptions, Worker, WorkerOptions } from 'bullmq';
import { FAREWELL_LIMIT_MS, openRedis, soon } from './redis.ts';

/** Where jobs wait: in PostgreSQL (no second server), or in Redis (several worker machines). */
export type QueueBackend =
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string }
  | { readonly kind: 'redis'; readonly url: string };

export interface NewJob {
  /** Deterministic: adding the same id while its job waits or runs adds nothing. */
  readonly id: string;
  readonly name: string;
  /** Ids only: the worker reads the rest. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly delayMs?: number;
}

export interface QueueJob {
  readonly id: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Queues {
  readonly backend: QueueBackend['kind'];
  addMany(queue: string, jobs: readonly NewJob[]): Promise<void>;
  /** A job at regular intervals, named by its id; setting the same id again replaces it. */
  schedule(queue: string, id: string, everyMs: number): Promise<void>;
  /**
   * Sets those anew that were set here and are gone (a Redis that lost its data lost them too), or that are planned for
   * long after their time.
   */
  restoreSchedules(): Promise<void>;
  /** @param options.retry how often jobs that are added to this queue here are tried */
  startWorker(
    queue: string,
    handle: (job: QueueJob) => Promise<void>,
    options: { readonly concurrency: number; readonly retry?: Retry },
  ): Promise<{ close(): Promise<void> }>;
  /** Closes every queue and worker; jobs in hand are finished first. */
  close(): Promise<void>;
}

/** Attempts in all, and the pause after the first; each further pause is twice the one before, less up to a half. */
export interface Retry {
  readonly attempts: number;
  readonly firstPauseMs: number;
}

export interface QueueSettings {
  /** How long a job stays its worker's without a sign of life; a killed worker's job starts again after it. */
  readonly lockMs: number;
  /** How often jobs are tried in queues that say nothing of it. */
  readonly retry?: Retry;
  readonly onError: (error: Error, where: string) => void;
  /** A job failed for the last time. It is gone from the queue: what it stood for must be found again elsewhere. */
  readonly onGivenUp?: (error: Error, job: EndedJob) => void;
  readonly onDone?: (job: EndedJob) => void;
}

/** A job of a schedule has the id of its schedule: its next turn is the same job. */
export interface EndedJob extends QueueJob {
  readonly queue: string;
}

/** What the queue keeps of a failure: its kind. Messages may quote rows, and the queue is no place for those. */
class JobFailed extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.name : typeof cause, { cause });
    this.name = 'JobFailed';
  }
}

/**
 * So many times a job may lose its worker before it is given up. Workers die in deployments and failing machines without
 * any fault of the job, and each job can be begun again; two, as usual, would bury work of a bad day.
 */
const MOST_STALLS = 10;

const RETRY: Retry = { attempts: 5, firstPauseMs: 2_000 };
const RUN_RETRY_MS = 500;
/** A job needs its queue's connection for a millisecond at its start and its end; each worker listens on one more. */
const JOBS_PER_CONNECTION = 4;

/** A worker of BullMQ, and what it has in hand. */
interface Running {
  readonly worker: Worker;
  readonly inHand: ReadonlySet<Promise<void>>;
}

/**
 * Opens BullMQ on one of its two backends. It is loaded only here.
 * @throws QueueUnavailable when Redis does not answer
 */
export async function openQueues(backend: QueueBackend, settings: QueueSettings): Promise<Queues> {
  const bullmq = await import('bullmq');
  const redis = backend.kind === 'redis' ? await openRedis(backend.url, settings.onError) : null;
  const factory = backend.kind === 'postgres' ? [bullmq.createPostgresBackend] : [];
  const queues = new Map<string, Promise<Queue>>();
  const workers = new Set<Running>();
  const retries = new Map<string, Retry>();
  const schedules = new Map<string, { name: string; id: string; everyMs: number }>();

  function connectPostgres(max: number): object | undefined {
    return backend.kind === 'postgres'
      ? { connectionString: backend.url, schema: backend.schema, max }
      : undefined;
  }

  async function open(name: string): Promise<Queue> {
    const client = redis?.connect(false);
    const options: QueueOptions = {
      connection: (client ?? connectPostgres(1)) as ConnectionOptions,
      // A job that is kept would stop the same wish from ever being added again.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    };
    const queue = new bullmq.Queue(name, options, ...(factory as []));
    queue.on('error', (error) => settings.onError(error, `queue ${name}`));
    if (!client) await queue.waitUntilReady();
    else
      await soon(queue.waitUntilReady()).catch((error: unknown) => {
        redis?.drop(client);
        throw error;
      });
    return queue;
  }

  function queueOf(name: string): Promise<Queue> {
    let queue = queues.get(name);
    if (!queue) {
      queue = open(name);
      queues.set(name, queue);
      queue.catch(() => queues.delete(name)); // the next who asks tries again
    }
    return queue;
  }

  async function setSchedule(name: string, id: string, everyMs: number): Promise<void> {
    const queue = await queueOf(name);
    await queue.upsertJobScheduler(id, { every: everyMs }, { name: id, data: {}, opts: { attempts: 1 } });
  }

  /** BullMQ would wait for its server for ever: one that is gone, or silent for so long, is left once the work is done. */
  async function stop({ worker, inHand }: Running): Promise<void> {
    if (redis?.isLost()) {
      redis.leave();
      await allOf(inHand);
      await worker.close(true);
      return;
    }
    const lost = redis?.whenLost().then(() => redis.leave());
    const closed = worker.close();
    await allOf(inHand);
    const inTime = new AbortController();
    const late = sleep(FAREWELL_LIMIT_MS, undefined, { ref: false, signal: inTime.signal }).then(
      () => redis?.leave(),
      () => undefined,
    );
    await Promise.race([closed, late, ...(lost ? [lost] : [])]).finally(() => inTime.abort());
  }

  return {
    backend: backend.kind,
    async addMany(name, jobs) {
      if (jobs.length === 0) return;
      const queue = await queueOf(name);
      const { attempts, firstPauseMs } = retries.get(name) ?? settings.retry ?? RETRY;
      const backoff = { type: 'exponential', delay: firstPauseMs, jitter: 0.5 };
      await queue.addBulk(
        jobs.map((job) => ({
          name: job.name,
          data: job.data,
          opts: { jobId: job.id, attempts, backoff, ...(job.delayMs ? { delay: job.delayMs } : {}) },
        })),
      );
    },
    async schedule(name, id, everyMs) {
      schedules.set(`${name}/${id}`, { name, id, everyMs });
      await setSchedule(name, id, everyMs);
    },
    async restoreSchedules() {
      for (const { name, id, everyMs } of schedules.values()) {
        const queue = await queueOf(name);
        const found = await queue.getJobScheduler(id);
        if (isPlanned(found?.next, everyMs)) continue;
        if (found) await queue.removeJobScheduler(id);
        await setSchedule(name, id, everyMs);
      }
    },
    async startWorker(name, handle, { concurrency, retry }) {
      if (retry) retries.set(name, retry);
      const options: WorkerOptions = {
        connection: (redis?.connect(true) ??
          connectPostgres(Math.ceil(concurrency / JOBS_PER_CONNECTION))) as ConnectionOptions,
        concurrency,
        lockDuration: settings.lockMs,
        stalledInterval: Math.max(500, settings.lockMs / 2),
        maxStalledCount: MOST_STALLS,
        runRetryDelay: RUN_RETRY_MS,
      };
      const inHand = new Set<Promise<void>>();
      const run = async (job: Job) => {
        const work = handle({ id: job.id ?? '', name: job.name, data: job.data as QueueJob['data'] });
        inHand.add(work);
        try {
          await work;
        } catch (error) {
          throw new JobFailed(error);
        } finally {
          inHand.delete(work);
        }
      };
      const worker = new bullmq.Worker(name, run, options, ...(factory as []));
      worker.on('error', (error) => settings.onError(error, `worker ${name}`));
      worker.on('failed', (job, failure) => {
        const error = failure.cause instanceof Error ? failure.cause : failure;
        settings.onError(error, `job ${name}/${job?.id ?? '?'}`);
        if (job && job.attemptsMade >= (job.opts.attempts ?? 1))
          settings.onGivenUp?.(error, endedJob(name, job));
      });
      worker.on('completed', (job) => settings.onDone?.(endedJob(name, job)));
      const running = { worker, inHand };
      workers.add(running);
      await worker.waitUntilReady();
      return {
        async close() {
          workers.delete(running);
          await stop(running);
        },
      };
    },
    async close() {
      await Promise.all([...workers].map(stop));
      await Promise.all([...queues.values()].map(async (queue) => (await queue).close()));
      await redis?.close();
    },
  };
}

/** A machine whose clock was ahead planned the next time for then: until that time came, nothing would be swept. */
const isPlanned = (next: number | undefined, everyMs: number): boolean =>
  next !== undefined && next <= Date.now() + 2 * everyMs;

/** Also those that come while it waits. */
async function allOf(inHand: ReadonlySet<Promise<void>>): Promise<void> {
  while (inHand.size > 0) await Promise.allSettled(inHand);
}

const endedJob = (queue: string, job: Job): EndedJob => ({
  queue,
  id: job.repeatJobKey ?? job.id ?? '?',
  name: job.name,
  data: job.data as QueueJob['data'],
});
