import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createRefusalCounter } from '../../src/audit/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';

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
