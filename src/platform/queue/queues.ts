import type { ConnectionOptions, Job, Queue, QueueOptions, Worker, WorkerOptions } from 'bullmq';

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

/** The server of the queue does not answer. */
export class QueueUnavailable extends Error {
  readonly key = 'cli.queueDown';
  readonly values: { readonly reason: string };

  constructor(reason: string, options?: ErrorOptions) {
    super(`queue unavailable: ${reason}`, options);
    this.name = 'QueueUnavailable';
    this.values = { reason };
  }
}

/** What the queue keeps of a failure: its kind. Messages may quote rows, and the queue is no place for those. */
class JobFailed extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.name : typeof cause, { cause });
    this.name = 'JobFailed';
  }
}

const RETRY: Retry = { attempts: 5, firstPauseMs: 2_000 };
const RUN_RETRY_MS = 500;
/** A job needs its queue's connection for a millisecond at its start and its end; each worker listens on one more. */
const JOBS_PER_CONNECTION = 4;
const CONNECT_LIMIT_MS = 5_000;

/**
 * Opens BullMQ on one of its two backends. Both are loaded only here, and ioredis only for Redis.
 * @throws QueueUnavailable when Redis does not answer
 */
export async function openQueues(backend: QueueBackend, settings: QueueSettings): Promise<Queues> {
  const bullmq = await import('bullmq');
  const redis = backend.kind === 'redis' ? await openRedis(backend.url, settings.onError) : null;
  const factory = backend.kind === 'postgres' ? [bullmq.createPostgresBackend] : [];
  const queues = new Map<string, Promise<Queue>>();
  const workers = new Set<Worker>();
  const retries = new Map<string, Retry>();
  const schedules = new Map<string, { name: string; id: string; everyMs: number }>();

  /** Workers wait for a lost Redis to come back; who adds jobs is told at once and comes again. */
  function connect(max: number, patient: boolean): ConnectionOptions {
    if (backend.kind === 'postgres')
      return { connectionString: backend.url, schema: backend.schema, max } as unknown as ConnectionOptions;
    return redis?.connect(patient) as unknown as ConnectionOptions;
  }

  async function open(name: string): Promise<Queue> {
    const options: QueueOptions = {
      connection: connect(1, false),
      // A job that is kept would stop the same wish from ever being added again.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    };
    const queue = new bullmq.Queue(name, options, ...(factory as []));
    queue.on('error', (error) => settings.onError(error, `queue ${name}`));
    await queue.waitUntilReady();
    return queue;
  }

  function queueOf(name: string): Promise<Queue> {
    let queue = queues.get(name);
    if (!queue) {
      queue = open(name);
      queues.set(name, queue);
    }
    return queue;
  }

  async function setSchedule(name: string, id: string, everyMs: number): Promise<void> {
    const queue = await queueOf(name);
    await queue.upsertJobScheduler(id, { every: everyMs }, { name: id, data: {}, opts: { attempts: 1 } });
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
        connection: connect(Math.ceil(concurrency / JOBS_PER_CONNECTION), true),
        concurrency,
        lockDuration: settings.lockMs,
        stalledInterval: Math.max(500, settings.lockMs / 2),
        maxStalledCount: 10,
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
      workers.add(worker);
      await worker.waitUntilReady();
      return {
        async close() {
          workers.delete(worker);
          const isLost = redis?.leaveIfLost() ?? false;
          // BullMQ would wait for its Redis; the work in hand may not need one.
          if (isLost) await Promise.allSettled(inHand);
          await worker.close(isLost);
        },
      };
    },
    async close() {
      const isLost = redis?.leaveIfLost() ?? false;
      await Promise.all([...workers].map((worker) => worker.close(isLost)));
      await Promise.all([...queues.values()].map(async (queue) => (await queue).close()));
      await redis?.close();
    },
  };
}

/** A machine whose clock was ahead planned the next time for then: until that time came, nothing would be swept. */
const isPlanned = (next: number | undefined, everyMs: number): boolean =>
  next !== undefined && next <= Date.now() + 2 * everyMs;

const endedJob = (queue: string, job: Job): EndedJob => ({
  queue,
  id: job.repeatJobKey ?? job.id ?? '?',
  name: job.name,
  data: job.data as QueueJob['data'],
});

/** Jobs by queue and state, for figures: a look that neither waits for Redis nor keeps a connection to it. */
export async function countRedisJobs(
  url: string,
  names: readonly string[],
): Promise<{ queue: string; state: string; count: number }[]> {
  const [{ Queue }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_LIMIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await Promise.all(
      names.map(async (name) => {
        const queue = new Queue(name, { connection: client as unknown as ConnectionOptions });
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
        await queue.close();
        return Object.entries(counts).map(([state, count]) => ({ queue: name, state, count }));
      }),
    );
    return found.flat();
  } finally {
    client.disconnect();
  }
}

async function openRedis(url: string, onError: QueueSettings['onError']) {
  const { Redis } = await import('ioredis');
  const clients = new Set<InstanceType<typeof Redis>>();
  const options = { connectTimeout: CONNECT_LIMIT_MS };
  const make = (more: object) => {
    const client = new Redis(url, { ...options, ...more });
    client.on('error', (error) => onError(error, 'redis'));
    return client;
  };
  const probe = make({ lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  try {
    await probe.connect();
    await probe.ping();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new QueueUnavailable(code ?? message, { cause: error });
  } finally {
    probe.disconnect();
  }
  return {
    connect(patient: boolean) {
      const client = make(
        patient ? { maxRetriesPerRequest: null } : { maxRetriesPerRequest: 1, enableOfflineQueue: false },
      );
      clients.add(client);
      return client;
    },
    /** Whoever waits for a Redis that is gone would never end: with the connection given up, they fail and end. */
    leaveIfLost(): boolean {
      const isLost = [...clients].some((client) => client.status !== 'ready');
      if (isLost) for (const client of clients) client.disconnect();
      return isLost;
    },
    async close() {
      for (const client of clients)
        if (client.status === 'ready') await client.quit().catch(() => undefined);
        else client.disconnect();
    },
  };
}
