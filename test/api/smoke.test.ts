import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestServer, type TestServer } from '../harness/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: '40101' });
});
afterAll(() => server.stop());

test('an empty list of visits', async () => {
  const answer = await server.call('GET', '/api/v1/encounters');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ items: [], next: null });
});
