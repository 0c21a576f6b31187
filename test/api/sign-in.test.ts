import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sessionCookies } from '../../src/api/door.ts';
import { newOneTimePassword } from '../../src/identity/account.service.ts';
import { SYSTEM_USER } from '../../src/platform/database/index.ts';
import { sha256 } from '../../src/platform/ids.ts';
import { stillClock } from '../harness/clock.ts';
import { addDuty, addPerson, browserAt, enrol, PASSWORD, phoneCode } from '../harness/people.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';

const clock = stillClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    as: HOSPITAL,
    clock,
    settings: { UNRECOGNISED_CALLS_PER_MINUTE: 100_000 },
  });
});
afterAll(() => server.stop());

const SESSION = '/api/v1/session';
const browser = () => browserAt(server);
const nurse = (username: string) => addPerson(server, username, [{ role: 'nurse', at: HOSPITAL }]);

/** A browser in which this person has signed in. */
async function signedIn(username: string, password = PASSWORD) {
  const one = browser();
  const answer = await one.signIn(username, password);
  expect([answer.status, answer.problem]).toEqual([201, null]);
  return one;
}
const isIn = async (one: ReturnType<typeof browser>) => (await one.call('GET', SESSION)).status === 200;
/** May the session do the work of a nurse? */
const work = (one: ReturnType<typeof browser>) => one.call('GET', '/api/v1/patients?name=mau');

describe('a session', () => {
  test('opens with name and password, says who and where, and does the work of the duty', async () => {
    const { id } = await addPerson(server, 'dieuduong.a', [{ role: 'nurse', at: HOSPITAL }], {
      name: 'Hồ A',
    });
    const one = browser();
    const opened = await one.signIn(' DieuDuong.A ');
    expect(opened.body).toMatchObject({
      state: 'active',
      accountId: id,
      username: 'dieuduong.a',
      name: 'Hồ A',
      facility: { code: HOSPITAL },
      roles: ['nurse'],
      workplaces: [{ code: HOSPITAL, roles: ['nurse'] }],
    });
    expect(JSON.stringify(opened.body)).not.toContain(one.token);
    expect((await one.call('GET', SESSION)).body).toEqual(opened.body);
    expect((await work(one)).status).toBe(200);
    expect((await one.call('GET', '/api/v1/accounts')).problem).toBe('not-allowed');
  });

  test('lives in a cookie that scripts cannot read, other sites cannot send, and HTTPS alone carries', async () => {
    await nurse('cookie.a');
    const one = browser();
    const [cookie = ''] = (await one.signIn('cookie.a')).headers.getSetCookie();
    expect(cookie).toMatch(/^lt_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(sessionCookies(12, true)('x')['Set-Cookie']).toMatch(/; Secure$/);
    const [gone = ''] = (await one.call('POST', `${SESSION}/end`, {})).headers.getSetCookie();
    expect(gone).toMatch(/^lt_session=; .*Max-Age=0$/);
  });

  test('only hashes of what opens it are stored', async () => {
    await nurse('hash.a');
    const one = await signedIn('hash.a');
    const rows = await server.database.query<{ text: string }>(
      'select row_to_json(t)::text || row_to_json(s)::text as text from session_token t join session s on s.id = t.session_id',
    );
    expect(rows.some(({ text }) => text.includes(sha256(one.token)))).toBe(true);
    expect(rows.filter(({ text }) => text.includes(one.token))).toEqual([]);
  });

  test.each([
    ['a wrong password', 'refused.a', 'vườn cam sau nhà nội', {}],
    ['an empty one', 'refused.b', ' ', {}],
    ['a demo account where there are none', 'refused.c', PASSWORD, { isDemo: true }],
    ['a machine with a password', 'refused.d', PASSWORD, { kind: 'machine' as const }],
  ])('does not open for %s', async (_name, username, password, more) => {
    await addPerson(server, username, [{ role: 'nurse', at: HOSPITAL }], more);
    const off = await startedWithoutDemo();
    const answer = await browserAt(off).signIn(username, password);
    expect([answer.status, answer.problem, answer.headers.getSetCookie()]).toEqual([
      401,
      'sign-in-failed',
      [],
    ]);
  });

  test('of a demo account opens where they are switched on, without a second factor, and is out when they are not', async () => {
    await addPerson(server, 'demo.a', [{ role: 'facility-admin', at: HOSPITAL }], { isDemo: true });
    const one = await signedIn('demo.a');
    expect((await one.call('GET', SESSION)).body.state).toBe('active');
    const off = browserAt(await startedWithoutDemo());
    Object.assign(off, { token: one.token, csrfToken: one.csrfToken });
    expect((await off.call('GET', SESSION)).problem).toBe('not-signed-in');
  });
});

let withoutDemo: Promise<TestServer> | undefined;
/** A second server on the same database, as in production. */
function startedWithoutDemo(): Promise<TestServer> {
  withoutDemo ??= startTestServer({
    as: HOSPITAL,
    clock,
    on: server.database,
    settings: { DEMO_ACCOUNTS: 'off', UNRECOGNISED_CALLS_PER_MINUTE: 100_000 },
  });
  return withoutDemo;
}
afterAll(async () => (await withoutDemo)?.stop());

describe('duties', () => {
  test.each([
    ['before', 'the evening before', '2026-03-09T23:59:59+07:00', 403],
    ['first', 'the first morning', '2026-03-10T00:00:00+07:00', 201],
    ['last', 'the last evening', '2026-03-20T23:59:59+07:00', 201],
    ['after', 'the morning after', '2026-03-21T00:00:00+07:00', 403],
  ])('%s: %s', async (name, _words, moment, status) => {
    const username = `days.${name}`;
    await addPerson(server, username, [{ role: 'nurse', at: STATION, from: '2026-03-10', to: '2026-03-21' }]);
    const before = clock.now();
    clock.set(moment);
    const answer = await browser().signIn(username);
    clock.set(before);
    expect([answer.status, answer.problem]).toEqual([status, status === 201 ? null : 'no-duty']);
  });

  test('the work is done at one facility at a time, with the duties of that place', async () => {
    await addPerson(server, 'two.places', [
      { role: 'clinician', at: HOSPITAL },
      { role: 'cashier', at: HOSPITAL },
      { role: 'receptionist', at: STATION },
    ]);
    const one = browser();
    const first = await one.signIn('two.places', PASSWORD, HOSPITAL);
    expect(first.body).toMatchObject({ facility: { code: HOSPITAL }, roles: ['cashier', 'clinician'] });
    expect(first.body.workplaces).toHaveLength(2);
    const old = one.copy();
    const moved = await one.call('POST', `${SESSION}/facility`, { facilityCode: STATION });
    expect(moved.body).toMatchObject({
      state: 'active',
      facility: { code: STATION },
      roles: ['receptionist'],
    });
    expect((await one.call('GET', SESSION)).body.facility.code).toBe(STATION);
    expect(await isIn(old)).toBe(false);
    const nowhere = await one.call('POST', `${SESSION}/facility`, { facilityCode: '40001' });
    expect(nowhere.problem).toBe('no-duty');
    expect((await one.call('POST', `${SESSION}/facility`, { facilityCode: null })).problem).toBe('no-duty');
    clock.forward({ seconds: 61 });
    await one.call('GET', SESSION);
    expect((await browser().signIn('two.places')).body.facility.code).toBe(STATION); // where they worked last
    expect((await browser().signIn('two.places', PASSWORD, '40001')).problem).toBe('no-duty');
  });

  test('a duty that ended is out at once', async () => {
    const { id } = await nurse('ended.a');
    const one = await signedIn('ended.a');
    await server.database.query(
      `update account_duty set valid = daterange('2025-01-01', '2025-02-01') where account_id = $1`,
      [id],
    );
    expect((await work(one)).problem).toBe('not-allowed');
    expect((await one.call('GET', SESSION)).body).toMatchObject({ roles: [], workplaces: [] });
  });

  test('a duty that needs a second factor asks the open session for it', async () => {
    const { id } = await nurse('risen.a');
    const one = await signedIn('risen.a');
    await addDuty(server, id, { role: 'facility-admin', at: HOSPITAL });
    expect((await one.call('GET', '/api/v1/accounts')).problem).toBe('session-not-complete');
    expect((await one.call('GET', SESSION)).body.state).toBe('set-second-factor');
    await enrol(one, clock.now());
    expect((await one.call('GET', '/api/v1/accounts')).status).toBe(200);
  });
});

describe('the second factor', () => {
  const officer = (username: string) =>
    addPerson(server, username, [{ role: 'insurance-officer', at: HOSPITAL }]);

  test.each([
    ['insurance-officer', HOSPITAL],
    ['facility-admin', HOSPITAL],
    ['province-admin', null],
    ['auditor', null],
  ] as const)('%s sets it up before anything else', async (role, at) => {
    await addPerson(server, `strong.${role}`, [{ role, at }]);
    const one = await signedIn(`strong.${role}`);
    expect((await one.call('GET', SESSION)).body.state).toBe('set-second-factor');
    for (const path of ['/api/v1/accounts', '/api/v1/claims', '/api/v1/audit/events'])
      expect((await one.call('GET', path)).status).not.toBe(200);
    expect((await one.call('GET', '/api/v1/accounts')).problem).toBe('session-not-complete');
    expect((await one.call('POST', `${SESSION}/facility`, { facilityCode: at })).problem).toBe(
      'session-not-complete',
    );
    await enrol(one, clock.now());
    expect((await one.call('GET', SESSION)).body.state).toBe('active');
  });

  test('a right code opens, once; the next sign-in needs the next code', async () => {
    await officer('code.a');
    const first = await signedIn('code.a');
    const early = first.copy();
    const { secret } = await enrol(first, clock.now());
    expect(await isIn(early)).toBe(false); // the token from before the second factor is worth nothing
    const one = await signedIn('code.a');
    expect((await one.call('GET', SESSION)).body.state).toBe('second-factor');
    expect((await one.call('GET', '/api/v1/claims')).problem).toBe('session-not-complete');
    const pass = (code: string) => one.call('POST', `${SESSION}/second-factor`, { code });
    expect((await pass(phoneCode(secret, clock.now()))).problem).toBe('sign-in-failed'); // taken at the set-up
    clock.forward({ seconds: 30 });
    const code = phoneCode(secret, clock.now());
    expect((await pass(code)).body).toMatchObject({ state: 'active', roles: ['insurance-officer'] });
    expect((await one.call('GET', '/api/v1/claims')).status).toBe(200);
    expect((await pass(code)).problem).toBe('session-not-complete');
    const other = await signedIn('code.a');
    expect((await other.call('POST', `${SESSION}/second-factor`, { code })).problem).toBe('sign-in-failed');
  });

  test('two browsers with one code at the same moment: one of them is in', async () => {
    await officer('code.race');
    const { secret } = await enrol(await signedIn('code.race'), clock.now());
    clock.forward({ seconds: 60 });
    const code = phoneCode(secret, clock.now());
    const two = await Promise.all([signedIn('code.race'), signedIn('code.race')]);
    const answers = await Promise.all(
      two.map((one) => one.call('POST', `${SESSION}/second-factor`, { code })),
    );
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 401]));
  });

  test('each recovery code opens once; new ones put an end to the old ones', async () => {
    await officer('recovery.a');
    const first = await signedIn('recovery.a');
    const { recoveryCodes } = await enrol(first, clock.now());
    expect(recoveryCodes).toHaveLength(10);
    const pass = async (code: string) => {
      const one = await signedIn('recovery.a');
      return (await one.call('POST', `${SESSION}/second-factor`, { code })).status;
    };
    expect(await pass(recoveryCodes[0]!.toUpperCase().replaceAll('-', ' '))).toBe(200);
    expect(await pass(recoveryCodes[0]!)).toBe(401);
    expect(await pass(recoveryCodes[9]!)).toBe(200);
    const renewed = await first.call('POST', `${SESSION}/recovery-codes`, {});
    expect(await pass(recoveryCodes[1]!)).toBe(401);
    expect(await pass(renewed.body.recoveryCodes[1])).toBe(200);
    const rows = await server.database.query<{ text: string }>(
      'select row_to_json(r)::text as text from recovery_code r',
    );
    for (const { text } of rows) for (const code of recoveryCodes) expect(text).not.toContain(code);
  });

  test('it can be replaced with the password only, and then every other session ends', async () => {
    await officer('replace.a');
    const one = await signedIn('replace.a');
    const { secret } = await enrol(one, clock.now());
    const other = await signedIn('replace.a');
    clock.forward({ seconds: 30 });
    await other.call('POST', `${SESSION}/second-factor`, { code: phoneCode(secret, clock.now()) });
    const begin = (body: object) => one.call('POST', `${SESSION}/second-factor/enrolment`, body);
    expect((await begin({})).problem).toBe('sign-in-failed');
    expect((await begin({ current: 'vườn cam sau nhà nội' })).problem).toBe('sign-in-failed');
    const begun = await begin({ current: PASSWORD });
    expect(await isIn(other)).toBe(true);
    const confirm = (code: string) => one.call('POST', `${SESSION}/second-factor/confirmation`, { code });
    expect((await confirm('000000')).status).toBe(401);
    expect((await confirm(phoneCode(begun.body.secret, clock.now()))).status).toBe(200);
    expect(await isIn(other)).toBe(false);
    expect((await confirm(phoneCode(begun.body.secret, clock.now()))).problem).toBe('not-found');
  });

  test('half a set-up does not step over the one in use', async () => {
    await officer('half.a');
    const one = await signedIn('half.a');
    await enrol(one, clock.now());
    const begun = await one.call('POST', `${SESSION}/second-factor/enrolment`, { current: PASSWORD });
    const thief = await signedIn('half.a'); // knows the password and saw the new secret, has no code of the phone
    const code = phoneCode(begun.body.secret, clock.now());
    for (const [path, body] of [
      ['confirmation', { code }],
      ['enrolment', { current: PASSWORD }],
    ] as const)
      expect((await thief.call('POST', `${SESSION}/second-factor/${path}`, body)).problem).toBe(
        'session-not-complete',
      );
    expect((await thief.call('POST', `${SESSION}/recovery-codes`, {})).problem).toBe('session-not-complete');
    expect(
      (await thief.call('POST', `${SESSION}/password`, { next: 'ruộng ngô bên sông Lam' })).problem,
    ).toBe('session-not-complete');
  });

  test('a facility decides: everyone, nobody, or the usual duties', async () => {
    await addPerson(server, 'rule.nurse', [{ role: 'nurse', at: STATION }]);
    await addPerson(server, 'rule.officer', [{ role: 'insurance-officer', at: STATION }]);
    await addPerson(server, 'rule.admin', [{ role: 'facility-admin', at: STATION }], { isDemo: true });
    const admin = await signedIn('rule.admin');
    const states = async () => {
      const [a, b] = [await browser().signIn('rule.nurse'), await browser().signIn('rule.officer')];
      return [a.body.state, b.body.state];
    };
    const decide = (rule: string, facilityCode?: string) =>
      admin.call('POST', '/api/v1/settings/second-factor', {
        rule,
        reason: 'Thử',
        ...(facilityCode ? { facilityCode } : {}),
      });
    expect(await states()).toEqual(['active', 'set-second-factor']);
    const open = await signedIn('rule.nurse');
    expect((await decide('everyone')).body).toEqual({ rule: 'everyone' });
    expect(await states()).toEqual(['set-second-factor', 'set-second-factor']);
    expect((await work(open)).problem).toBe('session-not-complete');
    await decide('nobody');
    expect(await states()).toEqual(['active', 'active']);
    await decide('usual');
    expect(await states()).toEqual(['active', 'set-second-factor']);
    expect((await decide('nobody', HOSPITAL)).problem).toBe('not-found');
  });
});

describe('passwords', () => {
  const NEXT = 'ruộng ngô bên sông Lam';
  const oneTime = async (accountId: string, hours = 72) => {
    const password = newOneTimePassword();
    await server.database.query(
      'insert into one_time_password (account_id, code_sha256, expires_at, created_by) values ($1, $2, $3, $4)',
      [accountId, sha256(password), new Date(clock.now().getTime() + hours * 3_600_000), SYSTEM_USER],
    );
    return password;
  };

  test('a one-time password opens only as far as a password of one’s own', async () => {
    const { id } = await nurse('onetime.a');
    const given = await oneTime(id);
    const one = await signedIn('onetime.a', ` ${given} `);
    expect((await one.call('GET', SESSION)).body.state).toBe('set-password');
    expect((await work(one)).problem).toBe('session-not-complete');
    const set = (next: string) => one.call('POST', `${SESSION}/password`, { next });
    const weak = await set('matkhau2026!!');
    expect([weak.status, weak.problem]).toEqual([422, 'password-too-weak']);
    expect(weak.body.places).toEqual([{ pointer: '/next', message: expect.any(String) }]);
    expect((await set('Zq7!kP2x#vL')).body.places).toEqual([
      { pointer: '/next', message: expect.stringContaining('12') },
    ]);
    expect((await set(given)).problem).toBe('password-too-weak'); // its giver knows it
    expect((await set(NEXT)).body.state).toBe('active');
    expect((await work(one)).status).toBe(200);
    expect((await browser().signIn('onetime.a', given)).problem).toBe('sign-in-failed');
    expect((await browser().signIn('onetime.a')).problem).toBe('sign-in-failed');
    await signedIn('onetime.a', NEXT.normalize('NFD'));
  });

  test('a one-time password ends by itself', async () => {
    const { id } = await nurse('onetime.b');
    const given = await oneTime(id, 1);
    clock.forward({ minutes: 59, seconds: 59 });
    await signedIn('onetime.b', given);
    clock.forward({ seconds: 1 });
    expect((await browser().signIn('onetime.b', given)).problem).toBe('sign-in-failed');
  });

  test('whoever still must set a second factor does so after the password', async () => {
    const { id } = await addPerson(server, 'onetime.c', [{ role: 'auditor', at: null }]);
    const one = await signedIn('onetime.c', await oneTime(id));
    const half = await one.call('POST', `${SESSION}/second-factor/enrolment`, {});
    expect(half.problem).toBe('session-not-complete');
    expect((await one.call('POST', `${SESSION}/password`, { next: NEXT })).body.state).toBe(
      'set-second-factor',
    );
  });

  test('a change needs the old one, ends every other session, and gives this one a new token', async () => {
    await nurse('change.a');
    const [one, other] = [await signedIn('change.a'), await signedIn('change.a')];
    const before = one.copy();
    const change = (current?: string) =>
      one.call('POST', `${SESSION}/password`, { next: NEXT, ...(current ? { current } : {}) });
    expect((await change()).problem).toBe('sign-in-failed');
    expect((await change('vườn cam sau nhà nội')).problem).toBe('sign-in-failed');
    expect(await isIn(other)).toBe(true);
    expect((await change(PASSWORD)).status).toBe(200);
    expect([await isIn(one), await isIn(before), await isIn(other)]).toEqual([true, false, false]);
  });

  test('whoever finds an open session cannot try out its password at will', async () => {
    await nurse('change.b');
    const one = await signedIn('change.b');
    const tries = [];
    for (let n = 0; n < 6; n += 1)
      tries.push(await one.call('POST', `${SESSION}/password`, { next: NEXT, current: `đoán thử lần ${n}` }));
    expect(tries.map(({ problem }) => problem)).toEqual([
      ...Array<string>(5).fill('sign-in-failed'),
      'sign-in-slowed',
    ]);
    expect(tries[5]!.headers.get('retry-after')).toBe('2');
    clock.forward({ seconds: 2 });
    expect((await one.call('POST', `${SESSION}/password`, { next: NEXT, current: PASSWORD })).status).toBe(
      200,
    );
  });
});

describe('the end of a session', () => {
  test('sign-out ends this one, sign-out everywhere all of them', async () => {
    await nurse('out.a');
    const [a, b, c] = [await signedIn('out.a'), await signedIn('out.a'), await signedIn('out.a')];
    const copies = [a.copy(), b.copy(), c.copy()];
    const ended = await a.call('POST', `${SESSION}/end`, {});
    expect(ended.body).toEqual({ ended: 1 });
    expect(ended.headers.get('clear-site-data')).toContain('storage');
    expect(await Promise.all(copies.map(isIn))).toEqual([false, true, true]);
    expect((await b.call('POST', `${SESSION}/end-all`, {})).body).toEqual({ ended: 2 });
    expect(await Promise.all(copies.map(isIn))).toEqual([false, false, false]);
  });

  test('one that nobody used for half an hour', async () => {
    await nurse('idle.a');
    const one = await signedIn('idle.a');
    clock.forward({ minutes: 29, seconds: 59 });
    expect(await isIn(one)).toBe(true); // and that was a use
    clock.forward({ minutes: 29, seconds: 59 });
    expect(await isIn(one)).toBe(true);
    clock.forward({ minutes: 30 });
    expect(await isIn(one)).toBe(false);
  });

  test('after twelve hours, however busy it was', async () => {
    await nurse('absolute.a');
    const one = await signedIn('absolute.a');
    for (let n = 0; n < 47; n += 1) {
      clock.forward({ minutes: 15 });
      if (!(await isIn(one))) throw new Error(`out after ${n} quarters of an hour`);
    }
    clock.forward({ minutes: 14, seconds: 59 });
    expect(await isIn(one)).toBe(true);
    clock.forward({ seconds: 1 });
    expect(await isIn(one)).toBe(false);
  });

  test('a locked account is out at once, and unlocking it does not bring the session back', async () => {
    const { id } = await nurse('locked.a');
    const one = await signedIn('locked.a');
    const state = (to: string) =>
      server.database.query('update account set state = $2 where id = $1', [id, to]);
    await state('locked');
    expect((await work(one)).problem).toBe('not-signed-in');
    expect((await browser().signIn('locked.a')).problem).toBe('sign-in-failed');
    await state('active');
    expect((await work(one)).problem).toBe('not-signed-in');
    await signedIn('locked.a');
  });
});

describe('the token changes while it is used', () => {
  test('every quarter of an hour; the old one is taken for a minute more', async () => {
    await nurse('rotate.a');
    const one = await signedIn('rotate.a');
    const old = one.copy();
    clock.forward({ minutes: 15 });
    await one.call('GET', SESSION);
    expect(one.token).toBe(old.token);
    clock.forward({ seconds: 1 });
    await one.call('GET', SESSION);
    expect(one.token).not.toBe(old.token);
    clock.forward({ seconds: 60 });
    const late = await old.call('GET', SESSION); // a request that was long under way
    expect([late.status, late.headers.getSetCookie()]).toEqual([200, []]);
    expect(await isIn(one)).toBe(true);
  });

  test('an old one after that minute is a copy: the session ends for both, and the trail says so', async () => {
    await nurse('stolen.a');
    const one = await signedIn('stolen.a');
    const thief = one.copy();
    clock.forward({ minutes: 15, seconds: 1 });
    await one.call('GET', SESSION);
    clock.forward({ seconds: 61 });
    expect((await thief.call('GET', SESSION)).problem).toBe('not-signed-in');
    expect((await one.call('GET', SESSION)).problem).toBe('not-signed-in');
    expect(
      await server.database.query(
        `select 1 from audit_event e join account a on a.id = e.actor
         where e.action = 'session.tokenReused' and a.username = 'stolen.a'`,
      ),
    ).toHaveLength(1);
  });

  test('of several requests at that moment one brings the new token, and it is the living one', async () => {
    await nurse('rotate.b');
    const one = await signedIn('rotate.b');
    clock.forward({ minutes: 15, seconds: 1 });
    const copies = Array.from({ length: 8 }, () => one.copy());
    await Promise.all(copies.map((copy) => copy.call('GET', SESSION)));
    const tokens = new Set(copies.map((copy) => copy.token));
    tokens.delete(one.token);
    expect(tokens.size).toBe(1);
    one.token = [...tokens][0]!;
    clock.forward({ minutes: 2 });
    expect(await isIn(one)).toBe(true);
  });

  test('a refusal brings the new token, too', async () => {
    await nurse('rotate.c');
    const one = await signedIn('rotate.c');
    const old = one.token;
    clock.forward({ minutes: 15, seconds: 1 });
    expect((await one.call('GET', '/api/v1/accounts')).status).toBe(403);
    expect(one.token).not.toBe(old);
    clock.forward({ minutes: 2 });
    expect(await isIn(one)).toBe(true);
  });
});
