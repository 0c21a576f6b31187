import { createCipheriv, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SYSTEM_CONTEXT } from '../../src/platform/database/index.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { reseal, SEALED } from '../../src/runtime/reseal.repo.ts';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { his, startHis } from '../harness/his.ts';
import { TEST_KEY } from '../harness/province.ts';

const NEW_KEY = randomBytes(32);
const box = createSecretBox(NEW_KEY, TEST_KEY);
/** As 0.1.0 sealed: `nonce | tag | text`. */
function sealedBeforeKeysHadIds(text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', TEST_KEY, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  // Second factors of some accounts, one of them sealed as before keys had ids and one in the middle of its enrolment.
  await database.query(
    `insert into credential (account_id, totp_sealed, totp_pending_sealed)
     select id, $1, case when row_number() over (order by id) = 1 then $2::bytea end from account order by id limit 3`,
    [sealedBeforeKeysHadIds('JBSWY3DP'), createSecretBox(TEST_KEY).seal('PENDING')],
  );
});
afterAll(() => database.drop());

const environment = (more: Record<string, string> = {}) => ({
  ...environmentOf(database),
  SECRETS_KEY: NEW_KEY.toString('base64'),
  SECRETS_KEY_PREVIOUS: TEST_KEY.toString('base64'),
  ...more,
});
const all = async () =>
  (await Promise.all(
    SEALED.map(({ table, key, column }) =>
      database.query<{ id: string; sealed: Buffer }>(
        `select ${key} as id, ${column} as sealed from ${table} where ${column} is not null order by 1`,
      ),
    ),
  )) as { id: string; sealed: Buffer }[][];
const others = async () =>
  (await all()).flat().filter(({ sealed }) => !sealed.subarray(0, box.mark.length).equals(box.mark)).length;

test('every column that holds sealed values is known to the rotation', async () => {
  // A session of the gateway lasts ten minutes: one that does not open any more is taken anew.
  const found = await database.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea' and column_name like '%sealed%'
       and table_name <> 'gateway_token' order by 1`,
  );
  expect(found.map(({ name }) => name)).toEqual(
    SEALED.map(({ table, column }) => `${table}.${column}`).toSorted(),
  );
});

test('without the key before, nothing is lost: what does not open is counted and stays', async () => {
  const before = await all();
  const { code, err } = await his(['secrets', 'rotate'], environment({ SECRETS_KEY_PREVIOUS: '' }));
  expect([code, err]).toEqual([1, expect.stringContaining('gateway_account.password_sealed: 472')]);
  expect(err).toContain('credential.totp_sealed: 3');
  expect(await all()).toEqual(before);
});

test('killed in the middle it leaves every value readable, and the next run does the rest', async () => {
  const before = (await all()).map((rows) => rows.map(({ id, sealed }) => [id, box.open(sealed)]));
  // Holds the second batch back until the command is gone.
  const blocker = openDatabase(database.superuserUrl, 1, () => undefined);
  await blocker.transaction(SYSTEM_CONTEXT, async (tx) => {
    await tx.query(
      'select 1 from gateway_account where facility_id = (select facility_id from gateway_account order by facility_id offset 300 limit 1) for update',
    );
    const running = startHis(['secrets', 'rotate'], environment());
    while ((await others()) === before.flat().length) await new Promise((soon) => setTimeout(soon, 25));
    running.child.kill('SIGKILL');
    await running.ended;
  });
  await blocker.close();
  expect(await others()).toBeGreaterThan(0);
  expect((await all()).map((rows) => rows.map(({ id, sealed }) => [id, box.open(sealed)]))).toEqual(before);

  const rest = await his(['secrets', 'rotate'], environment());
  expect([rest.code, rest.err]).toEqual([
    0,
    expect.stringContaining('SECRETS_KEY_PREVIOUS can be taken away'),
  ]);
  expect(await others()).toBe(0);
  // The old key is not needed any more.
  const alone = createSecretBox(NEW_KEY);
  expect((await all()).map((rows) => rows.map(({ id, sealed }) => [id, alone.open(sealed)]))).toEqual(before);

  const sealed = await all();
  const again = await his(['secrets', 'rotate'], environment());
  expect([again.code, again.err]).toEqual([0, expect.stringContaining('No secret uses an older key')]);
  expect(await all()).toEqual(sealed);
});

test('each batch stands in the audit trail, without a secret', async () => {
  const rows = await database.query<{ detail: { column: string; count: number } }>(
    `select detail from audit_event where action = 'secrets.resealed'`,
  );
  const counts = new Map<string, number>();
  for (const { detail } of rows) counts.set(detail.column, (counts.get(detail.column) ?? 0) + detail.count);
  expect(Object.fromEntries(counts)).toEqual({
    password_sealed: 472,
    totp_sealed: 3,
    totp_pending_sealed: 1,
  });
});

test('only the owner can: the application and the door cannot read what they do not need', async () => {
  for (const role of ['his_app', 'his_export'] as const) {
    const wrong = openDatabase(database.urls[role], 1, () => undefined);
    await expect(reseal(wrong, box, () => undefined)).rejects.toMatchObject({ code: '42501' });
    await wrong.close();
  }
});

test('its help is there', async () => {
  const { code, out } = await his(['secrets', 'rotate', '--help']);
  expect([code, out]).toEqual([0, expect.stringContaining('SECRETS_KEY_PREVIOUS')]);
});
