import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActingContext, Database } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';

let database: TestDatabase;
let app: Database;
beforeAll(async () => {
  database = await freshDatabase();
  // One connection: whatever one transaction leaves behind, the next one meets.
  app = openDatabase(database.urls.his_app, 1, () => undefined);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const context = (facilityId: string | null): ActingContext => ({
  userId: newId(),
  facilityId,
  purpose: 'treatment',
  requestId: 'test',
});
const SETTINGS = `select nullif(current_setting('app.user', true), '') as user,
  nullif(current_setting('app.facility', true), '') as facility, nullif(current_setting('app.purpose', true), '') as purpose`;
const addKey = `insert into idempotency (account_id, key, route, body_sha256, status, reply) values ($1, $2, 'POST /x', '', 201, '{}')`;
const keys = async (key: string) =>
  (await database.query('select 1 from idempotency where key = $1', [key])).length;

test('user, facility and purpose hold inside, and nothing of them outside', async () => {
  const acting = context(newId());
  const inside = await app.transaction(acting, (tx) => tx.query(SETTINGS));
  expect(inside).toEqual([{ user: acting.userId, facility: acting.facilityId, purpose: 'treatment' }]);
  expect((await app.pool.query(SETTINGS)).rows).toEqual([{ user: null, facility: null, purpose: null }]);
  const [office] = await app.transaction(context(null), (tx) => tx.query<{ facility: null }>(SETTINGS));
  expect(office?.facility).toBeNull();
});

test('a failure undoes everything, also what was to travel with COMMIT', async () => {
  const acting = context(null);
  await expect(
    app.transaction(acting, async (tx) => {
      await tx.query(addKey, [acting.userId, 'undone']);
      tx.atCommit(addKey, [acting.userId, 'undone-late']);
      throw new Error('on purpose');
    }),
  ).rejects.toThrow('on purpose');
  expect([await keys('undone'), await keys('undone-late')]).toEqual([0, 0]);
});

test('a statement that fails at COMMIT fails the whole transaction, and the connection is usable again', async () => {
  const acting = context(null);
  await expect(
    app.transaction(acting, async (tx) => {
      await tx.query(addKey, [acting.userId, 'half']);
      tx.atCommit('insert into nothing_like_it values ($1)', [1]);
    }),
  ).rejects.toMatchObject({ code: '42P01' });
  expect(await keys('half')).toBe(0);
  expect(await app.transaction(acting, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
});

test('what is written in one way is seen in the other: entity manager and query share the transaction', async () => {
  const acting = context(null);
  await app.transaction(acting, async (tx) => {
    await tx.query(addKey, [acting.userId, 'shared']);
    const em = await tx.em();
    const seen = await em
      .getConnection()
      .execute(`select key from idempotency where key = 'shared'`, [], 'all', em.getTransactionContext());
    expect(seen).toEqual([{ key: 'shared' }]);
    expect(await keys('shared')).toBe(0);
  });
  expect(await keys('shared')).toBe(1);
});

test('texts that look like SQL stay texts, in the context and at COMMIT', async () => {
  const hostile = `x'); drop table idempotency; --\\`;
  const acting = { ...context(null), purpose: hostile };
  await app.transaction(acting, async (tx) => {
    expect(await tx.query(SETTINGS)).toMatchObject([{ purpose: hostile }]);
    tx.atCommit(addKey, [acting.userId, `k ${hostile} $1 $2`]);
  });
  expect(await keys(`k ${hostile} $1 $2`)).toBe(1);
});

test('a connection lost between two statements fails its transaction, and the next one gets a new connection', async () => {
  const lost = app.transaction(context(null), async (tx) => {
    const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query('select pg_terminate_backend($1, 5000)', [own!.pid]);
    await tx.query('select 1');
  });
  await expect(lost).rejects.toThrow();
  expect(await app.transaction(context(null), (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
});
