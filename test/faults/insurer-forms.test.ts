import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildBatch, sendClaim } from '../../src/exports/index.ts';
import { readMonth, sendPaper } from '../../src/insurer/index.ts';
import { type Database, SYSTEM_USER } from '../../src/platform/database/index.ts';
import { localDate } from '../../src/platform/dates.ts';
import { add, money, moneyText } from '../../src/platform/money.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { ledger, type Plant, startPlant } from '../harness/plant.ts';
import { HOSPITAL } from '../harness/visit.ts';

/** The month's summary and catalogues, sent to the simulated gateway. */
const FACILITY = { id: facilityIdOf(HOSPITAL), code: HOSPITAL };
let plant: Plant;
let period: string;
beforeAll(async () => {
  plant = await startPlant('postgres');
  await plant.record(12, [HOSPITAL]);
  await plant.record(2, ['40101'], 3);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: null, body: { day: plant.day } });
  const runId = (run.body as { id: string }).id;
  for (const code of [HOSPITAL, '40101']) await buildBatch(plant.parts, runId, facilityIdOf(code));
  for (const row of await ledger(plant))
    await sendClaim(plant.parts, row.facilityId, row.encounterId, row.number);
  const [settled] = await plant.server.database.query<{ at: string }>(
    'select min(settled_at)::text as at from encounter where facility_id = $1 and settled_at is not null',
    [FACILITY.id],
  );
  period = localDate(new Date(settled!.at)).slice(0, 7).replace('-', '');
});
afterAll(() => plant.stop());

function at<T>(database: Database, work: Parameters<typeof database.transaction<T>>[1]): Promise<T> {
  const acting = {
    userId: SYSTEM_USER,
    facilityId: FACILITY.id,
    reach: 'facility',
    purpose: 'test',
  } as const;
  return database.transaction({ ...acting, requestId: 'test' }, work);
}
const post = (path: string, body: object) =>
  plant.server.call('POST', `/api/v1/${path}`, { as: HOSPITAL, body });
interface Paper {
  readonly id: string;
  readonly state: string;
  readonly figures: Record<string, string | number>;
}
const read = async (id: string) =>
  (await plant.server.call('GET', `/api/v1/papers/${id}`, { as: HOSPITAL })).body as Paper;

test('the month is the sum of the XML1 rows that the insurer took, those of the facility alone', async () => {
  const made = await post('monthly-summaries', { period });
  expect(made.status).toBe(201);
  const { id, figures } = made.body as Paper;
  // What was settled, from the money of the visits themselves; the ledger says which were received.
  const received = await plant.server.database.query<{ insurer: string; copay: string }>(
    `select s.insurer_pays::text as insurer, s.copay::text as copay from claim_version v
     join settlement s on s.facility_id = v.facility_id and s.encounter_id = v.encounter_id
       and s.version = v.settlement_version
     where v.facility_id = $1 and exists (select from claim_event x where x.facility_id = v.facility_id
       and x.encounter_id = v.encounter_id and x.number = v.number and x.type = 'received')`,
    [FACILITY.id],
  );
  expect(received.length).toBeGreaterThan(3);
  expect(figures).toMatchObject({
    records: received.length,
    T_BHTT: moneyText(add(...received.map((row) => money(row.insurer)))),
    T_BNCCT: moneyText(add(...received.map((row) => money(row.copay)))),
  });
  await sendPaper(plant.parts, FACILITY.id, id);
  expect(await read(id)).toMatchObject({ state: 'received' });
  const calls = await plant.control<{ persisted: boolean }[]>(
    'GET',
    'calls?path=/api/HoSoTongHop7980/GuiHoSoTongHop01BH',
  );
  expect(calls.map((call) => call.persisted)).toEqual([true]);
});

test('the same month is not handed in twice; what the insurer found faulty afterwards stands in it no more', async () => {
  expect(await post('monthly-summaries', { period })).toMatchObject({ status: 409 });
  const before = await at(plant.server.app, (tx) => readMonth(tx, FACILITY.id, period));
  const [row] = (await ledger(plant)).filter((one) => one.facilityId === FACILITY.id);
  await plant.server.database.query(
    `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause)
     values ($1, $2, $3, $4, 'faulty', now(), 'late')`,
    [FACILITY.id, row!.encounterId, row!.number, row!.sequences.at(-1)! + 1],
  );
  const after = await at(plant.server.app, (tx) => readMonth(tx, FACILITY.id, period));
  expect(after.records).toBe(before.records - 1);
  expect((await post('monthly-summaries', { period })).status).toBe(201);
  expect((await post('monthly-summaries', { period: '202001' })).status).toBe(422);
});

test('catalogues: what changed, once; which rows the insurer has accepted', async () => {
  const forms = ['departments', 'drugs', 'equipment'];
  const send = async () =>
    ((await post('catalogue-submissions', { forms })).body as { papers: { form: string; paperId: string }[] })
      .papers;
  const first = await send();
  expect(first.map((one) => one.form)).toEqual(forms);
  expect(await send()).toEqual([]);
  const accepted = async (form: string) => {
    const { body } = await plant.server.call('GET', `/api/v1/catalogue-rows?form=${form}&accepted=true`, {
      as: HOSPITAL,
    });
    return (body as { rows: { isAccepted: boolean; state: string }[] }).rows.length;
  };
  expect(await accepted('drugs')).toBe(0);
  const path = '/api/DanhMucGW/GuiDanhMuc01_BPCMKBCB';
  const refuse = { match: { path }, when: 'after-auth', action: { type: 'code', maKetQua: '124' }, times: 1 };
  await plant.control('POST', 'faults', refuse);
  for (const { paperId } of first) await sendPaper(plant.parts, FACILITY.id, paperId);
  expect(await accepted('drugs')).toBeGreaterThan(0);
  expect(await accepted('departments')).toBe(0);
  const [machines] = await plant.server.database.query<{ n: number }>(
    'select count(*)::int as n from equipment where facility_id = $1',
    [FACILITY.id],
  );
  expect([await accepted('equipment'), machines!.n > 0]).toEqual([machines!.n, true]);
  // What was refused is handed in again, what was taken is not.
  expect((await send()).map((one) => one.form)).toEqual(['departments']);
});
