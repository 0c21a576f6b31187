import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readClaimFile, totals } from '../../src/claims/index.ts';
import { type Exported, exportDay } from '../../src/demo/export.ts';
import { compared, foundAtServer, type Planted, plantedIn } from '../../src/demo/mistakes.ts';
import { type Recorded, recordVisit } from '../../src/demo/record.ts';
import { claimFiles, verifyFiles } from '../../src/demo/verify.ts';
import { startScheduledRuns, workerContext, writeHandOverFiles } from '../../src/exports/index.ts';
import { localDate } from '../../src/platform/dates.ts';
import { add, type Money, money, moneyText, zero } from '../../src/platform/money.ts';
import { BACKENDS, ledger, type Plant, startPlant, until, waiting } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';

/** Two province hospitals, two district hospitals, three communes. */
const FACILITIES = ['40001', '40002', '40016', '40017', '40101', '40102', '40103'];
const COUNT = 60;
const IMMEDIATE = '40020';

describe.each(BACKENDS)('a day of 60 encounters, queue in %s', (kind) => {
  let plant: Plant;
  let recorded: Recorded;
  let insured: readonly { id: string; routeCode: string }[];

  beforeAll(async () => {
    plant = await startPlant(kind, {}, { GATEWAY_TIMEOUT_MS: 30_000 });
    await plant.server.database.query(
      `insert into export_setting (facility_id, mode) select id, 'immediate' from facility where code = $1`,
      [IMMEDIATE],
    );
    await plant.server.database.query('update reference_revision set revision = revision + 1');
    await plant.startWorkers();
    recorded = await plant.record(COUNT, FACILITIES);
    insured = plant.plans(COUNT, FACILITIES).filter((plan) => plan.routeCode !== '9');
    await exportDay(plant.server.api, tokenFor(null), plant.day, 1, () => undefined);
  });
  afterAll(() => plant.stop());

  test('every encounter was recorded and settled', () => {
    expect(recorded).toMatchObject({ recorded: COUNT, settled: COUNT, insured: insured.length });
    expect(insured.length).toBeGreaterThan(COUNT / 2);
    expect(insured.length).toBeLessThan(COUNT);
  });

  test('every insured visit is exactly one active record at the gateway, and nothing else is', async () => {
    const keys = await plant.server.database.query<{ key: string }>(
      'select claim_key as key from encounter where id = any($1::uuid[])',
      [insured.map((plan) => plan.id)],
    );
    const records = await plant.records();
    expect(records.map((record) => record.maLk).toSorted()).toEqual(keys.map((row) => row.key).toSorted());
    for (const record of records) expect(record.versions.map((version) => version.state)).toEqual(['active']);
    expect(await waiting(plant)).toBe(0);
    // On a busy machine a connection may be cut while it is used: such a call is unclear, and made again.
    const told = (await ledger(plant)).map(({ types }) => types.join(' ').replaceAll('sending unknown ', ''));
    expect([...new Set(told)]).toEqual(['built checked queued sending received']);
  });

  test('files are the claims, and the money is equal in the answers, the files and at the gateway', async () => {
    const paths = [...claimFiles(plant.exportDir)];
    const files = paths.map((path) => readClaimFile(readFileSync(path)));
    expect(files.flatMap((file) => file.records)).toHaveLength(insured.length);
    expect(paths).toHaveLength(insured.length);
    const inFiles = files.reduce<Money>(
      (sum, file) => add(sum, money(totals(file.records).insurerPays)),
      zero,
    );
    const { money: atGateway } = await plant.report();
    expect(moneyText(recorded.insurerPays)).not.toBe('0.00');
    expect(moneyText(inFiles)).toBe(moneyText(recorded.insurerPays));
    expect(atGateway.T_BHTT).toBe(moneyText(recorded.insurerPays));
  });

  test('check-ins arrived: each insured visit that was no emergency, once per message', async () => {
    const messages = await plant.server.database.query<{ id: string; sequence: number }>(
      'select encounter_id as id, sequence::int from check_in',
    );
    await until(async () => (await plant.report()).checkIns >= messages.length);
    expect((await plant.report()).checkIns).toBe(messages.length);
    const announced = new Set(messages.filter((row) => row.sequence === 1).map((row) => row.id));
    const expected = insured.filter((plan) => plan.routeCode !== '2').map((plan) => plan.id);
    expect([...announced].toSorted()).toEqual(expected.toSorted());
    const open = await plant.server.database.query(
      `select 1 from check_in c where not exists (select from check_in_attempt a
         where a.encounter_id = c.encounter_id and a.sequence = c.sequence and a.outcome = 'received')`,
    );
    expect(open).toEqual([]);
  });

  test('running again finds nothing new', async () => {
    const before = [
      await plant.report(),
      await ledger(plant),
      readdirSync(plant.exportDir, { recursive: true }),
    ];
    const again = await exportDay(plant.server.api, tokenFor(null), plant.day, 2, () => undefined);
    expect(again).toEqual({ claims: 0, setAside: 0, states: {} });
    const after = [
      await plant.report(),
      await ledger(plant),
      readdirSync(plant.exportDir, { recursive: true }),
    ];
    expect(after.map(withoutTime)).toEqual(before.map(withoutTime));
  });

  test('hand-over files hold every record, at most as many as asked for in each', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'his-hand-over-'));
    try {
      const told: string[] = [];
      const files = await writeHandOverFiles(
        plant.database,
        { day: localDate(new Date()), facilityCode: null, dir, recordsPerFile: 4 },
        (file) => told.push(file.path),
      );
      expect(files.map((file) => file.path)).toEqual(told);
      expect(readdirSync(dir).toSorted()).toEqual(
        files.map((file) => file.path.slice(dir.length + 1)).toSorted(),
      );
      const read = files.map((file) => ({ ...file, content: readClaimFile(readFileSync(file.path)) }));
      for (const { content, records } of read) {
        expect(content.records).toHaveLength(records);
        expect(records).toBeLessThanOrEqual(4);
      }
      expect(Math.max(...read.map((file) => file.records))).toBe(4);
      expect(read.reduce((sum, file) => sum + file.records, 0)).toBe(insured.length);
      const sum = read.reduce<Money>(
        (all, { content }) => add(all, money(totals(content.records).insurerPays)),
        zero,
      );
      expect(moneyText(sum)).toBe(moneyText(recorded.insurerPays));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('a facility that exports at once needs no run', async () => {
    const plans = plant.plans(3, [IMMEDIATE], 5).filter((plan) => plan.routeCode !== '9');
    expect(plans.length).toBeGreaterThan(0);
    const options = { api: plant.server.api, tokenOf: tokenFor, atWork: 1 };
    for (const plan of plans) await recordVisit(plan, options, () => undefined);
    const sent = async () => (await plant.records()).filter((record) => record.maCSKCB === IMMEDIATE);
    await until(async () => (await sent()).length === plans.length && (await waiting(plant)) === 0);
    for (const record of await sent()) expect(record.versions).toHaveLength(1);
    const causes = await plant.server.database.query<{ cause: string }>(
      `select distinct r.cause from export_run r join export_batch b on b.run_id = r.id
       join facility f on f.id = b.facility_id where f.code = $1`,
      [IMMEDIATE],
    );
    expect(causes).toEqual([{ cause: 'settlement' }]);
  });

  test('the scheduled run opens at its time, once a day', async () => {
    await plant.record(4, ['40030'], 7);
    const pending = await waiting(plant);
    expect(pending).toBeGreaterThan(0);
    const directory = await plant.parts.directory.get();
    const today = localDate(new Date());
    const open = (time: string) =>
      plant.database.transaction(workerContext(null, 'test'), (tx) =>
        startScheduledRuns(tx, directory, '20:00', new Date(`${today}T${time}+07:00`)),
      );
    expect(await open('19:59:59')).toEqual([]);
    expect(await open('20:00:00')).toEqual([expect.any(String)]);
    expect(await open('20:01:00')).toEqual([]);
    await until(async () => (await waiting(plant)) === 0);
    const runs = await plant.server.database.query<{ cause: string }>(
      `select cause from export_run where cause = 'schedule'`,
    );
    expect(runs).toHaveLength(1);
    expect((await plant.records()).filter((record) => record.maCSKCB === '40030')).toHaveLength(pending);
  });
});

describe('a day of 60 encounters, every third of them recorded wrongly', () => {
  const WRONG = 1 / 3;
  let plant: Plant;
  let planted: readonly Planted[];
  let recorded: Recorded;
  let exported: Exported;

  beforeAll(async () => {
    plant = await startPlant('postgres');
    await plant.startWorkers();
    planted = plantedIn([{ visits: () => plant.plans(COUNT, FACILITIES, 1, WRONG) }]);
    recorded = await plant.record(COUNT, FACILITIES, 1, WRONG);
    exported = await exportDay(plant.server.api, tokenFor(null), plant.day, 1, () => undefined);
  });
  afterAll(() => plant.stop());

  test('the rules find what was planted and nothing else, at the server and in the files', async () => {
    expect(planted.length).toBeGreaterThan(10);
    expect(new Set(planted.map(({ severity }) => severity))).toEqual(new Set(['error', 'warning']));
    const { told: files } = await verifyFiles(plant.exportDir, () => undefined);
    const server = await foundAtServer(plant.server.api, tokenFor(null));
    const held = planted.filter(({ severity }) => severity === 'error').length;
    expect(compared(planted, { server, files })).toEqual({
      planted: planted.length,
      held,
      missed: [],
      unexpected: [],
    });
  });

  test('an error holds its own record, and that alone', async () => {
    const wrong = planted.filter(({ severity }) => severity === 'error').map(({ claimKey }) => claimKey);
    expect(recorded).toMatchObject({ settled: COUNT, held: wrong.length });
    expect([exported.claims, exported.setAside]).toEqual([recorded.insured, wrong.length]);
    const sent = (await plant.records()).map(({ maLk }) => maLk);
    expect(sent).toHaveLength(recorded.insured);
    expect(sent.filter((key) => wrong.includes(key))).toEqual([]);
  });

  test('the money of what is sent is equal everywhere', async () => {
    const { insurerPays } = await verifyFiles(plant.exportDir, () => undefined);
    expect(moneyText(insurerPays)).toBe(moneyText(recorded.insurerPays));
    expect((await plant.report()).money.T_BHTT).toBe(moneyText(recorded.insurerPays));
  });
});

describe('a nightly run that did not open in its time', () => {
  let plant: Plant;
  beforeAll(async () => {
    plant = await startPlant('postgres');
    await plant.record(6, ['40030', '40031'], 7);
  });
  afterAll(() => plant.stop());

  test('opens at five past midnight, once, for those that had none while work waited', async () => {
    const today = localDate(new Date());
    // What waits since the evening before: the workers were down from 20:00 to 24:00. Another facility had its run.
    await plant.server.database.query('update export_work set since = $1', [`${plant.day}T21:00:00+07:00`]);
    await plant.server.database.query(
      `with run as (insert into export_run (id, day, cause, started_at)
         values (gen_random_uuid(), $1, 'schedule', now()) returning id)
       insert into export_batch (facility_id, run_id, finished_at) select f.id, run.id, now() from run, facility f
       where f.code = '40031'`,
      [plant.day],
    );
    const directory = await plant.parts.directory.get();
    const open = (time: string) =>
      plant.database.transaction(workerContext(null, 'test'), (tx) =>
        startScheduledRuns(tx, directory, '20:00', new Date(`${today}T${time}+07:00`)),
      );
    const [run] = await open('00:05:00');
    const opened = await plant.server.database.query<{ day: string; code: string }>(
      `select r.day::text, f.code from export_run r join export_batch b on b.run_id = r.id
       join facility f on f.id = b.facility_id where r.id = $1`,
      [run],
    );
    expect(opened).toEqual([{ day: plant.day, code: '40030' }]);
    expect(await open('00:06:00')).toEqual([]);
  });

  test('does not open for what came onto the list after midnight', async () => {
    await plant.server.database.query('delete from export_batch');
    await plant.server.database.query('update export_work set since = now()');
    const directory = await plant.parts.directory.get();
    const now = new Date(`${localDate(new Date())}T00:05:00+07:00`);
    const runs = await plant.database.transaction(workerContext(null, 'test'), (tx) =>
      startScheduledRuns(tx, directory, '20:00', now),
    );
    expect(runs).toEqual([]);
  });
});

function withoutTime(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { now: _now, answers: _answers, calls: _calls, ...rest } = value as Record<string, unknown>;
  return rest;
}
