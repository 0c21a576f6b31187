import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { until } from '../harness/plant.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL, person } from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  for (const name of ['Lê 100% Khỏe', 'Lê_Gạch Dưới', 'Lê \\ Chéo', 'Lê Gạch Dưới']) await register({ name });
});
afterAll(() => server.stop());

const register = async (more: object) =>
  ((await server.call('POST', '/api/v1/patients', { body: person(more) })).body as { id: string }).id;

test('of two who change the same version at once, one is told that the other was first', async () => {
  const id = await register({});
  const other = new pg.Client({ connectionString: server.database.superuserUrl });
  await other.connect();
  await other.query('begin');
  await other.query('select 1 from patient where id = $1 for update', [id]);
  const change = (phone: string) =>
    server.call('PATCH', `/api/v1/patients/${id}`, { body: { phone }, headers: { 'If-Match': '"1"' } });
  const answers = Promise.all([change('0911111111'), change('0922222222')]);
  await until(async () => {
    const waiting = await server.database.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length === 2;
  });
  await other.query('commit');
  await other.end();
  const [first, second] = (await answers).toSorted((a, b) => a.status - b.status);
  expect([first!.status, first!.etag]).toEqual([200, '"2"']);
  expect(second).toMatchObject({ status: 412, body: { type: '/problems/version-conflict' } });
});

test.each([
  ['%', ['Lê 100% Khỏe']],
  ['％', ['Lê 100% Khỏe']],
  ['_', ['Lê_Gạch Dưới']],
  ['\\', ['Lê \\ Chéo']],
  ['gach%duoi', []],
  ['le_gach', ['Lê_Gạch Dưới']],
  ['khoe', ['Lê 100% Khỏe']],
])('a search for %s finds what is written so', async (name, found) => {
  expect(await search(name)).toEqual(found);
});

async function search(name: string): Promise<string[]> {
  const answer = await server.call('GET', `/api/v1/patients?${new URLSearchParams({ name }).toString()}`);
  return (answer.body as { items: { name: string }[] }).items.map((item) => item.name);
}

test('a card whose last day is the last one taken is read back with that day', async () => {
  const path = `/api/v1/patients/${await register({})}/coverages`;
  const card = { cardNumber: 'DN4400000000009', validFrom: '2026-01-01', registeredFacilityCode: HOSPITAL };
  const body = { ...card, validThrough: '2199-12-31' };
  expect(await server.call('POST', path, { body })).toMatchObject({ status: 201, body });
  expect((await server.call('GET', path)).body).toMatchObject({ items: [body] });
});
