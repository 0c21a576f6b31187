import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded/index.ts';
import { startTestCluster } from '../harness/cluster.ts';
import { freePort } from '../harness/redis.ts';

/** A database server of its own that keeps what it committed when it is killed. */
export interface KillablePostgres {
  readonly superuserUrl: string;
  /** Kills the whole server and starts it again after so long. */
  kill(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

const START_TRIES = 20;

export async function startKillablePostgres(): Promise<KillablePostgres> {
  const port = await freePort();
  const cluster = await startTestCluster({ durable: true, port });
  let server: EmbeddedPostgres = cluster.server;
  return {
    superuserUrl: cluster.server.superuserUrl,
    async kill(downMs) {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      await sleep(downMs);
      server = await startAgain(() => startEmbeddedPostgres({ dir: cluster.dir, durable: true, port }));
    },
    async stop() {
      await server.stop();
      await cluster.remove();
    },
  };
}

/** Processes of the killed server hold its memory for a moment longer. */
async function startAgain(start: () => Promise<EmbeddedPostgres>): Promise<EmbeddedPostgres> {
  for (let tries = 1; ; tries += 1)
    try {
      return await start();
    } catch (error) {
      if (tries === START_TRIES) throw error;
      await sleep(200);
    }
}
