import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { type Recorded, recordDay } from '../../src/demo/record.ts';
import { planDay } from '../../src/demo/visits/index.ts';
import { type Simulator, startSimulator } from '../../src/gateway/simulator/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { createLogger } from '../../src/platform/log.ts';
import type { Queues } from '../../src/platform/queue/index.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { openWorkQueues, type WorkerParts, workerParts } from '../../src/runtime/workers.ts';
import { startWorkers } from '../../workers/index.ts';
import { demoProvince, TEST_KEY, tokenFor } from './province.ts';
import { startTestServer, type TestServer } from './server.ts';

/** API, simulator and (when asked) workers around one test database: a small province in one process. */
export interface SmallProvince {
  readonly server: TestServer;
  readonly simulator: Simulator;
  readonly exportDatabase: Database;
  readonly parts: WorkerParts;
  readonly dir: string;
  readonly day: string;
  /** Records that many visits of a seeded day over HTTP. */
  record(count: number, facilities: readonly string[], seed?: number): Promise<Recorded>;
  openQueues(): Promise<Queues>;
  startWorkers(queues: Queues): Promise<{ stop(): Promise<void> }>;
  report(): Promise<SimulatorReport>;
  stop(): Promise<void>;
}

export interface SimulatorReport {
  readonly records: { readonly active: number; readonly replaced: number };
  readonly checkIns: number;
  readonly money: Readonly<Record<string, string>>;
  readonly flags: unknown;
}

export async function startSmallProvince(
  options: { readonly redisUrl?: string; readonly settings?: Record<string, unknown> } = {},
): Promise<SmallProvince> {
  const server = await startTestServer({ as: null });
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, controlPort: 0 });
  const dir = mkdtempSync(join(tmpdir(), 'his-claims-'));
  const config = {
    ...readConfig({}),
    GATEWAY_URL: simulator.url,
    GATEWAY_TIMEOUT_MS: 2_000,
    SEND_LEASE_MARGIN_MS: 300,
    QUEUE_LOCK_MS: 2_000,
    EXPORT_DIR: dir,
    REDIS_URL: options.redisUrl ?? null,
    ...options.settings,
  };
  const log = createLogger('silent');
  const exportUrl = server.database.urls.his_export;
  const exportDatabase = openDatabase(exportUrl, 8, () => undefined);
  const parts = workerParts(config, exportDatabase, TEST_KEY, log);
  const day = addDays(localDate(new Date()), -1);
  return {
    server,
    simulator,
    exportDatabase,
    parts,
    dir,
    day,
    record: (count, facilities, seed = 1) =>
      recordDay(planDay({ seed, date: day, province: demoProvince(), facilities, count }), {
        api: server.api,
        tokenOf: tokenFor,
        atWork: 6,
      }),
    openQueues: () => openWorkQueues(config, exportUrl, log),
    startWorkers: (queues) => startWorkers(parts, queues, { sweepEveryMs: 500 }),
    async report() {
      return (await (await fetch(`${simulator.controlUrl}/__sim/report`)).json()) as SimulatorReport;
    },
    async stop() {
      parts.gateway.close();
      await simulator.stop();
      await exportDatabase.close();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Waits until it holds; a test fails with what was last seen. */
export async function until<T>(
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  limitMs = 40_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`waited in vain, last seen: ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}
