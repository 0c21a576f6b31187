import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Role } from '../../src/platform/database/index.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';

/** What was recorded is only ever added to. */
const APPEND_ONLY = [
  'settlement',
  'settlement_line',
  'claim_version',
  'claim_document',
  'claim_event',
  'audit_event',
  'payment',
  'receipt',
  'visit_debt',
  'reopening',
  'rule_setting',
  'finding_decision',
  'card_lookup',
  'card_lookup_event',
  'insurer_paper_document',
  'insurer_paper_event',
  'insurer_catalogue_row',
];

let database: TestDatabase;
const clients = new Map<Role, pg.Client>();
beforeAll(async () => {
  database = await freshDatabase();
  for (const role of ['his_app', 'his_export'] as const) {
    const client = new pg.Client({ connectionString: database.urls[role] });
    await client.connect();
    clients.set(role, client);
  }
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await database.drop();
});

/** SQLSTATE of a statement, `ok` when it is allowed. */
async function outcome(role: Role, sql: string): Promise<string> {
  const client = clients.get(role)!;
  await client.query('begin');
  try {
    await client.query(sql);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('rollback');
  }
}
const DENIED = '42501';

describe.each(['his_app', 'his_export'] as const)('%s', (role) => {
  test('owns nothing', async () => {
    const owned = await database.query(
      `select c.relname from pg_class c join pg_roles r on r.oid = c.relowner
       where r.rolname = $1 and c.relnamespace = 'public'::regnamespace`,
      [role],
    );
    expect(owned).toEqual([]);
  });

  test.each(APPEND_ONLY)('cannot change or remove a row of %s', async (table) => {
    const [column] = await database.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum = 1`,
      [table],
    );
    expect(await outcome(role, `update ${table} set ${column!.name} = ${column!.name}`)).toBe(DENIED);
    expect(await outcome(role, `delete from ${table}`)).toBe(DENIED);
    expect(await outcome(role, `truncate ${table}`)).toBe(DENIED);
  });

  test('cannot remove what was recorded of a visit, nor reach a partition past its parent', async () => {
    for (const table of ['encounter', 'condition', 'charge_line', 'observation', 'clinical_note', 'patient'])
      expect([table, await outcome(role, `delete from ${table}`)]).toEqual([table, DENIED]);
    const [partition] = await database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'encounter'::regclass limit 1`,
    );
    expect(await outcome(role, `select * from ${partition!.name}`)).toBe(DENIED);
    expect(await outcome(role, 'select 1 from encounter')).toBe('ok');
  });

  test('cannot change the schema', async () => {
    for (const sql of [
      'create table mine (id int)',
      'alter table encounter add column mine int',
      'drop table encounter',
    ])
      expect([sql, await outcome(role, sql)]).toEqual([sql, DENIED]);
  });
});

/** What a visit is, as against what is known of it. */
const FIXED = ['facility_id', 'id', 'claim_key', 'record_number', 'patient_id', 'created_at'];

test('the application changes what is known of a visit, never which visit of whom it is', async () => {
  const columns = await database.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = 'encounter'::regclass and attnum > 0 and not attisdropped`,
  );
  for (const { name } of columns)
    expect([name, await outcome('his_app', `update encounter set ${name} = ${name}`)]).toEqual([
      name,
      FIXED.includes(name) ? DENIED : 'ok',
    ]);
  expect(await outcome('his_app', 'select 1 from encounter for update')).toBe('ok');
});

test('the application holds and releases what waits, and decides nothing else about the work list', async () => {
  expect(await outcome('his_app', 'update export_work set held_by = null, not_before = now()')).toBe('ok');
  expect(await outcome('his_app', 'update export_work set number = 1')).toBe(DENIED);
  expect(await outcome('his_app', 'delete from export_obstacle')).toBe('ok');
  expect(await outcome('his_app', 'update export_obstacle set reason = reason')).toBe(DENIED);
});

test('the application makes no claim versions, the export changes no visit', async () => {
  expect(await outcome('his_app', 'insert into claim_version select * from claim_version')).toBe(DENIED);
  expect(await outcome('his_export', 'update encounter set version = version')).toBe(DENIED);
  expect(await outcome('his_export', 'insert into encounter select * from encounter')).toBe(DENIED);
});
