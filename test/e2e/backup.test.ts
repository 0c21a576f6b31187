import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { withDatabase } from '../../src/platform/database/index.ts';
import {
  type EmbeddedPostgres,
  removeData,
  startEmbeddedPostgres,
} from '../../src/platform/embedded/index.ts';
import { DATABASE } from '../../src/runtime/environment.ts';
import { prepareDatabase } from '../../src/runtime/prepare.ts';
import { startProcess } from '../../src/runtime/processes.ts';
import { firing, samplesIn } from '../harness/alerts.ts';
import { PASSWORDS, TEMPLATE } from '../harness/cluster.ts';
import { environmentOf } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { type Plant, startPlant, until, waiting } from '../harness/plant.ts';
import { seedTestProvince, TEST_KEY } from '../harness/province.ts';
import { STATION } from '../harness/visit.ts';

const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'his-backup-'));
chmodSync(scratch, 0o755);
const at = (name: string) => join(scratch, name);
const dirs = { before: at('before'), after: at('after'), wal: at('wal'), backup: at('backup') };
const shared = process.env.HIS_TEST_SUPERUSER_URL;
let before: EmbeddedPostgres;
let after: EmbeddedPostgres | undefined;
let plant: Plant;

/** A server of its own, since what is restored is a whole server. The plant's database is made on it. */
beforeAll(async () => {
  before = await startEmbeddedPostgres({ dir: dirs.before, durable: false, walDir: dirs.wal });
  const urls = await prepareDatabase(before.superuserUrl, TEMPLATE, PASSWORDS);
  await seedTestProvince(urls.his_owner);
  process.env.HIS_TEST_SUPERUSER_URL = before.superuserUrl;
  plant = await startPlant('postgres');
  // Where an installation's own database stands; nobody needs the template any more.
  await asSuperuser(before.superuserUrl, `alter database ${TEMPLATE} rename to ${DATABASE}`);
});
afterAll(async () => {
  await plant.stop();
  process.env.HIS_TEST_SUPERUSER_URL = shared;
  await before.stop();
  await after?.stop();
  await removeData(dirs.before);
  await removeData(dirs.after);
  rmSync(scratch, { recursive: true, force: true });
});

async function asSuperuser<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** How far each stage of a command came, where there is no terminal. */
const stages = (said: string): string[] => [
  ...new Set([...said.matchAll(/^(\w.* \(MiB\)) .*(100%)/gm)].map(([, stage, share]) => `${stage} ${share}`)),
];

/** Every piece of the log that is full now lies in the folder. */
async function archived(): Promise<void> {
  const [{ piece } = { piece: '' }] = await asSuperuser<{ piece: string }>(
    before.superuserUrl,
    `select pg_walfile_name(pg_switch_wal()) as piece`,
  );
  await until(async () => readdirSync(dirs.wal).includes(piece));
}

test('restored to a moment before everything was sent, the ledger catches up without doubling', async () => {
  let insured = (await plant.record(6, [STATION], 1)).insured;
  const taken = await his(['backup', '--to', dirs.backup], {
    DATA_DIR: dirs.before,
    BACKUP_WAL_DIR: dirs.wal,
  });
  expect([taken.code, stages(taken.err)]).toEqual([0, ['Backing up (MiB) 100%']]);
  const sound = await his(['backup', 'verify', dirs.backup]);
  expect([sound.code, stages(sound.err)]).toEqual([0, ['Verifying (MiB) 100%']]);
  insured += (await plant.record(6, [STATION], 2)).insured;
  await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
  const [moment] = await plant.server.database.query<{ at: Date }>('select clock_timestamp() as at');
  // The clock of JavaScript has milliseconds only, and one transaction more must come after the moment.
  await until(async () => Date.now() > moment!.at.getTime() + 2);

  const workers = await plant.startWorkers();
  await until(async () => (await waiting(plant)) === 0);
  await workers.stop();
  expect((await plant.report()).records).toMatchObject({ active: insured, replaced: 0 });
  await archived();

  const toTime = new Date(moment!.at.getTime() + 1).toISOString();
  const settings = { DATA_DIR: dirs.after, BACKUP_WAL_DIR: dirs.wal };
  const restored = await his(['restore', '--from', dirs.backup, '--to-time', toTime], settings);
  expect([restored.code, restored.err, restored.out]).toEqual([
    0,
    expect.stringContaining('Next'),
    expect.stringContaining(dirs.after),
  ]);
  expect(stages(restored.err)).toEqual(['Verifying (MiB) 100%', 'Laying out (MiB) 100%']);
  expect(restored.err).toMatch(/Laying out .*Replaying the log …\n.*Next/s);
  const again = await his(['restore', '--from', dirs.backup], settings);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('not empty')]);

  after = await startEmbeddedPostgres({ dir: dirs.after, durable: false });
  const { name, urls } = plant.server.database;
  const there = withDatabase(after.superuserUrl, name);
  const count = async (what: string) =>
    (await asSuperuser<{ n: number }>(there, `select count(*)::int as n from ${what}`))[0]?.n;
  expect([await count('export_work'), await count('claim_event')]).toEqual([insured, 0]);

  const port = new URL(after.superuserUrl).port;
  const moved = Object.fromEntries(
    Object.entries(urls).map(([role, url]) => [
      role,
      url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`).replace(/\?.*/, ''),
    ]),
  ) as unknown as typeof urls;
  const worker = await startProcess(
    ['work'],
    {
      ...environmentOf({ urls: moved }),
      SECRETS_KEY: TEST_KEY.toString('base64'),
      GATEWAY_URL: plant.gatewayUrl,
      SIGNING: 'off',
      SWEEP_EVERY_MS: '500',
      EXPORT_TIME: '23:59',
      LOG_LEVEL: 'silent',
    },
    { quiet: true },
  );
  await until(async () => (await count('export_work')) === 0);
  await worker.stop();

  // Everything was sent a second time: the gateway replaces by the claim's key.
  expect((await plant.claimCalls()).length).toBe(2 * insured);
  const records = await plant.records();
  expect(records).toHaveLength(insured);
  for (const { versions } of records)
    expect(versions.filter(({ state }) => state === 'active')).toHaveLength(1);
  expect(await count(`claim_event where type = 'received'`)).toBe(insured);
  expect(await count('claim_version')).toBe(insured);
});

test('a backup that was damaged is named, and is not restored', async () => {
  truncateSync(join(dirs.backup, 'data/global/pg_control'), 100);
  const verified = await his(['backup', 'verify', dirs.backup]);
  expect([verified.code, verified.out]).toEqual([1, 'changed   global/pg_control\n']);
  mkdirSync(at('third'));
  const { code, err } = await his(['restore', '--from', dirs.backup], { DATA_DIR: at('third') });
  expect([code, err]).toEqual([1, expect.stringContaining('global/pg_control')]);
  expect(readdirSync(at('third'))).toEqual([]);
});

test('a log that cannot be copied away: the doctor says it, and an alert', async () => {
  const environment = { ...environmentOf(plant.server.database), DATA_DIR: dirs.before };
  const verdict = async () => {
    const { out } = await his(['doctor', '--json'], environment);
    const { findings } = JSON.parse(out) as { findings: { check: string; verdict: string }[] };
    return findings.find(({ check }) => check === 'archiving')?.verdict;
  };
  const alerts = async () =>
    firing(samplesIn(await (await fetch(`${plant.server.url}/metrics`)).text())).join(' ');
  expect([await verdict(), await alerts()]).toEqual(['ok', expect.not.stringContaining('Archive')]);
  rmSync(dirs.wal, { recursive: true });
  await asSuperuser(
    before.superuserUrl,
    `select pg_logical_emit_message(false, 'x', 'x'); select pg_switch_wal()`,
  );
  await until(async () => (await verdict()) === 'failing');
  expect(await alerts()).toContain('HisWalArchiveFailing');
});
