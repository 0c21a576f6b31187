import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL, line, openVisit, person, STATION } from '../harness/visit.ts';

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
  for (const answer of answers)
    if (answer.status !== 201)
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
