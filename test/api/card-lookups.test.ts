import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cardOfCode } from '../../src/gateway/simulator/people.ts';
import { runLookup, sweepInsurer } from '../../src/insurer/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { RunningWorkers } from '../../workers/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant, until } from '../harness/plant.ts';
import { dischargedVisit, HOSPITAL, line, openVisit } from '../harness/visit.ts';

/** Questions about cards, as a reception desk asks them, through queue and gateway. */
const CARD_PATH = '/api/egw/KQNhanLichSuKCB2024';
const COPAY_PATH = '/api/TraCuuCCT/TraCuuTienMCCT';
const FACILITY = facilityIdOf(HOSPITAL);

let plant: Plant;
let workers: RunningWorkers;
beforeAll(async () => {
  plant = await startPlant('postgres', {}, { CARD_LOOKUP_WAIT_MS: 15_000 });
  workers = await plant.startWorkers(60_000);
  await plant.server.database.query(
    `insert into insurer_setting (facility_id, staff_name, staff_national_id, changed_at, changed_by)
     values ($1, 'Nguyễn Thị Trực', '040190000001', now(), $1)`,
    [FACILITY],
  );
});
afterAll(() => plant.stop());
/** Calls that were answered, since the test began. */
const before = new Map<string, number>();
beforeEach(async () => {
  for (const path of [CARD_PATH, COPAY_PATH]) before.set(path, await callsEver(path));
});

interface View {
  readonly id: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly trouble: string | null;
  readonly message: string;
  readonly nextCheckAt: string | null;
  readonly staffName: string | null;
  readonly rawAnswer: string | null;
  readonly isRepeat: boolean;
  readonly details: Readonly<Record<string, unknown>> | null;
}
const of = (code: string, more: object = {}) => ({
  cardNumber: cardOfCode(code),
  name: `Người Mẫu ${code}`,
  birthDate: '1990-02-01',
  ...more,
});
async function post(what: string, body: object, headers = {}) {
  const answer = await plant.server.call('POST', `/api/v1/${what}-lookups`, { as: HOSPITAL, body, headers });
  return { status: answer.status, body: answer.body as View & { readonly type: string } };
}
const callsEver = async (path: string): Promise<number> =>
  (await plant.control<unknown[]>('GET', `calls?limit=1000&path=${path}`)).length;
const calls = async (path: string): Promise<number> => (await callsEver(path)) - before.get(path)!;
const fault = (path: string, action: object, times = 1) =>
  plant.control('POST', 'faults', { match: { path }, when: 'before-auth', action, times });
/** So many minutes go by for all that was asked. */
const age = (minutes: number) =>
  plant.server.database.query('update card_lookup set asked_at = asked_at - make_interval(mins => $1)', [
    minutes,
  ]);
const visitOf = (path: string) =>
  plant.server
    .call('GET', `${path}/card-lookups`, { as: HOSPITAL })
    .then((answer) => (answer.body as { lookups: readonly View[] }).lookups);
const ours = () => ({
  ...plant.server,
  call: (method: string, path: string, more: object = {}) =>
    plant.server.call(method, path, { as: HOSPITAL, ...more }),
});

describe('a card at reception', () => {
  test('is answered in one call, in words; question, answer as it came and who asked are kept', async () => {
    const visit = await openVisit(ours());
    const { status, body } = await post('card', of('000', { encounterId: visit.id }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'answered', verdict: 'good', message: 'thẻ đúng, dùng được' });
    expect(body).toMatchObject({ staffName: 'Nguyễn Thị Trực', nextCheckAt: null });
    expect(JSON.parse(body.rawAnswer!)).toMatchObject({ maKetQua: '000' });
    expect((await visitOf(visit.path)).map(({ id }) => id)).toEqual([body.id]);
    const rows = await plant.server.database.query(
      'select staff_national_id, card_number from card_lookup where id = $1',
      [body.id],
    );
    expect(rows).toEqual([{ staff_national_id: '040190000001', card_number: cardOfCode('000') }]);
  });

  test('a bad card is told, and asked about once', async () => {
    const { body } = await post('card', of('110'));
    expect(body).toMatchObject({ state: 'answered', verdict: 'bad', nextCheckAt: null });
    expect(await calls(CARD_PATH)).toBe(1);
  });

  test('the person who asks is named by their own id, where it is registered', async () => {
    const nurse = await addAccount(plant.server.database, 'nurse', HOSPITAL, { username: 'lookup.nurse' });
    const admin = await addAccount(plant.server.database, 'facility-admin', HOSPITAL, {
      username: 'l.admin',
    });
    const asAdmin = await addSession(plant.server.database, admin);
    const put = await plant.server.api.call('PUT', '/api/v1/settings/insurer/staff', asAdmin, {
      accountId: nurse.id,
      nationalId: '040190000777',
    });
    expect(put.status).toBe(200);
    const asNurse = await addSession(plant.server.database, nurse);
    const answer = await plant.server.api.call('POST', '/api/v1/card-lookups', asNurse, of('000'), {
      'Idempotency-Key': '018f0000-0000-7000-8000-00000000aaaa',
    });
    const rows = await plant.server.database.query(
      'select staff_national_id from card_lookup where id = $1 and asked_by = $2',
      [(answer.body as View).id, nurse.id],
    );
    expect(rows).toEqual([{ staff_national_id: '040190000777' }]);
  });

  test('a gateway that is ill stops nobody: the answer says so, and the card is asked about again', async () => {
    const visit = await openVisit(ours(), { card: { cardNumber: 'DN4400000000002' } });
    await fault(CARD_PATH, { type: 'status', status: 500 });
    const { status, body } = await post('card', of('000', { encounterId: visit.id }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'notChecked', trouble: 'unavailable' });
    expect(body.message).toMatch(/^chưa kiểm tra được bây giờ, sẽ được kiểm tra lại/);
    expect(body.nextCheckAt).not.toBeNull();
    // The job of the queue is lost: the sweep finds the work again.
    plant.clock.advance(5 * 60_000);
    await sweepInsurer(plant.parts);
    await until(async () => (await visitOf(visit.path))[0]?.state === 'answered');
    expect((await visitOf(visit.path))[0]).toMatchObject({ verdict: 'good', nextCheckAt: null });
    expect(await calls(CARD_PATH)).toBe(2);
  });

  test('a visit that is over is not asked about any more', async () => {
    const visit = await dischargedVisit(ours(), [line()], { card: { cardNumber: 'DN4400000000003' } });
    await fault(CARD_PATH, { type: 'reset' });
    const { body } = await post('card', of('000', { encounterId: visit.id }));
    expect(body).toMatchObject({ state: 'notChecked', nextCheckAt: null });
  });

  test('nobody is registered to ask: a matter of settings, told apart, and nothing goes out', async () => {
    const answer = await plant.server.call('POST', '/api/v1/card-lookups', { as: '40101', body: of('000') });
    expect(answer.body).toMatchObject({ state: 'notChecked', trouble: 'configuration' });
    expect(await calls(CARD_PATH)).toBe(0);
  });

  test('another facility sees nothing of it; a visit of somebody else is none', async () => {
    const { body } = await post('card', of('000'));
    const elsewhere = await plant.server.call('GET', `/api/v1/card-lookups/${body.id}`, { as: '40101' });
    expect(elsewhere.status).toBe(404);
    const wrong = await post('card', of('000', { encounterId: '018f0000-0000-7000-8000-000000000001' }));
    expect(wrong.status).toBe(404);
  });
});

describe('history and co-payment', () => {
  test('a history', async () => {
    const { body } = await post('history', of('000'));
    expect(body).toMatchObject({ state: 'answered', verdict: 'known', details: { visits: [] } });
  });

  test('the highest total, never the sum; no data is not zero', async () => {
    expect((await post('copay', of('000'))).body).toMatchObject({
      verdict: 'known',
      details: { total: '1250000.00', rows: 2 },
    });
    expect((await post('copay', of('010'))).body).toMatchObject({ verdict: 'unknown', details: null });
  });

  test('the same card within the minutes gets the earlier answer, also when that was a failure', async () => {
    await age(20);
    await fault(COPAY_PATH, { type: 'reset' });
    const first = await post('copay', of('000'));
    expect(first.body).toMatchObject({ state: 'notChecked', nextCheckAt: null, isRepeat: false });
    const again = await post('copay', of('000'));
    expect(again.body).toMatchObject({ id: first.body.id, isRepeat: true });
    await age(14);
    await sweepInsurer(plant.parts);
    expect((await post('copay', of('000'))).body.isRepeat).toBe(true);
    expect(await calls(COPAY_PATH)).toBe(1);
    await age(2);
    expect((await post('copay', of('000'))).body).toMatchObject({ isRepeat: false, verdict: 'known' });
    expect(await calls(COPAY_PATH)).toBe(2);
  });

  test('killed after the question went out: it is not put again', async () => {
    await workers.stop();
    await age(20);
    await plant.server.database.query(
      `insert into card_lookup (facility_id, id, kind, card_number, name, birth, asked_by, asked_at)
       values ($1, $2, 'copay', $3, 'x', '1990', $1, now())`,
      [FACILITY, '018f0000-0000-7000-8000-00000000bbbb', cardOfCode('000')],
    );
    await plant.server.database.query(`insert into insurer_work values ($1, 'lookup', $2, now(), 1)`, [
      FACILITY,
      '018f0000-0000-7000-8000-00000000bbbb',
    ]);
    await plant.server.database.query(
      `insert into card_lookup_event (facility_id, lookup_id, sequence, type, at) values ($1, $2, 1, 'asking', now())`,
      [FACILITY, '018f0000-0000-7000-8000-00000000bbbb'],
    );
    await runLookup(plant.parts, FACILITY, '018f0000-0000-7000-8000-00000000bbbb');
    expect(await calls(COPAY_PATH)).toBe(0);
    workers = await plant.startWorkers(60_000);
  });

  test('a full day, then an account that was shut out: no further question that day, and the answer says why', async () => {
    await age(20);
    const limit = (n: number) =>
      plant.server.database.query(
        'update insurer_setting set copay_daily_limit = $2 where facility_id = $1',
        [FACILITY, n],
      );
    await limit(0);
    expect(await post('copay', of('000'))).toMatchObject({
      status: 429,
      body: { type: '/problems/lookup-restrained', detail: expect.stringContaining('dailyLimit') },
    });
    await limit(200);
    await plant.control('POST', `accounts/${HOSPITAL}_BV`, { restricted: true });
    expect((await post('copay', of('000'))).body).toMatchObject({ trouble: 'restricted', nextCheckAt: null });
    await plant.control('POST', `accounts/${HOSPITAL}_BV`, { restricted: false });
    expect(await post('copay', of('010'))).toMatchObject({
      status: 429,
      body: { detail: expect.stringContaining('restricted') },
    });
    expect(await calls(COPAY_PATH)).toBe(1);
  });
});
