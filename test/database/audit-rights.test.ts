import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Role } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { A, B, openTrail, type Trail } from './audit-trail.ts';

const WRITERS = ['his_app', 'his_export', 'his_identity'] as const;
const DENIED = '42501';
const BROKEN_RULE = '23514';
let trail: Trail;
const clients = new Map<Role, pg.Client>();
beforeAll(async () => {
  trail = await openTrail();
  for (const role of WRITERS) {
    const client = new pg.Client({ connectionString: trail.database.urls[role] });
    await client.connect();
    clients.set(role, client);
  }
  await trail.write(A, 2);
  await trail.seal(new Date().toISOString());
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await trail.close();
});

/** SQLSTATE of statements in the context of facility A, `ok` when they are allowed; undone afterwards. */
async function outcome(role: Role, ...statements: string[]): Promise<string> {
  const client = clients.get(role)!;
  await client.query('begin');
  try {
    await client.query(
      `select set_config('app.facility', '${A}', true), set_config('app.user', '${newId()}', true)`,
    );
    for (const sql of statements) await client.query(sql);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('rollback');
  }
}

const event = (more: Record<string, string> = {}) => {
  const given = {
    facility_id: `'${A}'`,
    id: 'uuidv7()',
    actor: 'uuidv7()',
    action: `'x'`,
    subject_type: `'x'`,
    purpose: `'x'`,
    request_id: `'x'`,
    ...more,
  };
  return `insert into audit_event (${Object.keys(given).join(', ')}) values (${Object.values(given).join(', ')})`;
};
const unsealed = (facility: string, acting = 'null') =>
  `insert into audit_unsealed (event_id, facility_id, acting_facility_id) values (uuidv7(), '${facility}', ${acting})`;

describe.each(WRITERS)('%s', (role) => {
  test('writes events of its own facility, and notes that they wait', async () => {
    expect(await outcome(role, event(), unsealed(A))).toBe('ok');
  });

  test('does not choose when it happened, nor an id of another time', async () => {
    expect(await outcome(role, event({ at: 'now()' }))).toBe(DENIED);
    expect(await outcome(role, event({ id: `uuidv7('-25 hours')` }))).toBe(BROKEN_RULE);
    expect(await outcome(role, event({ id: `uuidv7('-23 hours')` }))).toBe('ok');
  });

  test('lets nothing of another facility wait, except the copy of an act of its own', async () => {
    expect(await outcome(role, unsealed(B))).toBe(DENIED);
    expect(await outcome(role, unsealed(B, `'${B}'`))).toBe(DENIED);
    expect(await outcome(role, unsealed(B, `'${A}'`))).toBe('ok');
    expect(await outcome(role, event({ facility_id: `'${B}'`, acting_facility_id: `'${A}'` }))).toBe('ok');
  });

  test.each(['audit_seal', 'audit_chain', 'audit_round'])('has no right to %s', async (table) => {
    for (const sql of [
      `select 1 from ${table}`,
      `insert into ${table} select * from ${table}`,
      `update ${table} set hash = hash`,
      `delete from ${table}`,
      `truncate ${table}`,
    ])
      expect([sql, await outcome(role, sql)]).toEqual([sql, DENIED]);
  });

  test('neither reads nor changes what waits, and changes no event', async () => {
    for (const sql of [
      'select 1 from audit_unsealed',
      'update audit_unsealed set facility_id = facility_id',
      'delete from audit_unsealed',
      'truncate audit_unsealed',
      'update audit_event set action = action',
      'delete from audit_event',
      'truncate audit_event',
    ])
      expect([sql, await outcome(role, sql)]).toEqual([sql, DENIED]);
  });

  test('reaches no partition of the trail past its parent', async () => {
    const partitions = await trail.database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent in ('audit_event'::regclass, 'audit_seal'::regclass)`,
    );
    expect(partitions.length).toBeGreaterThan(4);
    for (const { name } of partitions) expect(await outcome(role, `select 1 from ${name}`)).toBe(DENIED);
  });

  test('seals only if it is the worker, and nobody chooses the moment of it', async () => {
    expect(await outcome(role, 'select seal_audit(10)')).toBe(role === 'his_export' ? 'ok' : DENIED);
    expect(await outcome(role, 'select seal_audit_at(10, now())')).toBe(DENIED);
  });

  test('counts refusals only upwards', async () => {
    const count = (n: number) =>
      `select count_refusals('[{"minute":"2026-11-25T03:00:00Z","kind":"x","address":"x","count":${n}}]')`;
    const may = role === 'his_export' ? DENIED : 'ok';
    expect(await outcome(role, count(1))).toBe(may);
    if (may === 'ok') expect(await outcome(role, count(2), count(-1))).toBe(BROKEN_RULE);
    for (const sql of ['delete from refusal_count', `update refusal_count set count = 1`])
      expect(await outcome(role, sql)).toBe(DENIED);
  });
});

test('counts of refusals are read by whoever reads the audit trail', async () => {
  await trail.database.query(
    `insert into refusal_count values (date_trunc('minute', now()), 'not-signed-in', '203.0.113.9', 5)`,
  );
  const seen = async (reach: 'audit' | 'facility' | 'province') =>
    (
      await trail.app.transaction(
        { userId: newId(), facilityId: A, reach, purpose: 'audit', requestId: 'test' },
        (tx) => tx.query('select count from refusal_count'),
      )
    ).length;
  expect([await seen('audit'), await seen('facility'), await seen('province')]).toEqual([1, 0, 0]);
});

test('a table of ours in the session of the worker does not stand in for the real one', async () => {
  const client = clients.get('his_export')!;
  await client.query('create temp table audit_unsealed (event_id uuid, facility_id uuid)');
  await trail.write(A);
  const { rows } = await client.query('select seal_audit(10) as events');
  expect(rows).toEqual([{ events: 1 }]);
  await client.query('drop table pg_temp.audit_unsealed');
});
