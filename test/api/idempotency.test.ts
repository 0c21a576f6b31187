import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../src/platform/ids.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  dischargedVisit,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  person,
  STATION,
} from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const register = (key: string, body: object, as = HOSPITAL) =>
  server.call('POST', '/api/v1/patients', { as, body, headers: { 'Idempotency-Key': key } });
const typeOf = (answer: { body: unknown }) => (answer.body as { type?: string }).type;
const named = async (name: string) =>
  (await server.database.query('select id from patient where name = $1', [name])).length;

test('the same key and body is the same answer and one row', async () => {
  const key = newId();
  const body = person({ name: 'Lê Một Lần' });
  const [first, second] = [await register(key, body), await register(key, body)];
  expect(first.status).toBe(201);
  expect([second.status, second.body, second.etag]).toEqual([first.status, first.body, first.etag]);
  expect(await named('Lê Một Lần')).toBe(1);
});

describe('a repeat gets the first answer, byte for byte, and does nothing', () => {
  const patient = async () => (await register(newId(), person())).body as { id: string };
  const samples: Record<string, () => Promise<{ path: string; body: object; version?: string }>> = {
    registration: async () => ({ path: '/api/v1/patients', body: person() }),
    'check-in': async () => ({ path: '/api/v1/encounters', body: arrival((await patient()).id) }),
    'whole visit': async () => {
      const { patientId, coverageId } = await openVisit(server);
      return {
        path: '/api/v1/encounters/whole',
        body: {
          ...arrival(patientId, { coverageIds: [coverageId] }),
          conditions: [{ role: 'primary', code: 'J00' }],
          lines: [line(), line()],
          discharge: leaving(),
        },
      };
    },
    settlement: async () => {
      const { path, etag } = await dischargedVisit(server, [line(), line()]);
      return { path: `${path}/settlement`, body: {}, version: etag };
    },
  };

  test.each(Object.keys(samples))('%s', async (name) => {
    const { path, body, version } = await samples[name]!();
    const key = newId();
    const send = async () => {
      const answer = await fetch(server.url + path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          Authorization: `Bearer ${tokenFor(HOSPITAL)}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': key,
          ...(version ? { 'If-Match': version } : {}),
        },
      });
      const { headers } = answer;
      const said = [answer.status, await answer.text(), headers.get('etag'), headers.get('location')];
      return { said, isReplay: headers.get('idempotency-replayed') === 'true' };
    };
    const first = await send();
    const before = await written();
    const second = await send();
    expect([first.isReplay, second.isReplay]).toEqual([false, true]);
    expect(first.said[0]).toBe(201);
    expect(second.said).toEqual(first.said);
    expect(await written()).toEqual(before);
  });

  /** What a visit leaves behind; a repeat adds nothing to any of it. */
  const written = () =>
    server.database.query(`select (select count(*) from patient) as patients, (select count(*) from encounter) as visits,
      (select count(*) from charge_line) as lines, (select count(*) from settlement) as settlements,
      (select count(*) from export_work) as work, (select count(*) from outbox) as wishes,
      (select count(*) from audit_event) as audited`);
});

test('while the first is on its way, the same key is told to wait; after it, the answer is there', async () => {
  const key = newId();
  const body = person({ name: 'Lê Đang Chạy' });
  await register(newId(), person());
  const [account] = await server.database.query<{ id: string }>(
    'select account_id as id from idempotency order by created_at desc limit 1',
  );
  const first = new pg.Client({ connectionString: server.database.superuserUrl });
  await first.connect();
  await first.query('begin');
  await first.query('select pg_advisory_xact_lock(hashtextextended($1 || $2, 0))', [account!.id, key]);
  const meanwhile = await register(key, body);
  expect([meanwhile.status, typeOf(meanwhile)]).toEqual([409, '/problems/idempotency-in-flight']);
  expect(await named('Lê Đang Chạy')).toBe(0);
  await first.query('rollback');
  await first.end();
  expect((await register(key, body)).status).toBe(201);
});

test('the same key with another body, or for another route, is refused', async () => {
  const key = newId();
  await register(key, person({ name: 'Lê Hai' }));
  const other = await register(key, person({ name: 'Lê Ba' }));
  expect([other.status, typeOf(other)]).toEqual([422, '/problems/idempotency-key-reused']);
  expect(await named('Lê Ba')).toBe(0);
  const run = await server.call('POST', '/api/v1/export-runs', {
    body: {},
    headers: { 'Idempotency-Key': key },
  });
  expect([run.status, typeOf(run)]).toEqual([422, '/problems/idempotency-key-reused']);
});

test('a key is kept per account: two facilities may use the same one', async () => {
  const key = newId();
  const answers = [
    await register(key, person({ name: 'Lê Bốn' })),
    await register(key, person({ name: 'Lê Bốn' }), STATION),
  ];
  expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
  expect(await named('Lê Bốn')).toBe(2);
});

test('twenty at once make one row; the others get the same answer or hear that it is on its way', async () => {
  const key = newId();
  const body = person({ name: 'Lê Năm' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => register(key, body)));
  expect(await named('Lê Năm')).toBe(1);
  const made = answers.filter((answer) => answer.status === 201);
  for (const answer of made) expect(answer.body).toEqual(made[0]!.body);
  for (const answer of answers.filter((one) => one.status !== 201))
    expect([answer.status, typeOf(answer)]).toEqual([409, '/problems/idempotency-in-flight']);
  expect((await register(key, body)).body).toEqual(made[0]!.body);
});

test('a refusal does not burn the key', async () => {
  const key = newId();
  expect((await register(key, person({ name: 'Lê Sáu', sexCode: '9' }))).status).toBe(422);
  expect((await register(key, person({ name: 'Lê Sáu' }))).status).toBe(201);
  const visit = await openVisit(server);
  const order = (body: object, orderKey: string) =>
    server.call('POST', `${visit.path}/orders`, { body, headers: { 'Idempotency-Key': orderKey } });
  const late = newId();
  expect((await order({ lines: [line({ itemCode: 'XX' })] }, late)).status).toBe(422);
  expect((await order({ lines: [line()] }, late)).status).toBe(201);
});

test('an order sent twice is one line, although the client gave no id', async () => {
  const visit = await openVisit(server);
  const body = { lines: [line({ id: undefined })] };
  const headers = { 'Idempotency-Key': newId() };
  const first = await server.call('POST', `${visit.path}/orders`, { body, headers });
  const second = await server.call('POST', `${visit.path}/orders`, { body, headers });
  expect(second.body).toEqual(first.body);
  const lines = await server.database.query('select id from charge_line where encounter_id = $1', [visit.id]);
  expect(lines).toHaveLength(1);
});
