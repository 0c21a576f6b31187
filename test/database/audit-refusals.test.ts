import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRefusalCounter, NO_FACILITY, refusalsByDay } from '../../src/audit/index.ts';
import { readConfig } from '../../src/config.ts';
import { maintain } from '../../src/exports/index.ts';
import { type Database, type Reach, SYSTEM_CONTEXT } from '../../src/platform/database/index.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { workerParts } from '../../src/runtime/workers.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { TEST_KEY } from '../harness/province.ts';

let database: TestDatabase;
let app: Database;
let now = new Date('2026-11-25T03:00:30Z');
const NEVER_BY_ITSELF = 3_600_000;
const counter = (more: object = {}) =>
  createRefusalCounter(app, { clock: { now: () => now }, flushEveryMs: NEVER_BY_ITSELF, ...more });
const counted = async () =>
  (
    await database.query<{ row: string }>(
      `select concat_ws(' ', to_char(minute at time zone 'UTC', 'HH24:MI'), kind, address, count) as row
       from refusal_count order by minute, kind, address`,
    )
  ).map(({ row }) => row);

beforeAll(async () => {
  database = await freshDatabase();
  app = openDatabase(database.urls.his_app, 2, () => undefined);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(async () => {
  now = new Date('2026-11-25T03:00:30Z');
  await database.query('truncate refusal_count');
});

test('refusals are counted by minute, kind and address', async () => {
  const refusals = counter();
  for (let time = 0; time < 1_000; time++) refusals.count('not-signed-in', '203.0.113.9');
  refusals.count('wrong-password', '203.0.113.9');
  refusals.count('not-signed-in', null);
  now = new Date('2026-11-25T03:01:00Z');
  refusals.count('not-signed-in', '203.0.113.9');
  await refusals.stop();
  expect(await counted()).toEqual([
    '03:00 not-signed-in 203.0.113.9 1000',
    '03:00 not-signed-in unknown 1',
    '03:00 wrong-password 203.0.113.9 1',
    '03:01 not-signed-in 203.0.113.9 1',
  ]);
});

test('what is written later, or by another process, is added', async () => {
  const [one, other] = [counter(), counter()];
  one.count('not-signed-in', '203.0.113.9');
  await one.flush();
  one.count('not-signed-in', '203.0.113.9');
  other.count('not-signed-in', '203.0.113.9');
  await Promise.all([one.stop(), other.stop()]);
  expect(await counted()).toEqual(['03:00 not-signed-in 203.0.113.9 3']);
});

test('many addresses do not make many rows, also when it is written often', async () => {
  const refusals = counter({ addressesPerMinute: 3 });
  for (let host = 1; host <= 200; host++) {
    refusals.count('not-signed-in', `198.51.100.${host}`);
    if (host % 50 === 0) await refusals.flush();
  }
  now = new Date('2026-11-25T03:01:00Z');
  refusals.count('not-signed-in', '198.51.100.200');
  await refusals.stop();
  expect(await counted()).toEqual([
    '03:00 not-signed-in 198.51.100.1 1',
    '03:00 not-signed-in 198.51.100.2 1',
    '03:00 not-signed-in 198.51.100.3 1',
    '03:00 not-signed-in other 197',
    '03:01 not-signed-in 198.51.100.200 1',
  ]);
});

test('what could not be written is kept, and nobody is troubled by it', async () => {
  const errors: Error[] = [];
  const refusals = counter({ onError: (error: Error) => errors.push(error) });
  refusals.count('not-signed-in', '203.0.113.9');
  await database.query('revoke execute on function count_refusals from his_app');
  await refusals.flush();
  refusals.count('not-signed-in', '203.0.113.9');
  await database.query('grant execute on function count_refusals to his_app');
  await refusals.stop();
  refusals.count('not-signed-in', '203.0.113.9');
  await refusals.flush();
  expect(errors).toHaveLength(1);
  expect(await counted()).toEqual(['03:00 not-signed-in 203.0.113.9 2']);
});

test('a kind that is too long is cut, and does not keep the others from being written', async () => {
  const refusals = counter();
  refusals.count('k'.repeat(100), '203.0.113.9');
  refusals.count('not-signed-in', '203.0.113.9');
  await refusals.stop();
  expect(await counted()).toEqual([
    `03:00 ${'k'.repeat(60)} 203.0.113.9 1`,
    '03:00 not-signed-in 203.0.113.9 1',
  ]);
});

test('it writes by itself', async () => {
  const refusals = counter({ flushEveryMs: 10 });
  refusals.count('not-signed-in', '203.0.113.9');
  while ((await counted()).length === 0) await new Promise((done) => setTimeout(done, 10));
  await refusals.stop();
  expect(await counted()).toEqual(['03:00 not-signed-in 203.0.113.9 1']);
});

test('are told by day in Viet Nam and kind to auditors, and to nobody else', async () => {
  const refusals = counter();
  // The same day in Viet Nam; one minute later it is the next.
  now = new Date('2026-11-25T16:59:30Z');
  for (let time = 0; time < 3; time++) refusals.count('not-signed-in', '203.0.113.9');
  refusals.count('not-signed-in', '198.51.100.1');
  for (let time = 0; time < 9; time++) refusals.count('sign-in-refused', '203.0.113.9');
  now = new Date('2026-11-25T17:00:00Z');
  refusals.count('not-signed-in', '203.0.113.9');
  await refusals.stop();
  const told = (reach: Reach) =>
    app.transaction({ ...SYSTEM_CONTEXT, reach }, (tx) =>
      refusalsByDay(tx, '2026-11-24T17:00:00Z', '2026-11-26T17:00:00Z'),
    );
  expect(await told('audit')).toEqual([
    {
      day: '2026-11-26',
      kind: 'not-signed-in',
      count: 1,
      addresses: 1,
      busiest: { address: '203.0.113.9', count: 1 },
    },
    {
      day: '2026-11-25',
      kind: 'sign-in-refused',
      count: 9,
      addresses: 1,
      busiest: { address: '203.0.113.9', count: 9 },
    },
    {
      day: '2026-11-25',
      kind: 'not-signed-in',
      count: 4,
      addresses: 2,
      busiest: { address: '203.0.113.9', count: 3 },
    },
  ]);
  for (const reach of ['province', 'facility', 'none'] as const) expect(await told(reach)).toEqual([]);
});

describe('after their time', () => {
  const DAY_MS = 86_400_000;
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
  async function countedOn(days: readonly number[]): Promise<void> {
    const refusals = counter();
    for (const ago of days) {
      now = daysAgo(ago);
      for (let time = 0; time < 5; time++) refusals.count('not-signed-in', '203.0.113.9');
    }
    await refusals.stop();
  }
  const left = async () =>
    (
      await database.query<{ ago: number }>(
        `select round(extract(epoch from now() - minute) / 86400)::int as ago from refusal_count order by minute`,
      )
    ).map(({ ago }) => ago);
  /** Housekeeping as a worker does it. */
  async function maintained(refusalCountDays: number): Promise<void> {
    const worker = openDatabase(database.urls.his_export, 2, () => undefined);
    const settings = { ...readConfig({}), REFUSAL_COUNT_DAYS: refusalCountDays };
    const parts = workerParts(settings, worker, createSecretBox(TEST_KEY), createLogger('silent'));
    try {
      await maintain(parts);
    } finally {
      parts.gateway.close();
      await worker.close();
    }
  }
  const events = () =>
    database.query(
      `select facility_id, purpose, detail->'counted' as counted from audit_event where action = 'refusals.forgotten'`,
    );

  test('they are removed, and that stands in the audit trail; where nothing goes, nothing is written', async () => {
    await countedOn([400, 380, 360, 1]);
    await maintained(365);
    expect(await left()).toEqual([360, 1]);
    const forgotten = [{ facility_id: NO_FACILITY, purpose: 'claim-export', counted: 10 }];
    expect(await events()).toEqual(forgotten);
    await maintained(365);
    expect(await events()).toEqual(forgotten);
  });

  test('the last month stays, whatever the worker asks for', async () => {
    await countedOn([40, 29]);
    await maintained(0);
    expect(await left()).toEqual([29]);
  });
});
