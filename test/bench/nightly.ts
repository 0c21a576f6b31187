import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { registerCertificates } from '../../src/commands/registering.ts';
import { createApiClient } from '../../src/demo/client.ts';
import { exportDay } from '../../src/demo/export.ts';
import { recordDay } from '../../src/demo/record.ts';
import { planDay } from '../../src/demo/visits/index.ts';
import type { RoleUrls } from '../../src/platform/database/index.ts';
import { addDays, type LocalDate, localDate } from '../../src/platform/dates.ts';
import type { RunningProcess } from '../../src/runtime/processes.ts';
import type { TestDatabase } from '../harness/database.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import { hasRedis, startRedis } from '../harness/redis.ts';
import { testKeys } from '../harness/signing.ts';
import {
  type Floor,
  floorOf,
  oneQuery,
  type StagesAlone,
  type StoredFile,
  slowSimulator,
  stagesAlone,
  startSimulator,
  storedFiles,
} from './nightly-parts.ts';
import { copyOf, freshDatabase, rounded, startHis } from './places.ts';
import { highestMb, type Processor, processorOf } from './processor.ts';

const QUIET_LIMIT_MS = 120_000;

interface NightRun {
  readonly queue: 'postgres' | 'redis';
  readonly workers: number;
  readonly claims: number;
  readonly seconds: number;
  readonly claimsPerSecond: number;
  /** From the first to the last event of the stage, in seconds; stages overlap. */
  readonly stages: Readonly<Record<'build' | 'sign' | 'send', number>>;
  /** Who used the cores, in seconds of processor time. */
  readonly processor: Processor;
  /** Highest of one worker process, and of all together. */
  readonly memoryMb: { readonly largest: number; readonly all: number };
}

export interface NightlyBench {
  readonly runs: readonly NightRun[];
  readonly alone: StagesAlone;
  /** Signing and sending the same files, nothing else, as many in flight. */
  readonly floor: Floor;
  /** Of the run with one worker process and the queue in PostgreSQL. */
  readonly ratioToFloor: number;
}

/** The nightly run of a day of the province, against a gateway that answers in 50 ms. */
export async function benchNightly(visits: number, serverPid: number): Promise<NightlyBench> {
  const model = await freshDatabase();
  const codes = demoProvince().facilities.map(({ code }) => code);
  const { folder, certificates } = await testKeys(codes);
  const date = addDays(localDate(new Date()), -1);
  try {
    await registerCertificates(model.urls, certificates);
    await dayOf(model, date, codes, visits, folder);
    const runs: NightRun[] = [];
    let files: readonly StoredFile[] = [];
    const nights = [
      ['postgres', 1],
      ['postgres', 2],
      ['postgres', 4],
      ...(hasRedis() ? [['redis', 1] as const] : []),
    ] as const;
    for (const [at, [queue, workers]] of nights.entries()) {
      const urls = await copyOf(model, `${model.name}_${at}`);
      runs.push(await oneNight(urls, date, folder, queue, workers, serverPid));
      if (at === 0) files = await storedFiles(urls);
      await model.query(`drop database ${model.name}_${at} with (force)`);
    }
    const alone = await stagesAlone(await copyOf(model, `${model.name}_alone`), date, folder);
    await model.query(`drop database ${model.name}_alone with (force)`);
    const floor = await floorOf(files, folder, certificates);
    const ratioToFloor = rounded(floor.claimsPerSecond / runs[0]!.claimsPerSecond, 2);
    return { runs, alone, floor, ratioToFloor };
  } finally {
    await model.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The day before the night: workers run beside it, so that check-ins are sent and audit events sealed when night comes. */
async function dayOf(
  model: TestDatabase,
  date: LocalDate,
  facilities: readonly string[],
  count: number,
  keys: string,
) {
  const { urls } = model;
  const simulator = await startSimulator(keys);
  const more = { GATEWAY_URL: simulator.details.url ?? '', SIGNING_KEYS_DIR: keys, SIGNING: 'required' };
  const server = await startHis('serve', urls, more);
  const worker = await startHis('work', urls, more);
  const api = createApiClient(server.details.url ?? '', 12);
  try {
    const days = planDay({ seed: 7, date, province: demoProvince(), facilities, count });
    await recordDay(days, { api, tokenOf: tokenFor, atWork: 10 });
    await untilQuiet(model);
    // As the server does by itself within minutes.
    await model.query('analyze');
  } finally {
    api.close();
    for (const one of [worker, server, simulator]) await one.stop();
  }
}

/** Nothing waits in outbox, queue and audit any more. */
async function untilQuiet(model: TestDatabase): Promise<void> {
  for (const endsAt = Date.now() + QUIET_LIMIT_MS; ; ) {
    const [row] = await model.query<{ waiting: number }>(
      `select ((select count(*) from outbox) + (select count(*) from bullmq.job where state <> 'delayed')
         + (select count(*) from audit_unsealed))::int as waiting`,
    );
    if (row?.waiting === 0) return;
    if (Date.now() > endsAt) throw new Error(`the day does not come to rest: ${row?.waiting} wait`);
    await sleep(500);
  }
}

async function oneNight(
  urls: RoleUrls,
  date: LocalDate,
  keys: string,
  queue: NightRun['queue'],
  workers: number,
  serverPid: number,
): Promise<NightRun> {
  const redis = queue === 'redis' ? await startRedis() : null;
  const simulator = await slowSimulator(keys);
  const more = {
    GATEWAY_URL: simulator.details.url ?? '',
    SIGNING: 'required',
    SIGNING_KEYS_DIR: keys,
    ...(redis ? { REDIS_URL: redis.url } : {}),
  };
  const server = await startHis('serve', urls, more);
  const working: RunningProcess[] = [];
  const api = createApiClient(server.details.url ?? '', 2);
  try {
    for (let n = 0; n < workers; n += 1) working.push(await startHis('work', urls, more));
    const pids = {
      workers: working.map(({ child }) => child.pid ?? 0),
      gateway: [simulator.child.pid ?? 0],
      api: [server.child.pid ?? 0],
    };
    const before = processorOf(pids, serverPid);
    const startedAt = performance.now();
    const { claims, states } = await exportDay(api, tokenFor(null), date, 1, () => undefined);
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = processorOf(pids, serverPid);
    const used = (who: keyof typeof after) => rounded(after[who] - before[who]);
    if (states.received !== claims)
      throw new Error(`not all claims were received: ${JSON.stringify(states)}`);
    const held = working.map(({ child }) => highestMb(child.pid));
    return {
      queue,
      workers,
      claims,
      seconds: rounded(seconds),
      claimsPerSecond: rounded(claims / seconds),
      stages: await stagesOf(urls),
      processor: {
        workers: used('workers'),
        database: used('database'),
        gateway: used('gateway'),
        api: used('api'),
      },
      memoryMb: { largest: Math.max(...held), all: held.reduce((sum, one) => sum + one, 0) },
    };
  } finally {
    api.close();
    for (const one of [...working, server, simulator]) await one.stop();
    await redis?.stop();
  }
}

async function stagesOf(urls: RoleUrls): Promise<NightRun['stages']> {
  const [row] = await oneQuery<{ build: number; sign: number; send: number }>(
    urls,
    `select extract(epoch from max(at) filter (where type = 'built') - min(r.started_at))::float as build,
       extract(epoch from max(at) filter (where type = 'signed') - min(at) filter (where type = 'signed'))::float as sign,
       extract(epoch from max(at) filter (where type = 'received') - min(at) filter (where type = 'sending'))::float as send
     from claim_event cross join (select min(started_at) as started_at from export_run) r`,
  );
  return { build: rounded(row!.build), sign: rounded(row!.sign), send: rounded(row!.send) };
}
