import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'bullmq';
import type { Redis } from 'ioredis';

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

/** The connections of one process to its Redis. */
export interface RedisConnections {
  /** Workers are patient: they wait for a lost Redis to come back. Who adds jobs is told at once and comes again. */
  connect(patient: boolean): Redis;
  /** Closes one that never got ready. */
  drop(client: Redis): void;
  isLost(): boolean;
  /** Settles when one of them is lost. */
  whenLost(): Promise<void>;
  /** Gives all of them up: whoever waits for a Redis that is gone would never end. */
  leave(): void;
  /** Says farewell, and leaves a Redis that does not answer. */
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 5_000;
const COMMAND_LIMIT_MS = 10_000;
/** So long a server of the queue may take to answer the last words of a process that stops. */
export const FAREWELL_LIMIT_MS = 5_000;

/** ioredis is loaded only here. @throws QueueUnavailable when Redis does not answer */
export async function openRedis(
  url: string,
  onError: (error: Error, where: string) => void,
): Promise<RedisConnections> {
  const ioredis = await import('ioredis');
  const clients = new Set<Redis>();
  /** Those that BullMQ makes of ours, to wait for jobs on them. */
  const copies = new Set<Redis>();
  const left = new WeakSet<Redis>();
  const watchers = new Set<() => void>();
  const make = (more: object) => {
    const client = new ioredis.Redis(url, { connectTimeout: CONNECT_LIMIT_MS, ...more });
    client.on('error', (error) => onError(error, 'redis'));
    return client;
  };
  await probe(make({ lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null }));
  const isLost = () => [...clients].some((client) => client.status !== 'ready');
  const leave = () => {
    for (const client of [...clients, ...copies].filter((one) => !left.has(one))) {
      left.add(client);
      client.disconnect();
    }
  };
  return {
    connect(patient) {
      const client = make(
        patient
          ? { maxRetriesPerRequest: null }
          : { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: COMMAND_LIMIT_MS },
      );
      clients.add(client);
      client.on('close', () => {
        for (const tell of watchers) tell();
      });
      const duplicate = client.duplicate.bind(client);
      client.duplicate = (options) => {
        const copy = duplicate(options);
        copies.add(copy);
        return copy;
      };
      return client;
    },
    drop(client) {
      clients.delete(client);
      client.disconnect();
    },
    isLost,
    whenLost: () =>
      new Promise((tell) => {
        watchers.add(tell);
        if (isLost()) tell();
      }),
    leave,
    async close() {
      const ready = [...clients].filter((client) => client.status === 'ready');
      const farewell = Promise.allSettled(ready.map((client) => client.quit()));
      await Promise.race([farewell, sleep(FAREWELL_LIMIT_MS, undefined, { ref: false })]);
      leave();
    },
  };
}

async function probe(client: Redis): Promise<void> {
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new QueueUnavailable(code ?? message, { cause: error });
  } finally {
    client.disconnect();
  }
}

/** @throws QueueUnavailable when it takes longer than a Redis that is there would */
export async function soon<T>(waitedFor: Promise<T>): Promise<T> {
  const late = sleep(CONNECT_LIMIT_MS, undefined, { ref: false }).then(() => {
    throw new QueueUnavailable('timeout');
  });
  return Promise.race([waitedFor, late]);
}

/** Jobs by queue and state, for figures: a look that neither waits for Redis nor keeps a connection to it. */
export async function countRedisJobs(
  url: string,
  names: readonly string[],
): Promise<{ queue: string; state: string; count: number }[]> {
  const [{ Queue }, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
  const client = new ioredis.Redis(url, {
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
