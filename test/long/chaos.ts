import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, randomFrom } from '../../src/demo/visits/random.ts';
import { moneyText } from '../../src/platform/money.ts';
import { type RunningProcess, startProcess } from '../../src/runtime/processes.ts';
import { startTestCluster } from '../harness/cluster.ts';
import { environmentOf } from '../harness/database.ts';
import {
  BACKENDS,
  type BackendKind,
  LEASE_MARGIN_MS,
  ledger,
  type Plant,
  SUBMIT_TIMEOUT_MS,
  startPlant,
  waiting,
} from '../harness/plant.ts';
import { TEST_KEY } from '../harness/province.ts';
import { registerEverywhere, testKeys } from '../harness/signing.ts';
import type { LongResult } from './page.ts';

const FACILITIES = ['40001', '40002', '40016', '40017', '40021', '40101', '40102', '40103', '40104', '40105'];
/** Exports at once: its part of the work begins while visits are still recorded. */
const AT_ONCE = '40021';
const ENCOUNTERS = 360;
const WORKERS = 2;
const KILLS = 16;
const LIMIT_MS = 10 * 60_000;
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';

/** What the gateway does wrong, and how often. Codes and moments as in the catalogue of faults, gateway.md section 18. */
const FAULTS: readonly (readonly [probability: number, when: string, action: object])[] = [
  [0.04, 'after-persist', { type: 'drop' }], // taken, and never answered: our time runs out
  [0.04, 'after-persist', { type: 'reset' }],
  [0.03, 'after-persist', { type: 'status', status: 500 }], // G20 of a proxy, the record is there
  [0.03, 'after-auth', { type: 'status', status: 502 }], // G20, it is not
  [0.03, 'after-auth', { type: 'status', status: 503 }],
  [0.03, 'after-auth', { type: 'code', maKetQua: '500' }], // G21
  [0.04, 'before-auth', { type: 'reset' }], // G22
  [0.02, 'after-answer-header', { type: 'truncate' }],
  [0.02, 'after-persist', { type: 'garbage' }],
  [0.1, 'after-auth', { type: 'delay', ms: 400 }],
];

/** @returns what does not hold at the end, on each queue backend */
export async function chaos(seed: number): Promise<LongResult> {
  const cluster = await startTestCluster();
  process.env.HIS_TEST_SUPERUSER_URL = cluster.server.superuserUrl;
  const failures: string[] = [];
  const figures: Record<string, string | number> = {};
  try {
    for (const kind of BACKENDS) {
      const found = await oneBackend(kind, seed);
      failures.push(...found.failures.map((failure) => `${kind}: ${failure}`));
      for (const [name, figure] of Object.entries(found.figures)) figures[`${kind}: ${name}`] = figure;
    }
    if (!BACKENDS.includes('redis')) failures.push('redis: not tried, there is no redis-server');
  } finally {
    await cluster.stop();
  }
  return { failures, figures };
}

async function oneBackend(kind: BackendKind, seed: number): Promise<LongResult> {
  const random = randomFrom('chaos', seed, kind);
  const keys = await testKeys(FACILITIES);
  const plant = await startPlant(kind, { 'submit.signature': 'verify' });
  await registerEverywhere(plant, keys.certificates);
  const killer = startKiller(plant, keys.folder, random);
  try {
    const query = queryOf(plant);
    await query(
      `insert into export_setting (facility_id, mode) select id, 'immediate' from facility where code = $1`,
      [AT_ONCE],
    );
    await query('update reference_revision set revision = revision + 1');
    for (const [index, [probability, when, action]] of FAULTS.entries())
      await plant.control('POST', 'faults', {
        id: `chaos-${seed}-${index}`,
        match: { path: CLAIM_PATH, probability },
        when,
        action,
      });
    const recorded = await plant.record(ENCOUNTERS, FACILITIES, seed);
    process.stderr.write(`${kind}: ${recorded.insured} insured visits\n`);
    await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
    const isDone = await within(LIMIT_MS, async () => (await waiting(plant)) === 0 && killer.kills >= KILLS);
    await killer.stop();
    return {
      failures: [...(isDone ? [] : ['not at rest in time']), ...(await judge(plant, recorded))],
      figures: {
        'insured visits': recorded.insured,
        'workers killed': killer.kills,
        ...(await figuresOf(plant)),
      },
    };
  } finally {
    await killer.stop();
    await plant.stop();
    rmSync(keys.folder, { recursive: true, force: true });
  }
}

/** Keeps workers running and kills one of them after the other, until there were enough kills or it is told to stop. */
function startKiller(plant: Plant, keysDir: string, random: Random) {
  const environment = {
    ...environmentOf(plant.server.database),
    SECRETS_KEY: TEST_KEY.toString('base64'),
    GATEWAY_URL: plant.gatewayUrl,
    GATEWAY_TIMEOUT_MS: String(SUBMIT_TIMEOUT_MS),
    GATEWAY_CONCURRENCY: '3',
    SEND_LEASE_MARGIN_MS: String(LEASE_MARGIN_MS),
    SEND_QUIET_MS: '0',
    SWEEP_EVERY_MS: '1000',
    QUEUE_LOCK_MS: '1500',
    EXPORT_DIR: plant.exportDir,
    SIGNING_KEYS_DIR: keysDir,
    EXPORT_TIME: '23:59',
    LOG_LEVEL: 'silent',
    ...(plant.redisUrl ? { REDIS_URL: plant.redisUrl } : {}),
  };
  let stopping = false;
  let kills = 0;
  /** One worker and its successors. */
  const lane = async () => {
    let worker: RunningProcess | null = null;
    while (!stopping) {
      worker ??= await startProcess(['work'], environment, { quiet: true });
      await sleep(random.int(300, 3_000));
      if (stopping || kills >= KILLS) continue;
      worker.child.kill('SIGKILL');
      kills += 1;
      await worker.ended;
      worker = null;
      await sleep(random.int(0, 1_000));
    }
    await worker?.stop();
  };
  const lanes = Promise.all(Array.from({ length: WORKERS }, lane));
  return {
    get kills() {
      return kills;
    },
    async stop() {
      stopping = true;
      await lanes;
    },
  };
}

const queryOf =
  (plant: Plant) =>
  <Row extends Record<string, unknown>>(sql: string, parameters?: unknown[]) =>
    plant.server.database.query<Row>(sql, parameters);

async function within(ms: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(500)) if (await holds()) return true;
  return false;
}

/** What must be true of every visit, claim and record now that all is at rest. */
async function judge(plant: Plant, recorded: Awaited<ReturnType<Plant['record']>>): Promise<string[]> {
  const failures: string[] = [];
  const must = (holds: boolean, failure: string) => {
    if (!holds) failures.push(failure);
  };
  const query = queryOf(plant);
  const settled = await query<{ key: string }>(
    `select e.claim_key as key from encounter e where e.state = 'settled' and e.route_code <> '9'`,
  );
  must(recorded.settled === recorded.recorded, 'not every visit was settled');
  must(
    settled.length === recorded.insured,
    `${settled.length} insured visits settled of ${recorded.insured}`,
  );
  const records = new Map((await plant.records()).map((record) => [record.maLk, record.versions]));
  must(records.size === settled.length, `${records.size} records of ${settled.length} visits`);
  for (const { key } of settled) {
    const versions = records.get(key) ?? [];
    const active = versions.filter((version) => version.state === 'active').length;
    must(active === 1, `${key}: ${active} active records`);
    must(new Set(versions.map((version) => version.sha256)).size <= 1, `${key}: sent with other bytes`);
  }
  const rows = await ledger(plant);
  const calls = await plant.claimCalls();
  must(rows.length === settled.length, `${rows.length} claim versions of ${settled.length} visits`);
  for (const { claimKey, types, sequences } of rows) {
    must(types.at(-1) === 'received', `${claimKey} rests as ${types.at(-1)}`);
    must(types.filter((type) => type === 'received').length === 1, `${claimKey}: received more than once`);
    must(
      sequences.every((sequence, index) => sequence === index + 1),
      `${claimKey}: events with a gap`,
    );
    const attempts = types.filter((type) => type === 'sending').length;
    const made = calls.filter((call) => call.maLks.includes(claimKey)).length;
    must(made <= attempts, `${claimKey}: ${made} calls of ${attempts} attempts written down`);
  }
  const { money } = await plant.report();
  must(
    money.T_BHTT === moneyText(recorded.insurerPays),
    `money: ${money.T_BHTT} at the gateway, ${moneyText(recorded.insurerPays)} in the answers`,
  );
  const open = await query('select 1 from export_batch where finished_at is null');
  must(open.length === 0, `${open.length} batches are open`);
  return failures;
}

async function figuresOf(plant: Plant): Promise<Record<string, number>> {
  const rows = await ledger(plant);
  const count = (type: string) => rows.flatMap((row) => row.types).filter((one) => one === type).length;
  const report = await plant.report();
  return {
    'active records': report.records.active,
    'calls with a claim': (await plant.claimCalls()).length,
    'attempts of unknown outcome': count('unknown'),
    'attempts not sent': count('notSent'),
    'records replaced by the same bytes': report.records.replaced,
  };
}
