import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApiClient } from '../../src/demo/client.ts';
import { localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { environmentOf, freshDatabase, type TestDatabase } from '../harness/database.ts';
import { type RunningHis, startHis } from '../harness/his.ts';
import { addPerson, browserAt, enrol, PASSWORD, phoneCode } from '../harness/people.ts';
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
  let place: TestServer;
  let close: () => void;

  beforeAll(async () => {
    database = await freshDatabase();
    await database.query(LEAK);
    const environment = {
      ...environmentOf(database),
      SECRETS_KEY: TEST_KEY.toString('base64'),
      GATEWAY_URL: 'http://127.0.0.1:1',
      SIGNING: 'off',
      LOG_LEVEL: 'debug',
      PORT: '0',
    };
    serve = startHis(['serve'], environment);
    work = startHis(['work'], environment);
    await serve.until('Serving at');
    await work.until('Workers are running');
    const url = /Serving at (\S+)/.exec(serve.said())![1]!;
    const api = createApiClient(url, 4);
    place = { url, api, database } as unknown as TestServer;
    close = () => api.close();
    server = {
      call: (method, path, { body, headers = {} } = {}) => {
        const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
        return api.call(method, path, tokenFor(HOSPITAL), body, { ...key, ...headers });
      },
    };
  });
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
  });

  test('sign-in right and wrong, typed into the wrong field, failing: none of what opens a door stands in the log', async () => {
    const secrets = new Map<string, string>();
    const secret = (what: string, value: string) => {
      expect([what, value]).toEqual([what, expect.stringMatching(/.{6}/)]);
      secrets.set(what, value);
      return value;
    };
    const post = (path: string, body: object, by = browserAt(place)) => by.call('POST', path, body);
    const signIn = (username: string, password: string) =>
      browserAt(place).signIn(username, secret(`password of ${username}`, password));
    const officer = secret('username', 'giam.dinh.nhat.ky');
    const { id } = await addPerson(place, officer, [{ role: 'insurance-officer', at: HOSPITAL }]);
    secret('right password', PASSWORD);

    expect((await signIn(officer, 'mật khẩu gõ sai 1')).status).toBe(401);
    expect((await signIn(secret('password as a name', 'matkhau-cua-toi'), 'mật khẩu gõ sai 2')).status).toBe(
      401,
    );
    expect((await signIn(secret('sentence as a name', 'mật khẩu của tôi'), 'mật khẩu gõ sai 3')).status).toBe(
      401,
    );
    expect(
      (await post('/api/v1/session', { username: officer, pasword: secret('wrong field', 'lộ trường') }))
        .status,
    ).toBe(422);

    const own = browserAt(place);
    expect((await own.signIn(officer)).status).toBe(201);
    secret('session before the second factor', own.token);
    const factor = await enrol(own, new Date());
    secret('secret of the phone', factor.secret);
    for (const [index, code] of factor.recoveryCodes.entries()) secret(`recovery code ${index}`, code);
    const again = browserAt(place);
    await again.signIn(officer);
    const codes = '/api/v1/session/second-factor';
    expect((await post(codes, { code: secret('wrong code', '271828') }, again)).status).toBe(401);
    expect(
      (await post(codes, { code: secret('wrong recovery code', 'aaaa-bbbb-cccc-dddd') }, again)).status,
    ).toBe(401);
    await post(codes, { code: secret('code of the phone', phoneCode(factor.secret, new Date())) }, again);
    expect((await post(codes, { code: factor.recoveryCodes[0]! }, again)).status).toBeLessThan(500);
    const next = secret('next password', 'con cò bay lả bay la nhé');
    expect((await post('/api/v1/session/password', { current: PASSWORD, next }, again)).status).toBe(200);
    secret('session token', again.token);
    secret('forgery token', again.csrfToken);
    for (const cookie of ['planted-token-planted-token-planted', again.token])
      await browserAt(place).call('GET', `/api/v1/session?token=${cookie}`, undefined, {
        Cookie: `lt_session=${secret(`cookie ${cookie.slice(0, 7)}`, cookie)}`,
      });
    await browserAt(place).call(
      'GET',
      `/auth/oidc/callback?code=${secret('code of a provider', 'provider-code-7f3a')}&state=${secret('state', 'state-9b2c')}`,
    );

    // A machine, and what an administrator hands out.
    const admin = await addSession(database, await addAccount(database, 'facility-admin', HOSPITAL));
    const reset = async (accountId: string) => {
      const key = { 'Idempotency-Key': newId() };
      const path = `/api/v1/accounts/${accountId}/reset`;
      return (await place.api.call('POST', path, admin, { reason: 'quên' }, key)).body as Record<
        string,
        string
      >;
    };
    const given = secret('one-time password', (await reset(id)).oneTimePassword!);
    expect((await signIn(officer, given)).status).toBe(201);
    const machine = await addAccount(database, 'machine', HOSPITAL, { username: 'may.nhat.ky' });
    const machineSecret = secret('secret of a machine', (await reset(machine.id)).secret!);
    const token = (await post('/api/v1/token', { username: machine.username, secret: machineSecret })).body
      .accessToken as string;
    secret('token of a machine', token);
    for (const bearer of [token, secret('wrong token', 'nobody-has-this-token-at-all')])
      await browserAt(place).call('GET', '/api/v1/patients', undefined, {
        Authorization: `Bearer ${bearer}`,
      });

    // The database fails, and quotes what it was given.
    await database.query(`create function quote() returns trigger language plpgsql as $$
      begin raise exception '% %', new::text, current_query() using detail = new::text; end $$`);
    await database.query(
      'create trigger quote before insert on session_token for each row execute function quote()',
    );
    expect((await browserAt(place).signIn(officer, next)).status).toBe(500);
    await database.query('drop trigger quote on session_token');
    await database.query(
      'create trigger quote before update on credential for each row execute function quote()',
    );
    const failed = await post(
      '/api/v1/session/password',
      { current: next, next: secret('password never set', 'con cá lội tung tăng') },
      again,
    );
    expect(failed.status).toBe(500);

    const last = newId();
    await browserAt(place).call('GET', '/api/v1/session', undefined, { 'X-Request-Id': last });
    await serve.until(last);
    const lines = serve.said().split('\n');
    for (const [path, status] of [
      ['/api/v1/session', 201],
      ['/api/v1/session', 401],
      ['/api/v1/session', 500],
      ['/api/v1/session/password', 500],
      [codes, 401],
      ['/api/v1/token', 200],
      ['/auth/oidc/callback', 404],
    ] as const)
      expect([
        path,
        status,
        lines.some((one) => one.includes(`"route":"${path}"`) && one.includes(`"status":${status}`)),
      ]).toEqual([path, status, true]);
    expect(secrets.size).toBeGreaterThan(25);
    const found = [...secrets]
      .filter(([, value]) => lines.some((one) => standsIn(one, value)))
      .map(([what]) => what);
    expect(found).toEqual([]);
  });
});

/** Whole, not as a part of another number: six digits may stand in a time or an id. Also as JSON or a URL writes it. */
function standsIn(line: string, value: string): boolean {
  if (/^\d+$/.test(value)) return new RegExp(`(?<![\\da-f.])${value}(?![\\da-f])`).test(line);
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)].some((one) =>
    line.includes(one),
  );
}

test('a secret is seen wherever it stands', () => {
  expect(standsIn('{"code":"271828"}', '271828')).toBe(true);
  expect(standsIn('{"time":1764272718281}', '271828')).toBe(false);
  expect(standsIn('{"url":"/x?p=m%E1%BA%ADt"}', 'mật')).toBe(true);
  expect(standsIn('{"body":{"password":"con cò"}}', 'con cò')).toBe(true);
});
