import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApiClient } from '../../src/demo/client.ts';
import { localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { type RunningHis, startHis } from '../harness/his.ts';
import { TEST_KEY, tokenFor } from '../harness/province.ts';
import type { TestServer } from '../harness/server.ts';
import { dischargedVisit, HOSPITAL, line } from '../harness/visit.ts';

const MARK = /HOSTILE/;
/** Everything about the person in one error, also dressed up as a line of a stack. */
const LEAK = `create function leak() returns trigger language plpgsql security definer as $$
  declare said text;
  begin
    select concat_ws(' ', p.name, c.card_number, e.reason, e.final_diagnosis) into said
      from encounter e join patient p on p.id = e.patient_id join coverage c on c.patient_id = p.id
      where e.id = new.encounter_id;
    raise exception '%', said || E'\\n    at ' || said || E'\\n    at HOSTILE (file:///HOSTILE.ts:1:1)'
      using detail = said, hint = said;
  end $$`;

describe('a log tells what failed and where, never about whom', () => {
  let database: TestDatabase;
  let serve: RunningHis;
  let work: RunningHis;
  let server: Pick<TestServer, 'call'>;
  let close: () => void;

  beforeAll(async () => {
    database = await freshDatabase();
    await database.query(LEAK);
    const environment = {
      DATABASE_URL: database.urls.his_app,
      MIGRATION_DATABASE_URL: database.urls.his_owner,
      EXPORT_DATABASE_URL: database.urls.his_export,
      IDENTITY_DATABASE_URL: database.urls.his_identity,
      SECRETS_KEY: TEST_KEY.toString('base64'),
      GATEWAY_URL: 'http://127.0.0.1:1',
      LOG_LEVEL: 'debug',
      PORT: '0',
    };
    serve = startHis(['serve'], environment);
    work = startHis(['work'], environment);
    await serve.until('Serving at');
    await work.until('Workers are running');
    const api = createApiClient(/Serving at (\S+)/.exec(serve.said())![1]!, 4);
    close = () => api.close();
    server = {
      call: (method, path, { body, headers = {} } = {}) => {
        const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
        return api.call(method, path, tokenFor(HOSPITAL), body, { ...key, ...headers });
      },
    };
  }, 60_000);
  afterAll(async () => {
    close();
    for (const one of [serve, work]) {
      one.child.kill('SIGTERM');
      await one.ended;
    }
    await database.drop();
  });

  test('the API and a worker fail on a visit; nothing of it stands in their logs, the answer or the queue', async () => {
    const visit = await dischargedVisit(server as TestServer, [line()], {
      person: { name: 'HOSTILE Nguyễn at x (file:///a.ts:1:1)', address: 'HOSTILE' },
      card: { cardNumber: 'DN4HOSTILECARD1' },
      arrival: { reason: 'HOSTILE reason', provisionalDiagnosis: 'HOSTILE diagnosis' },
    });
    await database.query(
      'create trigger leak before insert on settlement for each row execute function leak()',
    );
    const settle = () =>
      server.call('POST', `${visit.path}/settlement`, { body: {}, headers: { 'If-Match': visit.etag } });
    const refused = await settle();
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([500, expect.not.stringMatching(MARK)]);
    await database.query('drop trigger leak on settlement');
    expect((await settle()).status).toBe(201);

    await database.query(
      'create trigger leak before insert on claim_version for each row execute function leak()',
    );
    const run = await server.call('POST', '/api/v1/export-runs', { body: { day: localDate(new Date()) } });
    expect(run.status).toBe(202);
    await work.until('job export-batch/batch.');

    for (const one of [serve, work]) {
      expect(one.said()).toContain('"code":"P0001"');
      expect(one.said()).toMatch(/"stack":\[" {4}at .+:\d+:\d+/);
      expect(
        one
          .said()
          .split('\n')
          .filter((text) => MARK.test(text)),
      ).toEqual([]);
    }
    const jobs = await database.query<{ job: string }>('select job::text from bullmq.job');
    expect(jobs.filter(({ job }) => job.includes('batch.')).length).toBeGreaterThan(0);
    expect(jobs.filter(({ job }) => MARK.test(job))).toEqual([]);
  }, 60_000);
});
