import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { CLAIM_EVENT_TYPES, type ClaimEventType, isLegal, TRANSITIONS } from '../../src/claims/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { until } from '../harness/plant.ts';

const FACILITY = newId();
const REFUSED = (rule: string) => `23514 claim_event_${rule}`;

let database: TestDatabase;
/** Two workers of the export. */
let one: pg.Client;
let other: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  [one, other] = await Promise.all([connect(), connect()]);
});
afterAll(async () => {
  await one.end();
  await other.end();
  await database.drop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.urls.his_export });
  await client.connect();
  await client.query(
    `select set_config('app.facility', $1, false), set_config('app.reach', 'facility', false)`,
    [FACILITY],
  );
  return client;
}

/** A visit whose versions have been through that, written past every trigger and key. @returns its id */
async function planted(versions: Readonly<Record<number, readonly ClaimEventType[]>>): Promise<string> {
  const id = newId();
  const rows = Object.entries(versions).flatMap(([number, types]) =>
    types.map((type, index) => ({ number: Number(number), sequence: index + 1, type })),
  );
  await database.query(
    `with free as materialized (select set_config('session_replication_role', 'replica', true)),
     versions as (insert into claim_version (facility_id, encounter_id, claim_key, number, reason, settlement_version, edition, created_at)
       select $1, $2, 'K', v, 'first', v, '3176', now() from free, unnest($3::int[]) v)
     insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause)
     select $1, $2, r.number, r.sequence, r.type, now(), 'x'
     from free, jsonb_to_recordset($4::jsonb) as r(number int, sequence int, type text)`,
    [FACILITY, id, Object.keys(versions).map(Number), JSON.stringify(rows)],
  );
  return id;
}

const INSERT = `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause)
  values ($1, $2, $3, $4, $5, now(), 'x')`;
/** Appends and keeps it. @returns `ok`, or SQLSTATE and constraint */
async function append(
  client: pg.Client,
  [id, number, sequence, type]: readonly [string, number, number, ClaimEventType],
): Promise<string> {
  try {
    await client.query(INSERT, [FACILITY, id, number, sequence, type]);
    return 'ok';
  } catch (error) {
    const { code, constraint } = error as pg.DatabaseError;
    return `${code} ${constraint}`;
  }
}

test('the table of the database is the list of the program', async () => {
  const rows = await database.query<{ from: string; to: string }>(
    'select from_type as "from", to_type as "to" from claim_transition',
  );
  const listed = Object.entries(TRANSITIONS).flatMap(([from, all]) => all.map((to) => `${from} ${to}`));
  expect(rows.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(listed.toSorted());
  const [check] = await database.query<{ types: string[] }>(
    `select array(select m[1] from regexp_matches(pg_get_constraintdef(oid), '''(\\w+)''', 'g') m) as types
     from pg_constraint where conname = 'claim_event_type_check' and conrelid = 'claim_event'::regclass`,
  );
  expect(check!.types.toSorted()).toEqual(CLAIM_EVENT_TYPES.toSorted());
});

test.each(['none', ...CLAIM_EVENT_TYPES] as const)(
  'what may follow %s is written, all else refused',
  async (from) => {
    const id = await planted({ 1: from === 'none' ? [] : [from] });
    const sequence = from === 'none' ? 1 : 2;
    for (const to of CLAIM_EVENT_TYPES) {
      await one.query('begin');
      const expected = isLegal(from, to) ? 'ok' : REFUSED('transition');
      expect([to, await append(one, [id, 1, sequence, to])]).toEqual([to, expected]);
      await one.query('rollback');
    }
  },
);

describe('the sequence', () => {
  test('has no gap, and of two writers who read the same last event one loses as by the key', async () => {
    const id = await planted({ 1: ['built'] });
    expect(await append(one, [id, 1, 3, 'checked'])).toBe(REFUSED('gap'));
    expect(await append(one, [id, 1, 2, 'checked'])).toBe('ok');
    expect(await append(other, [id, 1, 2, 'held'])).toBe('23505 claim_event_pkey');
    expect(await append(other, [id, 1, 1, 'built'])).toBe('23505 claim_event_pkey');
  });

  test('also of rows of one statement', async () => {
    const id = await planted({ 1: [] });
    const rows = `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause)
      select $1, $2, 1, s, t, now(), 'x' from (values (1, 'built'), (2, 'checked'), (3, $3)) as v(s, t) order by s`;
    await expect(one.query(rows, [FACILITY, id, 'received'])).rejects.toMatchObject({
      constraint: 'claim_event_transition',
    });
    expect((await one.query(rows, [FACILITY, id, 'queued'])).rowCount).toBe(3);
  });
});

describe('versions of one visit keep their order', () => {
  const SENT = ['built', 'sending'] as const;
  test.each<[string, Readonly<Record<number, readonly ClaimEventType[]>>, number, string]>([
    [
      'earlier, unclear, after the later was called',
      { 1: [...SENT, 'unknown'], 2: [...SENT] },
      1,
      REFUSED('order'),
    ],
    [
      'earlier, not sent, after the later was received',
      { 1: [...SENT, 'notSent'], 2: [...SENT, 'received'] },
      1,
      REFUSED('order'),
    ],
    ['earlier while the later only waits', { 1: [...SENT, 'unknown'], 2: ['built'] }, 1, 'ok'],
    ['later while the earlier is called', { 1: [...SENT], 2: ['built'] }, 2, REFUSED('order')],
    [
      'later while the one before the last is called',
      { 1: [...SENT], 2: ['built', 'withdrawn'], 3: ['built'] },
      3,
      REFUSED('order'),
    ],
    ['later after the earlier ended unclear', { 1: [...SENT, 'unknown'], 2: ['built'] }, 2, 'ok'],
    ['later after the earlier was received', { 1: [...SENT, 'received'], 2: ['built'] }, 2, 'ok'],
  ])('%s', async (_name, versions, number, expected) => {
    const id = await planted(versions);
    expect(await append(one, [id, number, versions[number]!.length + 1, 'sending'])).toBe(expected);
  });

  test('G37 two workers begin two versions at once: the second waits for the first, and then is out of order', async () => {
    const id = await planted({ 1: [...SENT, 'unknown'], 2: ['built'] });
    await one.query('begin');
    expect(await append(one, [id, 2, 2, 'sending'])).toBe('ok');
    const late = append(other, [id, 1, 4, 'sending']);
    await until(async () => {
      const [row] = await database.query<{ n: number }>(
        `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted`,
      );
      return row!.n === 1;
    });
    await one.query('commit');
    expect(await late).toBe(REFUSED('order'));
  });
});

test('nobody but the owner changes the list of transitions', async () => {
  for (const sql of [
    `insert into claim_transition values ('received', 'built')`,
    'update claim_transition set to_type = to_type',
    'delete from claim_transition',
  ])
    await expect(one.query(sql)).rejects.toMatchObject({ code: '42501' });
});
