import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../src/gateway/simulator/index.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { plantUnclearPaper } from '../harness/insurer.ts';
import { TEST_KEY } from '../harness/province.ts';
import { register, testKeys } from '../harness/signing.ts';

const CODE = '40101';
const folder = mkdtempSync(join(tmpdir(), 'his-doctor-'));
let database: TestDatabase;
let simulator: Simulator;
let healthy: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  simulator = await startSimulator({ port: 0, controlPort: 0 });
  healthy = {
    ...environmentOf(database),
    SECRETS_KEY: TEST_KEY.toString('base64'),
    GATEWAY_URL: simulator.url,
    DATA_DIR: folder,
    EXPORT_DIR: folder,
  };
  await database.query(
    `delete from gateway_account where facility_id not in (select id from facility where code = '${CODE}')`,
  );
  const { certificates } = await testKeys([CODE]);
  const app = openDatabase(database.urls.his_app, 1, () => undefined);
  await register(app, CODE, [...certificates].find(([code]) => code === CODE)![1]);
  await app.close();
  await database.query('select seal_audit_at(1000, now())');
  await database.query(
    `insert into backup_log (started_at, finished_at, place, bytes) values (now(), now(), 'elsewhere', 1)`,
  );
});
afterAll(async () => {
  await simulator.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly check: string;
  readonly level: string;
  readonly verdict: string;
  readonly meaning: string;
  readonly cure: string | null;
}

async function examined(environment: Record<string, string>) {
  const { code, out, err } = await his(['doctor', '--json'], environment);
  expect(err).toBe('');
  const { findings } = JSON.parse(out) as { findings: Line[] };
  const ill = findings.filter(({ level }) => level !== 'ok');
  expect(ill.filter(({ cure }) => !cure)).toEqual([]);
  return { code, findings, ill: ill.map(({ check, verdict }) => `${check}.${verdict}`).toSorted() };
}

test('a healthy installation: everything is looked at, nothing is said against it, nothing is sent', async () => {
  const { code, findings, ill } = await examined(healthy);
  expect([code, ill]).toEqual([0, []]);
  expect(findings.map(({ check }) => check).toSorted()).toEqual(
    [
      'archiving',
      'backlog',
      'backup',
      'certificates',
      'channels',
      'corrections',
      'database',
      'databaseClock',
      'deadLetters',
      'deadlines',
      'disk',
      'disk',
      'gateway',
      'gatewayClock',
      'migrations',
      'outbox',
      'papers',
      'parked',
      'partitions',
      'queue',
      'roles',
      'seal',
      'secrets',
      'unknown',
      'zone',
    ].toSorted(),
  );
  const calls = await fetch(`${simulator.controlUrl}/__sim/report`);
  expect(await calls.json()).toMatchObject({ records: { active: 0 }, checkIns: 0 });
});

test('what is only worth a look is a warning: exit code 1, and Vietnamese words for people', async () => {
  await database.query('delete from backup_log');
  const { code, out } = await his(['doctor'], { ...healthy, LANGUAGE: 'vi', DEMO_ACCOUNTS: 'on' });
  expect(code).toBe(1);
  expect(out).toMatch(/LƯU Ý +Chưa có bản sao lưu nào được ghi nhận\.\n +→ Chạy his backup/);
  expect(out).toContain('2 lưu ý, 0 hỏng');
});

test('many things broken at once: each is named with its cure, exit code 2', async () => {
  const facility = `(select id from facility where code = '${CODE}')`;
  await database.query(`
    insert into outbox (queue, name, job_id, data, created_at) values ('settled', 'x', 'x', '{}', now() - interval '1 hour');
    insert into export_work (facility_id, encounter_id, since, ended_at, settled_at, settlement_version)
      values (${facility}, uuidv7(), now() - interval '4 days', now() - interval '15 days', now(), 1);
    insert into gateway_channel (facility_id, family, state, failures, openings, open_until, since, reason, changed_at)
      values (${facility}, 'claims', 'stopped', 5, 1, 'infinity', now(), '401', now());
    insert into dead_letter (queue, job_id, name, data, error_kind, first_at, last_at)
      values ('claim-send', 'x', 'send', '{}', 'TypeError', now(), now());
    insert into backup_log (started_at, finished_at, place, bytes)
      values (now() - interval '9 days', now() - interval '9 days', 'elsewhere', 1);
    update facility_certificate set valid_from = now() - interval '2 days', valid_to = now() - interval '1 day';
    insert into correction_task (facility_id, id, encounter_id, number, claim_key, cause, code, opened_at, due_at)
      select facility_id, uuidv7(), encounter_id, 1, 'K', 'parked', '777', now(), now() - interval '1 hour' from export_work;
    select set_config('session_replication_role', 'replica', true);
    insert into settlement (facility_id, encounter_id, version, policy_version, policy_date, route_code, settled_at,
        settled_by, is_low_cost_visit, gross_amount, insured_amount, insurer_pays, copay, self_pay, other_payers,
        drug_amount, supply_amount, patient_pays, trace)
      select facility_id, encounter_id, 1, 'x', now(), '1', now(), facility_id, false, 9, 9, 9, 0, 0, 0, 0, 0, 0, '{}'
      from export_work;`);
  await plantUnclearPaper(database, CODE);
  const [last] = await database.query<{ name: string }>(
    'delete from migration where name = (select max(name) from migration) returning name',
  );
  const broken = {
    ...healthy,
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    EXPORT_DIR: join(folder, 'not-there'),
    GATEWAY_URL: 'http://127.0.0.1:9',
    REDIS_URL: 'redis://127.0.0.1:9',
    IDENTITY_DATABASE_URL: healthy.IDENTITY_DATABASE_URL!.replace(':identity@', ':wrong@'),
  };
  const old = await examined(broken);
  expect([old.code, old.ill]).toEqual([
    2,
    ['disk.missing', 'gateway.down', 'migrations.missing', 'queue.down', 'roles.refused'],
  ]);
  await database.query(
    `insert into migration (name, executed_at) values ($1, now()), ('Migration30000101000000_of_tomorrow', now())`,
    [last!.name],
  );
  const { code, ill, findings } = await examined({ ...broken, REDIS_URL: '' });
  expect([code, ill]).toEqual([
    2,
    [
      'backlog.far',
      'backup.far',
      'certificates.ended',
      'channels.stopped',
      'corrections.overdue',
      'deadLetters.some',
      'deadlines.far',
      'disk.missing',
      'gateway.down',
      'migrations.newer',
      'outbox.far',
      'papers.unclear',
      'parked.some',
      'roles.refused',
      'secrets.unreadable',
    ],
  ]);
  const said = findings.map(({ meaning, cure }) => `${meaning} ${cure}`).join('\n');
  expect(said).toContain('1 visits are past their deadline, 0 have less than 24 hours');
  expect(said).toContain('1 claims stopped at answers that nobody understands (777 1)');
  expect(said).toContain('docs/runbooks/HisCorrectionsOverdue.md');
});

test('no database, wrong settings: said as plainly', async () => {
  const nowhere = Object.fromEntries(
    Object.keys(environmentOf(database)).map((name) => [name, 'postgresql://u:secret@127.0.0.1:9/his']),
  );
  const down = await examined({ ...healthy, ...nowhere });
  expect([down.code, down.ill]).toEqual([2, ['database.down', 'queue.down']]);
  expect(JSON.stringify(down.findings)).not.toContain('secret');
  const wrong = await examined({ ...healthy, PORT: 'x' });
  expect([wrong.code, wrong.ill]).toEqual([2, ['settings.wrong']]);
});
