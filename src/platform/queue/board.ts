import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionOptions, Queue } from 'bullmq';
import type { QueueBackend } from './queues.ts';

export interface QueueBoard {
  handle(req: IncomingMessage, res: ServerResponse, failed: (error: unknown) => void): Promise<void>;
  close(): Promise<void>;
}

/** What its pages load: their own scripts, styles and figures, nothing from elsewhere. */
export const BOARD_CONTENT = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'self'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
} as const;

type Opened = { readonly show: (...args: Parameters<QueueBoard['handle']>) => void; close(): Promise<void> };

/** One pool for all queues: they are looked at by one person at a time. */
const CONNECTIONS = 3;
const IDLE_MS = 30_000;

/** bull-board over our queues, to be read only. Nothing is loaded or connected before somebody looks. */
export function createQueueBoard(
  backend: QueueBackend,
  names: readonly string[],
  path: string,
  onError: (error: Error) => void,
): QueueBoard {
  let opened: Promise<Opened> | undefined;
  return {
    async handle(req, res, failed) {
      opened ??= openBoard(backend, names, path, onError).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      (await opened).show(req, res, failed);
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function openBoard(
  backend: QueueBackend,
  names: readonly string[],
  path: string,
  onError: (error: Error) => void,
): Promise<Opened> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/express'),
  ]);
  const opened = await openQueuesOf(backend, names);
  const { queues } = opened;
  for (const queue of queues) queue.on('error', onError);
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'LienThong HIS', hideRedisDetails: true } },
  });
  return { show: serverAdapter.getRouter() as Opened['show'], close: () => opened.close() };
}

async function openQueuesOf(
  backend: QueueBackend,
  names: readonly string[],
): Promise<{ queues: Queue[]; close(): Promise<void> }> {
  const { Queue, createPostgresBackend } = await import('bullmq');
  if (backend.kind === 'postgres') {
    const { Pool } = await import('pg');
    const options = `-c search_path=${backend.schema}`;
    const pool = new Pool({
      connectionString: backend.url,
      max: CONNECTIONS,
      idleTimeoutMillis: IDLE_MS,
      options,
    });
    pool.on('error', () => undefined);
    pool.setMaxListeners(0); // each queue listens to it
    const connection = pool as unknown as ConnectionOptions;
    const queues = names.map((name) => new Queue(name, { connection }, createPostgresBackend as never));
    return {
      queues,
      async close() {
        await Promise.all(queues.map((queue) => queue.close()));
        await pool.end();
      },
    };
  }
  const { Redis } = await import('ioredis');
  const client = new Redis(backend.url, { maxRetriesPerRequest: 1, enableOfflineQueue: true });
  client.on('error', () => undefined);
  const queues = names.map((name) => new Queue(name, { connection: client as unknown as ConnectionOptions }));
  return {
    queues,
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
      client.disconnect();
    },
  };
}
