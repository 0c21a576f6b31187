import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { searchPatients } from '../../src/patients/patient.repo.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { HOSPITAL } from '../harness/visit.ts';

const A = facilityIdOf(HOSPITAL);
const PEOPLE = 60_000;
/** Of one of them alone. */
const NAME = 'Lê Thị Mẫu Duy Nhất';
const PART = 'mau duy nhat';

let database: TestDatabase;
let app: Database;
beforeAll(async () => {
  database = await freshDatabase();
  app = openDatabase(database.urls.his_app, 1, () => undefined);
  await database.query(MANY_PEOPLE, [A, PEOPLE, NAME]);
  await database.query('analyze patient, patient_facility');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Names as people here have them: few family names, many given ones. */
const MANY_PEOPLE = `
  with people as (
    insert into patient (id, name, birth_date, birth_precision, sex_code, nationality_code, ethnicity_code,
      occupation_code, address, province_code, ward_code, created_by_facility_id)
    select uuidv7(), case when n = 1 then $3 else (array['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng'])[1 + n % 5] || ' ' ||
        (array['Văn', 'Thị', 'Hữu', 'Đức'])[1 + n % 4] || ' ' || translate(md5(n::text), '0123456789', 'ghiklmnopq') end,
      '1980-01-01', 'day', '1', '000', '01', '00', 'Xóm 1', '40', '16681', $1
    from generate_series(1, $2::int) n
    returning id)
  insert into patient_facility (facility_id, patient_id, patient_number, basis)
  select $1, id, 'BN' || replace(id::text, '-', ''), 'registered' from people`;

/** The plan of the statement inside a function, with the parameters and the settings that the function itself has. */
async function planInside(name: string, parameters: readonly (string | number | null)[]): Promise<string> {
  const [found] = await database.query<{ body: string; names: string[]; types: string; settings: string[] }>(
    `select pg_get_function_sqlbody(oid) as body, proargnames as names, oidvectortypes(proargtypes) as types,
       proconfig as settings from pg_proc where proname = $1`,
    [name],
  );
  const { body, names, types, settings } = found!;
  const sql = parameters.reduce<string>(
    (text, _value, index) => text.replaceAll(`${name}.${names[index]}`, `$${index + 1}`),
    body.replace(/^BEGIN ATOMIC|;\s*END\s*$/g, ''),
  );
  const client = new pg.Client({ connectionString: database.urls.his_owner });
  await client.connect();
  try {
    // As the product's connections are opened, and then as the function is.
    await client.query(`set app.facility = '${A}'; set plan_cache_mode = force_generic_plan`);
    for (const [setting, value] of settings.map((one) => one.split('=') as [string, string]))
      await client.query(`set ${setting} = ${value}`);
    await client.query(`prepare inside (${types}) as ${sql}`);
    const given = parameters.map((value) => (value === null ? 'null' : pg.escapeLiteral(String(value))));
    const { rows } = await client.query<{ plan: string }>(`explain execute inside (${given.join(', ')})`);
    return rows.map((row) => Object.values(row)[0]).join('\n');
  } finally {
    await client.end();
  }
}

const acting = () => ({ userId: newId(), facilityId: A, purpose: 'care', requestId: 'test' });

/** How often an index was read, by what the database itself counted. */
async function scansOf(index: string): Promise<number> {
  await app.transaction(acting(), (tx) => tx.query('select pg_stat_force_next_flush()'));
  const [row] = await database.query<{ scans: number }>(
    'select idx_scan::int as scans from pg_stat_user_indexes where indexrelname = $1',
    [index],
  );
  return row!.scans;
}

test('search by a part of a name reads the trigram index', async () => {
  const plan = await planInside('search_patients', [PART, null, 20]);
  expect(plan).toContain('Bitmap Index Scan on patient_name_search');
  expect(plan).not.toContain('Seq Scan');
});

test('and does so when the application calls it, on a connection of the application', async () => {
  const before = await scansOf('patient_name_search');
  for (let times = 0; times < 8; times += 1)
    expect((await app.transaction(acting(), (tx) => searchPatients(tx, { name: NAME }))).length).toBe(1);
  expect(await scansOf('patient_name_search')).toBe(before + 8);
});

test('search by phone, national id and card read their indexes', async () => {
  expect(await planInside('search_patients', [null, '0912345678', 20])).toContain('patient_phone');
  expect(await planInside('find_person', ['012345678901', null])).toContain('patient_national_id');
  const plan = await planInside('find_person', [null, 'DN4400000000001']);
  expect(plan).toMatch(/Index Scan (on|using) coverage_/);
  expect(plan).toContain('patient_pkey');
  expect(plan).not.toContain('Seq Scan');
});

/** Why there is a function: LIKE is not leakproof, so under a policy it is asked after the policy, of every row. */
test('the same LIKE of the application itself, under its policy, cannot read the trigram index', async () => {
  const rows = await app.transaction(acting(), (tx) =>
    tx.query<Record<string, string>>(`explain select * from patient where name_search like '%${PART}%'`),
  );
  const plan = rows.map((row) => Object.values(row)[0]).join('\n');
  expect(plan).not.toContain('patient_name_search');
  expect(plan).toContain('Filter');
});

test.each(['patient', 'patient_fact', 'coverage'])(
  '%s asks whether this facility knows the person by their key, and never hashes all people of the facility',
  async (table) => {
    const rows = await app.transaction(acting(), (tx) =>
      tx.query<Record<string, string>>(`explain select * from ${table}`),
    );
    const plan = rows.map((row) => Object.values(row)[0]).join('\n');
    expect(plan).toContain('patient_facility_pkey');
    expect(plan).not.toContain('hashed');
  },
);
