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
  /** A job at regular intervals; setting the same id again replaces it. */
  schedule(
    queue: string,
    id: string,
    every: { readonly everyMs: number },
    job: { name: string; data: Readonly<Record<string, unknown>> },
  ): Promise<void>;
  startWorker(
    queue: string,
    handle: (job: QueueJob) => Promise<void>,
    options: { readonly concurrency: number },
  ): Promise<{ close(): Promise<void> }>;
  /** Waiting, active, delayed and failed jobs of one queue. */
  counts(queue: string): Promise<Readonly<Record<string, number>>>;
  /** Closes every queue and worker; jobs in hand are finished first. */
  close(): Promise<void>;
}

export interface QueueSettings {
  /** How long a job stays its worker's without a sign of life; a killed worker's job starts again after it. */
  readonly lockMs: number;
  readonly onError: (error: Error, where: string) => void;
}

const ATTEMPTS = 5;
const FIRST_BACKOFF_MS = 2_000;
const KEEP_FAILED = 1_000;
const RUN_RETRY_MS = 500;

/** Opens BullMQ on one of its two backends. Both are loaded only here, and ioredis only for Redis. */
export async function openQueues(backend: QueueBackend, settings: QueueSettings): Promise<Queues> {
  const bullmq = await import('bullmq');
  const factory = backend.kind === 'postgres' ? [bullmq.createPostgresBackend] : [];
  const connection = async (max: number): Promise<ConnectionOptions> => {
    if (backend.kind === 'postgres')
      return { connectionString: backend.url, schema: backend.schema, max } as unknown as ConnectionOptions;
    const { Redis } = await import('ioredis');
    return new Redis(backend.url, { maxRetriesPerRequest: null }) as unknown as ConnectionOptions;
  };
  const queues = new Map<string, Promise<Queue>>();
  const workers = new Set<Worker>();
  const redisClients = new Set<{ quit(): Promise<unknown> }>();

  async function connect(max: number): Promise<ConnectionOptions> {
    const made = await connection(max);
    if (backend.kind === 'redis') redisClients.add(made as unknown as { quit(): Promise<unknown> });
    return made;
  }

  async function open(name: string): Promise<Queue> {
    const options: QueueOptions = {
      connection: await connect(2),
      defaultJobOptions: {
        removeOnComplete: true,
        removeOnFail: { count: KEEP_FAILED },
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: FIRST_BACKOFF_MS, jitter: 0.5 },
      },
    };
    const queue = new bullmq.Queue(name, options, ...(factory as []));
    queue.on('error', (error) => settings.onError(error, `queue ${name}`));
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

  return {
    backend: backend.kind,
    async addMany(name, jobs) {
      if (jobs.length === 0) return;
      const queue = await queueOf(name);
      await queue.addBulk(
        jobs.map((job) => ({
          name: job.name,
          data: job.data,
          opts: { jobId: job.id, ...(job.delayMs ? { delay: job.delayMs } : {}) },
        })),
      );
    },
    async schedule(name, id, every, job) {
      const queue = await queueOf(name);
      await queue.upsertJobScheduler(
        id,
        { every: every.everyMs },
        { name: job.name, data: job.data, opts: { attempts: 1 } },
      );
    },
    async startWorker(name, handle, { concurrency }) {
      const options: WorkerOptions = {
        connection: await connect(Math.max(2, Math.ceil(concurrency / 2))),
        concurrency,
        lockDuration: settings.lockMs,
        stalledInterval: Math.max(500, settings.lockMs / 2),
        maxStalledCount: 10,
        runRetryDelay: RUN_RETRY_MS,
      };
      const run = (job: Job) =>
        handle({ id: job.id ?? '', name: job.name, data: job.data as QueueJob['data'] });
      const worker = new bullmq.Worker(name, run, options, ...(factory as []));
      worker.on('error', (error) => settings.onError(error, `worker ${name}`));
      worker.on('failed', (job, error) => settings.onError(error, `job ${name}/${job?.id ?? '?'}`));
      workers.add(worker);
      await worker.waitUntilReady();
      return {
        async close() {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    async counts(name) {
      return (await queueOf(name)).getJobCounts('waiting', 'active', 'delayed', 'failed');
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.all([...queues.values()].map(async (queue) => (await queue).close()));
      await Promise.all([...redisClients].map((client) => client.quit().catch(() => undefined)));
    },
  };
}
