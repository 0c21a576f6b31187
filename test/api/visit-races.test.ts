import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL, line, openVisit } from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const eight = <T>(make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 8 }, (_, n) => make(n)));

test('eight first orders at the same moment are all taken, and the visit is announced once', async () => {
  for (const _ of [1, 2, 3]) {
    const visit = await openVisit(server);
    const answers = await eight(() =>
      server.call('POST', `${visit.path}/orders`, { body: { lines: [line()] } }),
    );
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201));
    const messages = await server.database.query(
      `select c.sequence, count(o.id)::int as jobs from check_in c
       left join outbox o on o.job_id = 'check-in.' || c.encounter_id || '.' || c.sequence
       where c.encounter_id = $1 group by 1`,
      [visit.id],
    );
    expect(messages).toEqual([{ sequence: 1, jobs: 1 }]);
    const versions = answers.map((answer) => (answer.body as { version: number }).version);
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

test('eight primary diagnoses at the same moment leave one', async () => {
  const visit = await openVisit(server);
  const answers = await eight((n) =>
    server.call('POST', `${visit.path}/conditions`, {
      body: { conditions: [{ role: 'primary', code: n % 2 ? 'J00' : 'I10' }] },
    }),
  );
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201));
  const counted = await server.database.query(
    `select count(*)::int as written, count(*) filter (where removed_at is null)::int as kept
     from condition where encounter_id = $1`,
    [visit.id],
  );
  expect(counted).toEqual([{ written: 8, kept: 1 }]);
});

test('eight calls with two secondary diagnoses each stop at twelve', async () => {
  const visit = await openVisit(server);
  const answers = await eight(() =>
    server.call('POST', `${visit.path}/conditions`, {
      body: { conditions: ['I10', 'J00'].map((code) => ({ role: 'secondary', code })) },
    }),
  );
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(6);
  expect(answers.filter((answer) => answer.status === 422)).toHaveLength(2);
});
