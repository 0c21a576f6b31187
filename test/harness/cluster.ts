import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../src/platform/database/index.ts';
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  removeData,
  startEmbeddedPostgres,
} from '../../src/platform/embedded/index.ts';
import { prepareDatabase } from '../../src/runtime/prepare.ts';
import { seedTestProvince } from './province.ts';

/** Known to every test: the cluster lives for one run, listens on loopback and holds invented data only. */
export const PASSWORDS: Readonly<Record<Role, string>> = {
  his_owner: 'owner',
  his_app: 'app',
  his_export: 'export',
  his_identity: 'identity',
};
export const TEMPLATE = 'template_his';

export interface TestCluster {
  readonly server: EmbeddedPostgres;
  readonly dir: string;
  /** Of a server that somebody else has stopped. */
  remove(): Promise<void>;
  stop(): Promise<void>;
}

/** A throw-away server with one migrated template database that holds the demo province, in memory where there is room for it. */
export async function startTestCluster(
  options: Partial<Pick<EmbeddedOptions, 'connections' | 'durable' | 'port'>> = {},
): Promise<TestCluster> {
  const dir = mkdtempSync(join(roomy('/dev/shm') ? '/dev/shm' : tmpdir(), 'his-test-'));
  chmodSync(dir, 0o755); // the server may run under another account, which must get here
  const server = await startEmbeddedPostgres({ durable: false, ...options, dir });
  const urls = await prepareDatabase(server.superuserUrl, TEMPLATE, PASSWORDS);
  await seedTestProvince(urls.his_owner);
  return {
    server,
    dir,
    remove: () => removeData(dir),
    async stop() {
      await server.stop();
      await removeData(dir);
    },
  };
}

function roomy(dir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize > 2 * 1024 ** 3;
  } catch {
    return false;
  }
}
