import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { dumpSchema } from '../../src/platform/database/dump.ts';
import { migrate, prepareSchema } from '../../src/runtime/prepare.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';

const folder = new URL('../../migrations/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.startsWith('Migration'))
  .map((file) => file.replace(/\.ts$/, ''))
  .toSorted();
const committed = readFileSync(new URL('schema.sql', folder), 'utf8');

let database: TestDatabase;
afterEach(() => database.drop());
const migrated = async () =>
  (await database.query<{ name: string }>('select name from migration order by 1')).map((row) => row.name);

test('from empty to the committed schema, and again: nothing more happens', async () => {
  database = await freshDatabase({ empty: true });
  expect(await prepareSchema(database.urls.his_owner)).toHaveLength(names.length);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
  expect(await prepareSchema(database.urls.his_owner)).toEqual([]);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
});

// A release ends with some migration. The oldest and the last ones, each in one go:
test.each([names[0]!, ...names.slice(-4, -1)])('from a release that ended with %s', async (last) => {
  database = await freshDatabase({ empty: true });
  await migrate(database.urls.his_owner, { to: last });
  expect(await migrated()).toEqual(names.slice(0, names.indexOf(last) + 1));
  const stored = await storeRecords();
  expect(Object.keys(stored).length).toBeGreaterThan(2);
  await prepareSchema(database.urls.his_owner);
  expect(await migrated()).toEqual(names);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
  await isKept(stored);
});

// And all of them, one after the other, each with rows in whatever the one before had made.
test('from release to release: none changes what was stored before it', async () => {
  database = await freshDatabase({ empty: true });
  let stored: Record<string, object> = {};
  for (const name of names) {
    await migrate(database.urls.his_owner, { to: name });
    await isKept(stored);
    stored = await storeRecords(stored);
  }
  expect(Object.keys(stored)).toEqual(Object.keys(RECORDS));
  await prepareSchema(database.urls.his_owner);
  expect(await dumpSchema(database.urls.his_owner)).toBe(committed);
});

async function isKept(stored: Readonly<Record<string, object>>): Promise<void> {
  for (const [table, row] of Object.entries(stored))
    expect([table, await rowOf(table)]).toMatchObject([table, row]);
}

const rowOf = async (table: string) =>
  (await database.query<{ row: object }>(`select to_jsonb(t) as row from ${table} t`))[0]?.row;

/**
 * A person's visit from the ward they live in to the claim that was sent: what no release may lose or change.
 * @param before what stands there already: columns that are new since then get their values
 */
async function storeRecords(before: Readonly<Record<string, object>> = {}): Promise<Record<string, object>> {
  const stored: Record<string, object> = {};
  for (const [table, values] of Object.entries(RECORDS)) {
    const had = await database.query<{ name: string }>(
      'select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0',
      [table],
    );
    if (had.length === 0) continue;
    const is = (name: string) => had.some((column) => column.name === name);
    const known = before[table];
    const columns = Object.keys(values).filter((name) => is(name) && !(known && name in known));
    const row = `jsonb_populate_record(null::${table}, $1)`;
    if (!known)
      await database.query(`insert into ${table} (${columns.join()}) select ${columns.join()} from ${row}`, [
        JSON.stringify(values),
      ]);
    else if (columns.length > 0)
      await database.query(
        `update ${table} t set ${columns.map((name) => `${name} = r.${name}`).join()} from ${row} r`,
        [JSON.stringify(values)],
      );
    stored[table] = (await rowOf(table))!;
  }
  return stored;
}

const FACILITY = '019a0000-0000-7000-8000-000000000001';
const PATIENT = '019a0000-0000-7000-8000-000000000002';
const VISIT = '019a0000-0000-7000-8000-000000000003';
const OTHER = '019a0000-0000-7000-8000-000000000004';
const AT = '2026-08-10T03:00:00+00:00';
const of = { facility_id: FACILITY, encounter_id: VISIT };
const amounts = {
  gross_amount: 100,
  insured_amount: 100,
  insurer_pays: 80,
  copay: 20,
  self_pay: 0,
  other_payers: 0,
};

/** In the order in which rows may be written; tables and columns that a release did not have yet are passed over. */
const RECORDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ward: { code: '99999', name: 'Xã Thử', province_code: '40' },
  facility: {
    id: FACILITY,
    code: '49999',
    name: 'Trạm Thử',
    address: 'Xã Thử',
    ward_code: '99999',
    created_at: AT,
  },
  patient: {
    id: PATIENT,
    version: 3,
    name: 'Trần Thị Thử',
    birth_date: '1960-02-29',
    birth_precision: 'day',
    sex_code: '2',
    nationality_code: '000',
    ethnicity_code: '01',
    occupation_code: '00',
    address: 'Xã Thử',
    province_code: '40',
    ward_code: '99999',
    created_by_facility_id: FACILITY,
    created_at: AT,
  },
  coverage: {
    id: OTHER,
    patient_id: PATIENT,
    card_number: 'DN4400000000001',
    valid: '[2026-01-01,2027-01-01)',
    registered_facility_code: '49999',
    source: 'card',
    recorded_at: AT,
  },
  encounter: {
    facility_id: FACILITY,
    id: VISIT,
    version: 4,
    state: 'settled',
    settlement_version: 1,
    claim_key: `49999.${VISIT.replaceAll('-', '')}`,
    record_number: 'BA1',
    patient_id: PATIENT,
    department_code: 'K01',
    class_code: '01',
    route_code: '1.1',
    arrived_at: '2026-08-10T01:00:00+00:00',
    ended_at: '2026-08-10T02:00:00+00:00',
    settled_at: AT,
    reason: 'Ho',
    birth_weights_grams: [],
    follow_up_dates: ['2026-08-20'],
    procedure_codes: [],
    created_at: AT,
  },
  settlement: {
    ...of,
    version: 1,
    policy_version: 'x',
    policy_date: '2026-08-10',
    route_code: '1.1',
    settled_at: AT,
    settled_by: OTHER,
    is_low_cost_visit: false,
    ...amounts,
    drug_amount: 0,
    supply_amount: 0,
    patient_pays: 20,
    trace: [{ rule: 'CARD-LEVEL' }],
  },
  claim_version: {
    ...of,
    number: 1,
    reason: 'first',
    settlement_version: 1,
    edition: '3176',
    created_at: AT,
    claim_key: 'K1',
  },
  reopening: { ...of, settlement_version: 1, reason: 'về trễ', reopened_at: AT, reopened_by: OTHER },
  billing_task: {
    ...of,
    id: OTHER,
    kind: 'late-result',
    note: 'về trễ',
    facts: {},
    created_at: AT,
    created_by: OTHER,
  },
  cashier_shift: {
    facility_id: FACILITY,
    id: OTHER,
    cashier: OTHER,
    opened_at: AT,
    opening_float: 100,
    closed_at: AT,
    closed_by: OTHER,
    counted_cash: 120,
    expected_cash: 120,
  },
  receipt_book: {
    facility_id: FACILITY,
    id: OTHER,
    kind: 'receipt',
    series: 'PT',
    year: 2026,
    last_number: 1,
    opened_at: AT,
    opened_by: OTHER,
  },
  payment: {
    ...of,
    id: OTHER,
    sequence: 1,
    kind: 'payment',
    method: 'cash',
    amount: 20,
    cash_rounding: 0,
    reference_use: 0,
    at: AT,
    recorded_by: OTHER,
    shift_id: OTHER,
    settlement_version: 1,
    balance_before: 20,
    balance_after: 0,
  },
  receipt: {
    facility_id: FACILITY,
    id: OTHER,
    book_id: OTHER,
    number: 1,
    issued_at: AT,
    payer_name: 'Trần Thị Thử',
    payer_address: 'Xã Thử',
    record_number: 'BA1',
    facility_name: 'Trạm Thử',
    cashier_name: 'Thu Ngân',
  },
  facility_certificate: {
    facility_id: FACILITY,
    fingerprint: 'ab'.repeat(32),
    serial: '0A01',
    subject: 'CN=Thử',
    issuer: 'CN=Thử',
    valid_from: '2026-01-01T00:00:00+00:00',
    valid_to: '2027-01-01T00:00:00+00:00',
    pem: 'x',
    registered_at: AT,
    registered_by: OTHER,
  },
  claim_event: { ...of, number: 1, sequence: 1, type: 'built', at: AT, cause: 'first', attempt: 0 },
  export_work: {
    ...of,
    number: 1,
    since: AT,
    not_before: AT,
    ended_at: '2026-08-10T02:00:00+00:00',
    settled_at: AT,
    settlement_version: 1,
  },
  foreign_file: {
    facility_id: FACILITY,
    id: OTHER,
    sha256: '0'.repeat(64),
    name: 'thang-8.xml',
    size: 100,
    is_upload: false,
    state: 'read',
    records: 1,
    stored: 1,
    known: 0,
    set_aside: 0,
    details: {},
    given_at: AT,
    given_by: OTHER,
    touched_at: AT,
    finished_at: AT,
  },
  foreign_claim: {
    facility_id: FACILITY,
    id: OTHER,
    file_id: OTHER,
    position: 1,
    facility_code: '49999',
    claim_key: 'K1',
    sha256: '0'.repeat(64),
    edition: '3176',
    rows: 1,
    problems: 0,
    insurer_pays: 80,
    stored_at: AT,
  },
  rule_setting: {
    id: OTHER,
    facility_id: FACILITY,
    rule: 'DRG_DOSE_FORMAT',
    number: 1,
    valid_from: '2026-08-01',
    effect: 'count',
    params: {},
    exempt: {},
    reason: 'Chờ danh mục mới',
    set_by: OTHER,
    set_at: AT,
  },
  finding: {
    ...of,
    key: 'k',
    value_hash: 'v',
    rule: 'DRG_DOSE_FORMAT',
    rule_version: 1,
    params: {},
    severity: 'warning',
    effect: 'warn',
    official_table: 'XML2',
    row_number: 1,
    field: 'LIEU_DUNG',
    amount: 80,
    stage: 'export',
    found_at: AT,
  },
  finding_content: { ...of, key: 'k', found_at: AT, shown: { value: '1 viên' }, row_key: '40.1' },
  finding_decision: {
    ...of,
    finding_key: 'k',
    value_hash: 'v',
    decision: 'accepted',
    reason: 'Đã hỏi',
    decided_by: OTHER,
    decided_at: AT,
  },
  assessment: {
    ...of,
    stage: 'export',
    visit_version: 4,
    rules_hash: 'h',
    at: AT,
    findings: 1,
    blocking: 0,
    amount: 0,
  },
  idempotency: {
    account_id: OTHER,
    key: 'k',
    route: 'POST /x',
    body_sha256: '',
    status: 201,
    reply: { body: { id: VISIT } },
    created_at: AT,
  },
};

test('months are made once, however often they are asked for; others live in the default partition', async () => {
  database = await freshDatabase();
  const partitions = async () =>
    (
      await database.query<{ name: string }>(
        `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'public.encounter'::regclass order by 1`,
      )
    ).map((row) => row.name);
  const make = () => database.query(`select ensure_month_partitions('2031-01-01', '2031-03-01')`);
  const before = await partitions();
  await make();
  const after = await partitions();
  expect(after.length).toBe(before.length + 3);
  await make();
  expect(await partitions()).toEqual(after);
  expect(after.filter((name) => name.includes('default'))).toHaveLength(1);
});
