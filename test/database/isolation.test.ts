import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { buildBatch, sendCheckIn, sendClaim } from '../../src/exports/index.ts';
import type { Database, Role } from '../../src/platform/database/index.ts';
import { derivedId } from '../../src/platform/ids.ts';
import type { QueueJob } from '../../src/platform/queue/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { checkIn } from '../../workers/check-in.worker.ts';
import { claimSend } from '../../workers/claim-send.worker.ts';
import { exportBatch } from '../../workers/export-batch.worker.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';
import {
  ASSESSOR_READS,
  CLOSED,
  DEFINERS,
  EVERYBODY_READS,
  EXEMPT,
  FIGURES,
  PEOPLE_WHO_WORK,
  SECRETS,
} from './isolation.table.ts';

const A = facilityIdOf(HOSPITAL);
const B = facilityIdOf(STATION);
/** The machine that acts at A in these tests. */
const USER = derivedId(0, 'test-account', HOSPITAL);
const ROLES = ['his_app', 'his_export'] as const;

/** A context as a transaction sets it; absent = not set at all. */
interface Context {
  readonly user: string;
  readonly facility: string;
  readonly reach: string;
}
const AT_A: Context = { user: USER, facility: A, reach: 'facility' };
const PROVINCE: Context = { user: USER, facility: '', reach: 'province' };
const AUDIT: Context = { user: USER, facility: '', reach: 'audit' };
/** What the settings read after an earlier transaction on the connection has ended. */
const BLANK: Context = { user: '', facility: '', reach: '' };

let plant: Plant;
let root: pg.Client;
/** Tables of ours, without partitions; those of the queue with their schema. */
let tables: string[];
let guarded: string[];
let waiting: { readonly encounterId: string; readonly sequence: number; readonly runId: string };

beforeAll(async () => {
  plant = await startPlant('postgres');
  root = new pg.Client({ connectionString: plant.server.database.superuserUrl });
  await root.connect();
  const { rows } = await root.query<{ name: string; isGuarded: boolean }>(
    `select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as name,
       c.relrowsecurity as "isGuarded"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'bullmq') and c.relkind in ('r', 'p', 'm', 'v', 'f') and not c.relispartition
     order by 1`,
  );
  tables = rows.map((row) => row.name);
  guarded = rows.filter((row) => row.isGuarded).map((row) => row.name);
  await recordAtBoth();
});
afterAll(async () => {
  await root.end();
  await plant.stop();
});

/** Every kind of row at both facilities: visits up to claims and check-ins, accounts with all their secrets. */
async function recordAtBoth(): Promise<void> {
  await plant.record(30, [HOSPITAL, STATION]);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: null, body: { day: plant.day } });
  const runId = (run.body as { id: string }).id;
  for (const facilityId of [A, B]) await buildBatch(plant.parts, runId, facilityId);
  // A run, a built claim and a check-in of B alone that wait to be worked on.
  await plant.record(6, [STATION], 2);
  const own = await plant.server.call('POST', '/api/v1/export-runs', {
    as: STATION,
    body: { day: plant.day },
  });
  waiting = { ...(await claimOfB()), runId: (own.body as { id: string }).id };
  for (const code of [HOSPITAL, STATION]) {
    const account = await addAccount(plant.server.database, 'nurse', code);
    await addSession(plant.server.database, account);
    await root.query(
      MORE_ROWS.replaceAll(':account', `'${account.id}'`)
        .replaceAll(':facility', `'${account.facilityId}'`)
        .replace(':waiting', waiting.encounterId),
    );
  }
  await root.query('select seal_audit_at(20, now())');
  await root.query(
    `insert into refusal_count values (date_trunc('minute', now()), 'not-signed-in', '192.0.2.1', 1)`,
  );
}

async function claimOfB(): Promise<{ encounterId: string; sequence: number }> {
  const { rows } = await root.query<{ encounterId: string; sequence: number }>(
    `select w.encounter_id as "encounterId", c.sequence from export_work w
     join check_in c using (facility_id, encounter_id) where w.facility_id = $1 and w.number = 1 limit 1`,
    [B],
  );
  return rows[0]!;
}

/** What no visit of the demo leaves behind, or not on every day. */
const MORE_ROWS = `
  insert into clinical_note (facility_id, encounter_id, id, at, text, author_licence, recorded_by)
    select facility_id, id, uuidv7(), now(), 'x', 'x', :account from encounter where facility_id = :facility limit 1;
  insert into emergency_access select :facility, uuidv7(), id, :account, 'x', now(), now() + interval '1 hour'
    from patient where created_by_facility_id <> :facility limit 1;
  insert into patient_fact (patient_id, kind, valid, value, source)
    select patient_id, 'x', '[2026-01-01,)', 'x', 'x' from patient_facility where facility_id = :facility limit 1;
  insert into reopening select facility_id, encounter_id, version, 'x', now(), :account from settlement
    where facility_id = :facility limit 1;
  insert into billing_task (facility_id, id, encounter_id, kind, note, created_at, created_by)
    select facility_id, uuidv7(), id, 'late-other', 'x', now(), :account from encounter
    where facility_id = :facility limit 1;
  insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, at, reason, details)
    select facility_id, id, claim_key, 1, now(), 'too-long', '{}' from encounter where facility_id = :facility limit 1;
  insert into facility_certificate (facility_id, fingerprint, serial, subject, issuer, valid_from, valid_to, pem,
      registered_at, registered_by)
    values (:facility, repeat('ab', 32), '0A', 'x', 'x', now(), now() + interval '1 year', 'x', now(), :account);
  insert into gateway_channel (facility_id, family, state, failures, openings, changed_at)
    values (:facility, 'claims', 'closed', 0, 0, now());
  insert into gateway_outage (facility_id, family, "from", cause) values (:facility, 'claims', now(), 'busy');
  insert into dead_letter (queue, job_id, name, data, facility_id, error_kind, first_at, last_at)
    values ('settled', gen_random_uuid()::text, 'x', '{}', :facility, 'TypeError', now(), now());
  insert into gateway_lane (facility_id, family, lane, until) values (:facility, 'papers', 1, now());
  insert into desk_setting (facility_id, cash_step) values (:facility, 500);
  insert into cashier_shift (facility_id, id, cashier, opened_at, opening_float)
    values (:facility, uuidv7(), :account, now(), 0);
  insert into receipt_book (facility_id, id, kind, series, year, last_number, opened_at, opened_by)
    values (:facility, uuidv7(), 'receipt', 'PT', 2026, 1, now(), :account);
  insert into payment (facility_id, id, encounter_id, sequence, kind, method, amount, reference, at, recorded_by,
      settlement_version, balance_before, balance_after)
    select facility_id, uuidv7(), id, 1, 'payment', 'card', 1, 'x', now(), :account, 1, 1, 0 from encounter
    where facility_id = :facility limit 1;
  insert into receipt (facility_id, id, book_id, number, issued_at, payer_name, payer_address, record_number,
      facility_name, cashier_name)
    select p.facility_id, p.id, b.id, 1, now(), 'x', 'x', 'x', 'x', 'x' from payment p join receipt_book b
    using (facility_id) where facility_id = :facility;
  insert into transfer_request (facility_id, id, encounter_id, amount, reference, qr, requested_at, requested_by, expires_at)
    select facility_id, uuidv7(), id, 1, 'x', 'x', now(), :account, now() + interval '1 hour' from encounter
    where facility_id = :facility limit 1;
  insert into visit_debt (facility_id, id, encounter_id, amount, reason, promised_by, recorded_at, recorded_by)
    select facility_id, uuidv7(), id, 1, 'x', 'x', now(), :account from encounter where facility_id = :facility limit 1;
  insert into check_in_attempt (facility_id, encounter_id, sequence, attempt, at, document_sha256, outcome)
    select facility_id, encounter_id, sequence, 1, now(), repeat('0', 64), 'withdrawn' from check_in
    where facility_id = :facility and encounter_id <> ':waiting' limit 1;
  insert into foreign_file (facility_id, id, sha256, name, size, is_upload, state, given_at, given_by, touched_at)
    values (:facility, :account, repeat('0', 64), 'x', 1, true, 'waiting', now(), :account, now());
  insert into foreign_file_content values (:facility, :account, 'x');
  insert into foreign_set_aside values (:facility, :account, 1, null, 'bad-base64', '{}');
  insert into foreign_claim (facility_id, id, file_id, position, facility_code, claim_key, sha256, edition, rows, problems,
      stored_at)
    select id, :account, :account, 1, code, 'x', repeat('0', 64), '3176', 1, 0, now() from facility where id = :facility;
  insert into foreign_claim_content values (:facility, :account, 'x');
  insert into rule_setting (id, facility_id, rule, number, valid_from, reason, set_at)
    values (:account, :facility, 'X', 1, '2026-01-01', 'x', now());
  insert into rule_trial (id, facility_id, asked_by, asked_at, rules, from_day, to_day, state)
    values (:account, :facility, :account, now(), '[]', '2026-01-01', '2026-02-01', 'waiting');
  insert into recheck (facility_id, id, asked_at, encounters, state, before, touched_at)
    values (:facility, :account, now(), '{}', 'waiting', '{}', now());
  insert into finding (facility_id, encounter_id, key, value_hash, rule, rule_version, params, severity, effect,
      official_table, stage, found_at)
    select facility_id, id, 'x', 'x', 'X', 1, '{}', 'error', 'block', 'XML1', 'export', now() from encounter
    where facility_id = :facility limit 1;
  insert into finding_content select facility_id, encounter_id, key, found_at, '{}', '' from finding
    where facility_id = :facility and key = 'x';
  insert into finding_decision select facility_id, encounter_id, key, 'x', 'accepted', 'x', :account, now() from finding
    where facility_id = :facility and key = 'x';
  insert into assessment select facility_id, id, 'export', 1, 'x', now(), 1, 1, 0 from encounter
    where facility_id = :facility limit 1 on conflict do nothing;
  insert into claim_check (facility_id, id, name, size, state, given_at, given_by, touched_at)
    values (:facility, :account, 'x', 1, 'waiting', now(), :account, now());
  insert into claim_check_content values (:facility, :account, 'x');
  insert into claim_check_finding (facility_id, check_id, position, file, rule, rule_version, severity, official_table, shown)
    values (:facility, :account, 1, 'x', 'X', 1, 'error', 'XML1', '{}');
  insert into result_import (facility_id, id, source, name, sha256, size, state, given_at, given_by, touched_at)
    values (:facility, :account, 'file', 'x', repeat('0', 64), 1, 'waiting', now(), :account, now());
  insert into result_row (facility_id, import_id, position, unreadable, verdict, reason, appended)
    values (:facility, :account, 1, '{}', 'unmatched', 'no-id', '{}');
  insert into correction_task (facility_id, id, encounter_id, number, claim_key, cause, code, opened_at, due_at)
    select facility_id, :account, id, 1, claim_key, 'refused', '', now(), now() from encounter
    where facility_id = :facility limit 1;
  insert into insurer_setting (facility_id, changed_at, changed_by) values (:facility, now(), :account);
  insert into insurer_staff values (:facility, :account, '040190000001', now(), :account);
  insert into card_lookup (facility_id, id, kind, card_number, name, birth, asked_by, asked_at)
    values (:facility, :account, 'card', 'x', 'x', '1990', :account, now());
  insert into card_lookup_event (facility_id, lookup_id, sequence, type, at) values (:facility, :account, 1, 'asking', now());
  insert into insurer_work values (:facility, 'lookup', :account, now());
  insert into insurer_paper (facility_id, id, kind, content_sha256, made_at, made_by)
    values (:facility, :account, 'drugs', repeat('0', 64), now(), :account);
  insert into insurer_paper_document (facility_id, paper_id, kind, sha256, bytes)
    values (:facility, :account, 'unsigned', repeat('0', 64), 'x');
  insert into insurer_paper_event (facility_id, paper_id, sequence, type, at, cause)
    values (:facility, :account, 1, 'sending', now(), 'x');
  insert into insurer_catalogue_row values (:facility, :account, 1, 'drugs', 'x', false, '{}');
  insert into export_setting (facility_id, mode) values (:facility, 'nightly');
  insert into sign_in_setting (facility_id, second_factor, changed_by) values (:facility, 'usual', :account);
  insert into one_time_password values (:account, repeat('0', 64), now(), null, :account);
  insert into machine_secret values (:account, repeat('0', 64), :account);
  insert into recovery_code values (:account, repeat('0', 64));
  insert into external_identity values ('https://issuer.example', :account, :account);
  insert into known_address values (:account, '192.0.2.1', now());
  insert into sign_in_failure values (repeat('0', 64), :account, 1, now());
  insert into oidc_flow values (:account, 'x', 'x', now());`;

// ---- what there is ----------------------------------------------------------------------------------------------

test('every table has row-level security with a policy, or a written exemption', async () => {
  const { rows } = await root.query<{ name: string; policy: string; reads: string | null; roles: string }>(
    `select tablename as name, policyname as policy, case when cmd in ('SELECT', 'ALL') then qual end as reads,
       array_to_string(roles, ',') as roles from pg_policies where schemaname = 'public'`,
  );
  const withPolicy = new Set(rows.map((row) => row.name));
  expect(tables.filter((name) => !guarded.includes(name))).toEqual(Object.keys(EXEMPT).toSorted());
  expect(guarded.filter((name) => !withPolicy.has(name))).toEqual(Object.keys(CLOSED).toSorted());
  const open = rows.filter(
    (row) => row.reads === 'true' && !['his_identity', 'his_assessor'].includes(row.roles),
  );
  expect([...new Set(open.map((row) => row.name))].toSorted()).toEqual(
    Object.keys(EVERYBODY_READS).toSorted(),
  );
});

test('nobody has a right on a partition, where the policies of its table would not be asked', async () => {
  const { rows } = await root.query(
    `select c.relname, a.grantee::regrole::text, a.privilege_type
     from pg_class c cross join lateral aclexplode(c.relacl) a
     where c.relispartition and a.grantee <> c.relowner
     union all
     select c.relname, a.grantee::regrole::text, a.privilege_type
     from pg_class c join pg_attribute x on x.attrelid = c.oid cross join lateral aclexplode(x.attacl) a
     where c.relispartition and a.grantee <> c.relowner`,
  );
  expect(rows).toEqual([]);
});

test('the roles that work pass no policy by: no superuser, no BYPASSRLS, owner of nothing, member of nothing', async () => {
  const { rows } = await root.query(
    `select rolname from pg_roles r where rolname = any($1) and (rolsuper or rolbypassrls or rolcreaterole
       or exists (select from pg_auth_members m where m.member = r.oid)
       or exists (select from pg_class c where c.relowner = r.oid)
       or has_schema_privilege(r.oid, 'public', 'create'))`,
    [['his_app', 'his_export', 'his_identity']],
  );
  expect(rows).toEqual([]);
});

test('nobody signs in as the assessor, and it reads narrow columns of what its functions need, nothing else', async () => {
  const { rows: role } = await root.query(
    `select rolcanlogin or rolsuper or rolbypassrls or exists (select from pg_auth_members m where m.member = r.oid)
       or exists (select from pg_class c where c.relowner = r.oid) or has_schema_privilege(r.oid, 'public', 'create')
       as "isMore" from pg_roles r where rolname = 'his_assessor'`,
  );
  expect(role).toEqual([{ isMore: false }]);
  const { rows } = await root.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition and has_any_column_privilege('his_assessor', oid, 'select, insert, update') order by 1`,
  );
  expect(rows.map((row) => row.name)).toEqual(Object.keys(ASSESSOR_READS));
  for (const [table, columns] of Object.entries(ASSESSOR_READS))
    for (const column of columns) {
      const { rows: may } = await root.query<{ may: boolean }>(
        `select has_column_privilege('his_assessor', $1, $2, 'select') as may`,
        [table, column],
      );
      expect([table, column, may[0]!.may]).toEqual([table, column, false]);
    }
  const { rows: owned } = await root.query<{ name: string }>(
    `select proname as name from pg_proc where proowner = 'his_assessor'::regrole order by 1`,
  );
  expect(owned.map((row) => row.name)).toEqual(['neighbours_of_person', 'practitioners_elsewhere']);
});

test('functions with the owner’s rights are known ones, with a fixed search path, and not everybody’s', async () => {
  const { rows } = await root.query<{ name: string; path: string | null; everybodys: boolean }>(
    `select p.proname as name,
       (select c from unnest(p.proconfig) c where c like 'search_path=%') as path,
       p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0) as everybodys
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  expect(rows.map((row) => row.name)).toEqual(Object.keys(DEFINERS).toSorted());
  for (const row of rows)
    expect(row).toEqual({
      name: row.name,
      path: 'search_path=pg_catalog, public, pg_temp',
      everybodys: false,
    });
});

test('the door’s role has rights on what the door needs, and on no record of a person', async () => {
  const { rows } = await root.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and not relispartition and has_table_privilege('his_identity', oid, 'select, update, delete') order by 1`,
  );
  const needed = [...SECRETS, ...PEOPLE_WHO_WORK, 'facility', 'practitioner', 'sign_in_setting'];
  expect(rows.map((row) => row.name)).toEqual(needed.toSorted());
});

// ---- what a query sees that forgets to ask -----------------------------------------------------------------------

/** Which rows of a table are A's, in words of the owner; nothing = all rows with A's facility id, none without one. */
const KNOWN_AT_A = `in (select patient_id from patient_facility where facility_id = '${A}')`;
const WORKS_AT_A = `in (select account_id from account_duty where facility_id = '${A}')`;
const OWN: Readonly<Record<string, string>> = {
  patient: `created_by_facility_id = '${A}' or id ${KNOWN_AT_A} or id in (select patient_id from emergency_access
    where facility_id = '${A}' and account_id = '${USER}')`,
  coverage: `patient_id ${KNOWN_AT_A}`,
  patient_fact: `patient_id ${KNOWN_AT_A}`,
  account: `id = '${USER}' or id ${WORKS_AT_A}`,
  one_time_password: `account_id ${WORKS_AT_A}`,
  machine_secret: `account_id ${WORKS_AT_A}`,
  export_run: `facility_id = '${A}' or id in (select run_id from export_batch where facility_id = '${A}')`,
  idempotency: `account_id = '${USER}'`,
};

async function ownRows(table: string): Promise<string> {
  if (OWN[table]) return OWN[table];
  const { rows } = await root.query(
    `select 1 from pg_attribute where attrelid = $1::regclass and attname = 'facility_id'`,
    [table],
  );
  return rows.length > 0 ? `facility_id = '${A}'` : 'false';
}

const PLACE = `tableoid::regclass::text || ctid::text as place`;
const placesOf = (rows: readonly { place: string }[]) => rows.map((row) => row.place).toSorted();

/** Places of all rows that a role sees; null = it may not read the table at all. */
async function seen(client: pg.Client, table: string): Promise<string[] | null> {
  try {
    return placesOf((await client.query<{ place: string }>(`select ${PLACE} from ${table}`)).rows);
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return null;
    throw error;
  }
}

/** As the role itself, signed in, in a context. @param context absent = nothing was ever set */
async function as<T>(
  role: Role,
  context: Context | null,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: plant.server.database.urls[role] });
  await client.connect();
  try {
    if (context)
      await client.query(
        `select set_config('app.user', $1, false), set_config('app.facility', $2, false), set_config('app.reach', $3, false)`,
        [context.user, context.facility, context.reach],
      );
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Guarded tables of which the role sees at least a row. */
const visible = (role: Role, context: Context | null): Promise<string[]> =>
  as(role, context, async (client) => {
    const found: string[] = [];
    for (const table of guarded)
      if (!EVERYBODY_READS[table] && ((await seen(client, table)) ?? []).length > 0) found.push(table);
    return found;
  });

test('there are rows of another facility in every guarded table', async () => {
  for (const table of guarded) {
    const { rows } = await root.query(`select 1 from ${table} where not (${await ownRows(table)}) limit 1`);
    expect([table, rows.length]).toEqual([table, 1]);
  }
});

describe.each(ROLES)('a query that forgets to ask, as %s', (role) => {
  test('sees all rows of its own facility and none of another', async () => {
    await as(role, AT_A, async (client) => {
      const read: string[] = [];
      for (const table of guarded) {
        if (EVERYBODY_READS[table]) continue;
        const found = await seen(client, table);
        if (found === null) continue;
        const own = await root.query<{ place: string }>(
          `select ${PLACE} from ${table} where ${await ownRows(table)}`,
        );
        expect([table, found]).toEqual([table, placesOf(own.rows)]);
        if (found.length > 0) read.push(table);
      }
      // Neither the secrets of the door nor the seals; and not a test of empty tables.
      expect(read).toEqual(
        expect.arrayContaining(['encounter', 'charge_line', 'patient', 'coverage', 'claim_document']),
      );
      expect(read.filter((table) => SECRETS.includes(table) || CLOSED[table])).toEqual([]);
    });
  });

  test('sees nothing at all without a context, on a new connection and on a used one', async () => {
    expect(await visible(role, null)).toEqual([]);
    expect(await visible(role, BLANK)).toEqual([]);
  });

  test('sees figures of the whole province for its office, and no chart, no person', async () => {
    // Answers to one's own calls are one's own everywhere.
    const more = role === 'his_app' ? [...PEOPLE_WHO_WORK, 'idempotency'] : [];
    expect(await visible(role, PROVINCE)).toEqual([...FIGURES, ...more].toSorted());
    await as(role, PROVINCE, async (client) => {
      for (const table of FIGURES) {
        const { rows } = await root.query<{ place: string }>(`select ${PLACE} from ${table}`);
        expect([table, await seen(client, table)]).toEqual([table, placesOf(rows)]);
      }
    });
  });

  test('changes and removes no row of another facility', async () => {
    for (const table of guarded) {
      expect([table, 'update', await harmed(role, table, await updateOf(role, table))]).toEqual([
        table,
        'update',
        0,
      ]);
      expect([table, 'delete', await harmed(role, table, `delete from ${table}`)]).toEqual([
        table,
        'delete',
        0,
      ]);
    }
  });

  test('adds no row to another facility, nor moves one of its own there', async () => {
    for (const table of guarded) {
      // An account belongs to no facility, and there is one of that id.
      const expected = role === 'his_app' && table === 'account' ? '23505' : REFUSED;
      expect([table, await insertForeign(role, table)]).toEqual([table, expected]);
      for (const [column, value] of [
        ['facility_id', `'${B}'`],
        ['patient_id', `(select patient_id from patient_facility where facility_id <> '${A}' limit 1)`],
      ] as const)
        if (await mayUpdate(role, table, column)) {
          const moving = await root.query<{ value: string }>(`select ${value}::text as value`);
          const sql = `update ${table} set ${column} = '${moving.rows[0]!.value}'`;
          expect([table, column, await outcome(role, sql)]).toEqual([table, column, REFUSED]);
        }
    }
  });
});

test('nobody makes a relation to a person by hand, nor an emergency in somebody else’s name', async () => {
  const [person] = (
    await root.query<{ id: string }>(`select id from patient p where not (${OWN.patient}) limit 1`)
  ).rows;
  const link = `insert into patient_facility (facility_id, patient_id, patient_number, basis) values ($1, $2, 'BN-X', $3)`;
  for (const basis of ['registered', 'visit', 'referral'])
    expect([basis, await outcome('his_app', link, [A, person!.id, basis])]).toEqual([basis, REFUSED]);
  const emergency = `insert into emergency_access (facility_id, id, patient_id, account_id, reason, granted_at, expires_at)
    values ($1, uuidv7(), $2, $3, 'x', now(), now() + interval '4 hours')`;
  const other = derivedId(0, 'test-account', STATION);
  expect(await outcome('his_app', emergency, [A, person!.id, other])).toBe(REFUSED);
  expect(await outcome('his_app', emergency, [B, person!.id, USER])).toBe(REFUSED);
  expect(await outcome('his_app', emergency, [A, person!.id, USER])).toBe('done');
});

test('an auditor’s transaction sees the trail, and who somebody is, and nothing else', async () => {
  const trail = ['audit_event', 'refusal_count', 'idempotency', ...PEOPLE_WHO_WORK];
  expect(await visible('his_app', AUDIT)).toEqual(trail.toSorted());
  await as('his_app', AUDIT, async (client) => {
    const { rows } = await root.query<{ place: string }>(`select ${PLACE} from audit_event`);
    expect(await seen(client, 'audit_event')).toEqual(placesOf(rows));
  });
});

const REFUSED = '42501';

/** Runs as that role in A's context, then looks as the owner sees it, and undoes everything. */
async function underA<T>(
  role: Role,
  sql: string,
  parameters: unknown[],
  then: (failed: string | null) => Promise<T>,
) {
  await root.query('begin');
  try {
    // Foreign keys would refuse some of this for other reasons; policies are asked all the same.
    await root.query(`set local session_replication_role = replica`);
    await root.query(
      `select set_config('app.user', $1, true), set_config('app.facility', $2, true), set_config('app.reach', 'facility', true)`,
      [USER, A],
    );
    await root.query(`savepoint before; set local role ${role}`);
    let failed: string | null = null;
    try {
      await root.query(sql, parameters);
    } catch (error) {
      failed = (error as { code: string }).code;
      await root.query('rollback to savepoint before');
    }
    await root.query('reset role');
    return await then(failed);
  } finally {
    await root.query('rollback');
  }
}

const outcome = (role: Role, sql: string, parameters: unknown[] = []) =>
  underA(role, sql, parameters, async (failed) => failed ?? 'done');

/** How many rows of others a statement over the whole table changed or removed. */
async function harmed(role: Role, table: string, sql: string | null): Promise<number> {
  if (sql === null) return 0;
  const foreign = `select count(*)::int as n from ${table} where not (${await ownRows(table)})`;
  const untouched = `${foreign} and xmin <> pg_current_xact_id()::xid`;
  const before = (await root.query<{ n: number }>(foreign)).rows[0]!.n;
  return underA(role, sql, [], async () => before - (await root.query<{ n: number }>(untouched)).rows[0]!.n);
}

async function mayUpdate(role: Role, table: string, column: string): Promise<boolean> {
  const { rows } = await root.query(
    `select 1 from pg_attribute where attrelid = $2::regclass and attname = $3
       and has_column_privilege($1, attrelid, attname, 'update')`,
    [role, table, column],
  );
  return rows.length > 0;
}

async function columnsFor(role: Role, table: string, right: 'insert' | 'update'): Promise<string[]> {
  const { rows } = await root.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $2::regclass and attnum > 0 and not attisdropped
       and attgenerated = '' and has_column_privilege($1, attrelid, attnum, $3)`,
    [role, table, right],
  );
  return rows.map((row) => row.name);
}

async function updateOf(role: Role, table: string): Promise<string | null> {
  const [column] = await columnsFor(role, table, 'update');
  return column ? `update ${table} set ${column} = ${column}` : null;
}

/** A copy of somebody else's row, as far as the role may write its columns at all. */
async function insertForeign(role: Role, table: string): Promise<string> {
  const columns = (await columnsFor(role, table, 'insert')).map((name) => `"${name}"`).join(', ');
  if (columns === '') return REFUSED;
  const { rows } = await root.query<{ row: unknown }>(
    `select to_jsonb(t) as row from ${table} t where not (${await ownRows(table)}) limit 1`,
  );
  return outcome(
    role,
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1)`,
    [JSON.stringify(rows[0]!.row)],
  );
}

// ---- jobs -------------------------------------------------------------------------------------------------------

describe('a job with a foreign facility id changes nothing', () => {
  const job = (data: Record<string, unknown>) => ({ id: 'x', name: 'x', data }) as unknown as QueueJob;
  const calls = () => plant.control<unknown>('GET', 'calls?limit=50000');
  async function nothingHappens(work: () => Promise<unknown>): Promise<void> {
    // The job takes a lane of the facility that it names, and gives it back.
    const written = () => writtenRows(plant.server.database, ['gateway_lane']);
    const before = [await written(), await calls()];
    await work();
    expect([await written(), await calls()]).toEqual(before);
  }

  test('its facility is A, its visit or run is B’s', async () => {
    const { encounterId, sequence, runId } = waiting;
    await nothingHappens(async () => {
      await exportBatch.handle(job({ facilityId: A, runId }), plant.parts);
      await claimSend.handle(job({ facilityId: A, encounterId, number: 1 }), plant.parts);
      await checkIn.handle(job({ facilityId: A, encounterId, sequence }), plant.parts);
    });
  });

  test('all of it is B’s, but its transaction is A’s', async () => {
    const { encounterId, sequence, runId } = waiting;
    const database: Database = {
      ...plant.database,
      transaction: (context, work, opening) =>
        plant.database.transaction({ ...context, facilityId: A }, work, opening),
    };
    const parts = { ...plant.parts, database };
    await nothingHappens(async () => {
      await buildBatch(parts, runId, B);
      expect(await sendClaim(parts, B, encounterId, 1)).toBe('skipped');
      await sendCheckIn(parts, B, encounterId, sequence);
    });
  });

  test('the same jobs do their work at B itself', async () => {
    const { encounterId, sequence, runId } = waiting;
    await buildBatch(plant.parts, runId, B);
    expect(await sendClaim(plant.parts, B, encounterId, 1)).toBe('received');
    await sendCheckIn(plant.parts, B, encounterId, sequence);
    const { rows } = await root.query(
      `select (select built from export_batch where run_id = $1) > 0 as built,
         (select outcome from check_in_attempt where encounter_id = $2) as outcome`,
      [runId, encounterId],
    );
    expect(rows).toEqual([{ built: true, outcome: 'received' }]);
  });
});
