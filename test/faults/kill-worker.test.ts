import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProcess, startProcess } from '../../src/runtime/processes.ts';
import { environmentOf } from '../harness/database.ts';
import {
  BACKENDS,
  LEASE_MARGIN_MS,
  ledger,
  type Plant,
  SUBMIT_TIMEOUT_MS,
  startPlant,
  until,
  waiting,
} from '../harness/plant.ts';
import { TEST_KEY } from '../harness/province.ts';
import { registerEverywhere, type TestKeys, testKeys } from '../harness/signing.ts';

const FACILITIES = ['40001', '40016', '40101'];
const COUNT = 24;
const CLAIM_PATH = '/api/qd130/guiHoSoXmlQD3176';

describe.each(BACKENDS)('a worker process is killed in the middle of an export, queue in %s', (kind) => {
  let plant: Plant;
  let insured: number;
  let keys: TestKeys;
  const started: RunningProcess[] = [];
  const worker = async () => {
    const process_ = await startProcess(
      ['work'],
      {
        ...environmentOf(plant.server.database),
        SECRETS_KEY: TEST_KEY.toString('base64'),
        GATEWAY_URL: plant.gatewayUrl,
        GATEWAY_TIMEOUT_MS: String(SUBMIT_TIMEOUT_MS),
        GATEWAY_CONCURRENCY: '4',
        SEND_LEASE_MARGIN_MS: String(LEASE_MARGIN_MS),
        SEND_QUIET_MS: '0',
        SWEEP_EVERY_MS: '500',
        QUEUE_LOCK_MS: '1000',
        EXPORT_DIR: plant.exportDir,
        SIGNING_KEYS_DIR: keys.folder,
        EXPORT_TIME: '23:59',
        LOG_LEVEL: 'silent',
        ...(plant.redisUrl ? { REDIS_URL: plant.redisUrl } : {}),
      },
      { quiet: true },
    );
    started.push(process_);
    return process_;
  };
  const kill = async ({ child }: RunningProcess) => {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    expect(child.signalCode).toBe('SIGKILL');
  };
  const count = async (sql: string) =>
    (await plant.server.database.query<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]?.n ?? -1;

  beforeAll(async () => {
    keys = await testKeys(FACILITIES);
    plant = await startPlant(kind, { 'submit.signature': 'verify' });
    await registerEverywhere(plant, keys.certificates);
    ({ insured } = await plant.record(COUNT, FACILITIES));
    const started_ = await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
    expect(started_.status).toBe(202);
  });
  afterEach(async () => {
    for (const one of started) await one.stop();
  });
  afterAll(() => plant.stop());

  test('G38 every settled visit ends as exactly one active record', async () => {
    // First: the gateway has the record, its answer is on the way, the worker dies.
    await plant.control('POST', 'faults', {
      match: { path: CLAIM_PATH },
      when: 'after-persist',
      action: { type: 'delay', ms: 5_000 },
    });
    const first = await worker();
    await until(async () => (await plant.report()).records.active >= 3);
    await kill(first);
    expect(await count(`claim_event where type = 'sending'`)).toBeGreaterThanOrEqual(3);
    expect(await count(`claim_event where type = 'received'`)).toBe(0);

    // Second: the gateway has read the call and not yet acted when the worker dies; it acts later, all the same.
    await plant.control('DELETE', 'faults');
    await plant.control('POST', 'faults', {
      match: { path: CLAIM_PATH },
      when: 'after-auth',
      action: { type: 'delay', ms: 3_000 },
    });
    const callsBefore = (await plant.claimCalls()).length;
    const second = await worker();
    await until(async () => (await plant.claimCalls()).length >= callsBefore + 2);
    await kill(second);

    await plant.control('DELETE', 'faults');
    const third = await worker();
    await until(async () => (await waiting(plant)) === 0 && (await count('claim_version')) === insured);
    await third.stop();

    const records = await plant.records();
    expect(records).toHaveLength(insured);
    for (const record of records) {
      expect(record.versions.filter((version) => version.state === 'active')).toHaveLength(1);
      expect(new Set(record.versions.map((version) => version.sha256)).size).toBe(1);
    }
    expect((await plant.report()).records.replaced).toBeGreaterThanOrEqual(1);
    await checkLedger();
  });

  /** Events without a gap, ended as received, every attempt closed before the next one began. */
  async function checkLedger(): Promise<void> {
    const rows = await ledger(plant);
    const calls = await plant.claimCalls();
    expect(rows).toHaveLength(insured);
    for (const row of rows) {
      expect(row.sequences).toEqual(row.sequences.map((_, index) => index + 1));
      expect(row.types[0]).toBe('built');
      expect(row.types.at(-1)).toBe('received');
      expect(row.types.filter((type) => type === 'received')).toHaveLength(1);
      const attempts = row.types.flatMap((type, index) => (type === 'sending' ? [index] : []));
      for (const index of attempts)
        expect(['received', 'unknown', 'notSent']).toContain(row.types[index + 1]);
      expect(calls.filter((call) => call.maLks.includes(row.claimKey)).length).toBeLessThanOrEqual(
        attempts.length,
      );
    }
    expect(rows.some((row) => row.causes.includes('no-outcome-recorded'))).toBe(true);
    // An attempt without outcome is given up only when its sender is certainly gone.
    const early = await plant.server.database.query(
      `select 1 from claim_event u join claim_event s using (facility_id, encounter_id, number)
       where u.cause = 'no-outcome-recorded' and s.type = 'sending' and s.sequence = u.sequence - 1
         and u.at < s.at + make_interval(secs => $1)`,
      [(SUBMIT_TIMEOUT_MS + LEASE_MARGIN_MS) / 1000],
    );
    expect(early).toEqual([]);
  }
});
