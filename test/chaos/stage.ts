import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../../src/runtime/processes.ts';
import { makeKeyFolder } from '../../src/signatures/index.ts';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { TEST_KEY } from '../harness/province.ts';
import { freePort, startRedis, type TestRedis } from '../harness/redis.ts';
import { aYear, testKeys } from '../harness/signing.ts';
import { keep } from './keeper.ts';
import { type Network, startNetwork } from './network.ts';
import { type ChaosPlan, FACILITIES, type Timekeeper, type Victim } from './plan.ts';
import type { KillablePostgres } from './postgres.ts';

/** Every process of a small province, each of which may be killed; addresses stay. */
export interface Stage {
  readonly database: TestDatabase;
  readonly apiUrl: string;
  readonly network: Network;
  /** By facility, PEM: known at the gateway from the beginning. */
  readonly certificates: ReadonlyMap<string, string>;
  /** Processes that ended though nobody had killed them or what they need. */
  readonly endedByThemselves: readonly string[];
  /** Resolves when it is back, as under a service manager. */
  kill(who: Victim, downMs: number): Promise<void>;
  setClock(who: Timekeeper, offsetMs: number): void;
  /** A new key in the workers' folder, its certificate at the gateway. @returns the certificate, PEM */
  rotateKey(facility: string): Promise<string>;
  control<T>(method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export const SUBMIT_TIMEOUT_MS = 2_000;
export const LEASE_MARGIN_MS = 500;
/** Longer than the gateway keeps a call before it stores it. */
const QUIET_MS = 3_000;
const CLOCK = new URL('clock.mjs', import.meta.url).href;
const PARTS = ['worker-1', 'worker-2', 'api', 'simulator'] as const;
type Part = (typeof PARTS)[number];
const START_LIMIT_MS = 120_000;
/** Who lost its database may notice so much later. */
const NOTICED_AFTER_MS = 5_000;

export async function openStage(plan: ChaosPlan, postgres: KillablePostgres): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'his-chaos-'));
  const ports = { api: await freePort(), gateway: await freePort(), control: await freePort() };
  const database = await freshDatabase();
  const network = await startNetwork({ port: ports.gateway }, () => plan.nextMishap());
  const keys = await keysIn(dir);
  const clocks = clocksIn(dir);
  let redis: TestRedis | null = plan.backend === 'redis' ? await startRedis() : null;
  let isStopping = false;
  /** `performance.now()` until which something that all need was away. */
  let missingUntil = 0;
  const endedByThemselves: string[] = [];
  const shared = {
    ...environmentOf(database),
    ...WORK_SETTINGS,
    GATEWAY_URL: network.url,
    SIGNING_KEYS_DIR: keys.folder,
    PORT: String(ports.api),
    NODE_OPTIONS: `--import ${CLOCK}`,
    ...(redis ? { REDIS_URL: redis.url } : {}),
  };
  const simulate = ['simulate-gateway', '--port', `${ports.gateway}`, '--control-port', `${ports.control}`];
  const commands: Readonly<Record<Part, readonly string[]>> = {
    api: ['serve'],
    simulator: [...simulate, '--records', join(dir, 'records'), '--certificates', keys.known],
    'worker-1': ['work'],
    'worker-2': ['work'],
  };
  const keeperOf = (part: Part) =>
    keep(
      part,
      () => startProcess(commands[part], { ...shared, CHAOS_CLOCK: clocks.of(part) }, { quiet: true }),
      (what, begunAt) => {
        if (begunAt > missingUntil && !isStopping) endedByThemselves.push(what);
      },
    );
  const keepers = Object.fromEntries(PARTS.map((part) => [part, keeperOf(part)]));
  const control = <T>(method: string, path: string, body?: unknown) =>
    askSimulator<T>(ports.control, method, path, body);
  /** Killed meanwhile, it gets them when it is back. */
  const addFaults = async () => {
    for (const rule of plan.faults) await control('POST', 'faults', rule).catch(() => undefined);
  };
  const away = new Set<Victim>();
  /** What is down already cannot be killed. */
  const without = async (who: Victim, work: () => Promise<void>) => {
    if (away.has(who)) return;
    away.add(who);
    missingUntil = Number.POSITIVE_INFINITY;
    await work();
    away.delete(who);
    if (away.size === 0) missingUntil = performance.now() + NOTICED_AFTER_MS;
  };
  const restartRedis = async (downMs: number) => {
    const { port } = redis!;
    await redis!.kill();
    await sleep(downMs);
    redis = await startRedis(port);
  };
  const stop = async () => {
    isStopping = true;
    await Promise.all(PARTS.map((part) => keepers[part]!.stop()));
    await network.stop();
    await redis?.stop();
    await database.drop();
    for (const folder of [dir, keys.folder]) rmSync(folder, { recursive: true, force: true });
  };
  const up = Promise.all(PARTS.map((part) => keepers[part]!.isUp()));
  const late = sleep(START_LIMIT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the stage is not up: ${endedByThemselves.join('; ')}`);
  });
  await Promise.race([up, late]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  await addFaults();
  return {
    database,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    network,
    certificates: keys.certificates,
    endedByThemselves,
    async kill(who, downMs) {
      if (who === 'postgres') return without('postgres', () => postgres.kill(downMs));
      if (who === 'connections') return without('postgres', () => killConnections(database));
      if (who === 'redis') return without('redis', () => restartRedis(downMs));
      await keepers[who]!.kill(downMs);
      if (who === 'simulator' && !isStopping) await addFaults();
    },
    setClock(who, offsetMs) {
      for (const part of who === 'all' ? PARTS : [who]) clocks.set(part, offsetMs);
    },
    async rotateKey(facility) {
      const made = await keys.make(facility);
      await control('POST', 'certificates', { maCSKCB: facility, pem: made.pem }).catch(() => undefined);
      made.put();
      return made.pem;
    },
    control,
    stop,
  };
}

const WORK_SETTINGS = {
  SECRETS_KEY: TEST_KEY.toString('base64'),
  GATEWAY_TIMEOUT_MS: String(SUBMIT_TIMEOUT_MS),
  GATEWAY_CONCURRENCY: '6',
  GATEWAY_FACILITY_CONCURRENCY: '3',
  GATEWAY_FACILITY_PER_MINUTE: '6000',
  SEND_LEASE_MARGIN_MS: String(LEASE_MARGIN_MS),
  SEND_QUIET_MS: String(QUIET_MS),
  SWEEP_EVERY_MS: '1000',
  // Each new connection plans everything anew, and after ten kills that is most of a day's work.
  DB_POOL: '4',
  QUEUE_LOCK_MS: '3000',
  EXPORT_TIME: '23:59',
  CARD_LOOKUP_WAIT_MS: '0',
  SESSION_IDLE_MINUTES: '1440',
  SESSION_HOURS: '168',
  ACCOUNT_CALLS_PER_MINUTE: '1000000',
  LOG_LEVEL: 'silent',
} as const;

function clocksIn(dir: string) {
  const of = (part: Part) => join(dir, `clock.${part}`);
  const set = (part: Part, offsetMs: number) => {
    writeFileSync(`${of(part)}.new`, String(offsetMs));
    renameSync(`${of(part)}.new`, of(part));
  };
  for (const part of PARTS) set(part, 0);
  return { of, set };
}

/** The workers' keys, and beside them every certificate that the gateway has been told of. */
async function keysIn(dir: string) {
  const { folder, certificates } = await testKeys(FACILITIES);
  const known = join(dir, 'certificates');
  mkdirSync(known);
  for (const [code, pem] of certificates) writeFileSync(join(known, `${code}.crt.pem`), pem);
  let made = 1;
  return {
    folder,
    known,
    certificates,
    async make(facility: string) {
      made += 1;
      const fresh = join(dir, `keys-${made}`);
      await makeKeyFolder(fresh, [{ unit: facility, name: `Cơ sở ${facility}` }], {
        validity: aYear(),
        authorityName: 'Nơi cấp thử',
        form: 'pem',
      });
      const certificate = join(fresh, `${facility}.crt.pem`);
      copyFileSync(certificate, join(known, `${facility}-${made}.crt.pem`));
      const put = () => renameSync(join(fresh, `${facility}.pem`), join(folder, `${facility}.pem`));
      return { pem: readFileSync(certificate, 'utf8'), put };
    },
  };
}

/** As when one of its processes is shot: the server ends all sessions and recovers by itself. */
async function killConnections(database: TestDatabase): Promise<void> {
  const [one] = await database
    .query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() limit 1`,
    )
    .catch(() => []);
  if (one) process.kill(one.pid, 'SIGKILL');
}

async function askSimulator<T>(port: number, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/__sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`simulator ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
