import { createConnection } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { verify as Verify } from '@node-rs/argon2';
import { stillClock } from '../harness/clock.ts';
import type { Answer, Browser } from '../harness/people.ts';
import type { TestServer } from '../harness/server.ts';

/** The real library, with a count of its calls. */
const argon2 = await import('@node-rs/argon2');
const verify = jest.fn<typeof Verify>(argon2.verify);
jest.unstable_mockModule('@node-rs/argon2', () => ({ ...argon2, verify }));
const { addPerson, browserAt, enrol, PASSWORD, phoneCode } = await import('../harness/people.ts');
const { startTestServer } = await import('../harness/server.ts');
const { tokenFor } = await import('../harness/province.ts');
const { HOSPITAL, person } = await import('../harness/visit.ts');
const { DOOR_ROUTES, ROUTES } = await import('../../src/runtime/api.ts');

const clock = stillClock();
const settings = { UNRECOGNISED_CALLS_PER_MINUTE: 100_000, TRUSTED_PROXIES: 1 };
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL, clock, settings });
});
afterAll(() => server.stop());

const SESSION = '/api/v1/session';
const WARD = '10.20.30.40';
const WRONG = 'vườn cam sau nhà nội';
const nurse = (username: string) => addPerson(server, username, [{ role: 'nurse', at: HOSPITAL }]);
const at = (address?: string) => browserAt(server, address);
let hosts = 0;
/** An address that nobody used before. */
const somewhere = () => {
  hosts += 1;
  return `172.16.${hosts >> 8}.${hosts & 255}`;
};
async function signedIn(username: string, address = somewhere()): Promise<Browser> {
  const one = at(address);
  expect((await one.signIn(username)).status).toBe(201);
  return one;
}
const rowsOf = async (table: string) =>
  Number((await server.database.query<{ n: string }>(`select count(*) as n from ${table}`))[0]!.n);

describe('session fixation', () => {
  test('a cookie that somebody else put into the browser is not taken over by the sign-in', async () => {
    await nurse('fix.a');
    const planted = 'A'.repeat(43);
    const victim = Object.assign(at(), { token: planted });
    await victim.signIn('fix.a');
    expect(victim.token).not.toBe(planted);
    expect((await Object.assign(at(), { token: planted }).call('GET', SESSION)).problem).toBe(
      'not-signed-in',
    );
  });

  test('nor is the session of the one who planted it', async () => {
    await nurse('fix.thief');
    await nurse('fix.victim');
    const thief = await signedIn('fix.thief');
    const victim = thief.copy();
    await victim.signIn('fix.victim');
    expect((await victim.call('GET', SESSION)).body.username).toBe('fix.victim');
    expect((await thief.call('GET', SESSION)).body.username).toBe('fix.thief');
  });

  test('a token from before the second factor does not become one from after it', async () => {
    await addPerson(server, 'fix.b', [{ role: 'auditor', at: null }]);
    const one = await signedIn('fix.b');
    const early = one.copy();
    await enrol(one, clock.now());
    expect((await early.call('GET', SESSION)).problem).toBe('not-signed-in');
  });

  test('a session is taken from the cookie alone, never from the address or the body', async () => {
    await nurse('fix.c');
    const { token } = await signedIn('fix.c');
    for (const path of [
      `${SESSION}?lt_session=${token}`,
      `${SESSION};lt_session=${token}`,
      `${SESSION}?token=${token}`,
    ])
      expect((await at().call('GET', path)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('token replay after sign-out', () => {
  test.each(['end', 'end-all'])('%s', async (how) => {
    await nurse(`replay.${how}`);
    const one = await signedIn(`replay.${how}`);
    const kept = one.copy();
    await one.call('POST', `${SESSION}/${how}`, {});
    for (const [method, path] of [
      ['GET', SESSION],
      ['POST', `${SESSION}/facility`],
      ['GET', '/api/v1/patients?name=mau'],
    ] as const)
      expect((await kept.call(method, path, method === 'POST' ? {} : undefined)).problem).toBe(
        'not-signed-in',
      );
  });
});

describe('a change that another site sends (CSRF)', () => {
  let one: Browser;
  let other: Browser;
  beforeAll(async () => {
    await nurse('csrf.a');
    await nurse('csrf.b');
    one = await signedIn('csrf.a');
    other = await signedIn('csrf.b');
  });
  const register = (headers: Record<string, string>, by = one) =>
    by.call('POST', '/api/v1/patients', person(), headers);

  test.each([
    ['without the token', () => ({ 'X-CSRF-Token': '' })],
    ['with the token of another session', () => ({ 'X-CSRF-Token': other.csrfToken })],
    ['with a part of it', () => ({ 'X-CSRF-Token': one.csrfToken.slice(0, -1) })],
    ['with the cookie as the token', () => ({ 'X-CSRF-Token': one.token })],
    ['from another site, whatever the token', () => ({ 'Sec-Fetch-Site': 'cross-site' })],
    ['from a neighbour of ours', () => ({ 'Sec-Fetch-Site': 'same-site' })],
  ])('%s', async (_name, headers) => {
    const before = await rowsOf('patient');
    const answer = await register(headers());
    expect([answer.status, answer.problem]).toEqual([403, 'csrf-refused']);
    expect(await rowsOf('patient')).toBe(before);
  });

  test.each(['same-origin', 'none'])('our own pages (%s) may', async (site) => {
    expect((await register({ 'Sec-Fetch-Site': site })).status).toBe(201);
  });

  test('sign-out, facility, password and the second factor are changes, too', async () => {
    const posts = DOOR_ROUTES.filter((route) => route.method === 'POST' && route.permission !== 'anybody');
    expect(posts.length).toBeGreaterThan(6);
    for (const { path } of posts)
      expect([path, (await one.call('POST', path, {}, { 'X-CSRF-Token': other.csrfToken })).problem]).toEqual(
        [path, 'csrf-refused'],
      );
    expect((await one.call('GET', SESSION)).status).toBe(200);
  });

  test('nothing is changed by following a link: every GET only reads', () => {
    for (const route of [...ROUTES, ...DOOR_ROUTES])
      expect([route.operationId, route.changes === 'reads']).toEqual([
        route.operationId,
        route.method === 'GET',
      ]);
  });

  test('a form of another site cannot sign anybody in: it cannot say that it is JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect(
        (
          await at().call(
            'POST',
            SESSION,
            { username: 'csrf.a', password: PASSWORD },
            { 'Content-Type': type },
          )
        ).problem,
      ).toBe('unsupported-media-type');
  });

  test('a machine’s token is sent on purpose: it needs no forgery token', async () => {
    const answer = await register(
      { Authorization: `Bearer ${tokenFor(HOSPITAL)}`, 'Sec-Fetch-Site': 'cross-site' },
      at(),
    );
    expect(answer.status).toBe(201);
  });

  test('a broken token beside a good cookie is no way around it', async () => {
    for (const authorization of ['Bearer x', 'Basic YTpi', `Bearer ${one.token}`, 'Bearer'])
      expect((await register({ Authorization: authorization })).problem).toBe('not-signed-in');
  });
});

describe('injection', () => {
  const HOSTILE = [
    `'; drop table account; --`,
    `' or '1'='1`,
    `\\'; select pg_sleep(10); --`,
    `$1 $2 $$ $_$ :name ?`,
    `"; delete from audit_event; --`,
    `%00' union select password_hash from credential --`,
    `\${7*7} {{7*7}} <%= 7*7 %> <script>alert(1)</script>`,
    `admin'/*`,
    `E'\\x27'`,
  ];
  let one: Browser;
  beforeAll(async () => {
    await nurse('inject.a');
    one = await signedIn('inject.a');
  });

  test.each(HOSTILE)('as a name or password: %s', async (text) => {
    const accounts = await rowsOf('account');
    for (const [username, password] of [
      [text, PASSWORD],
      ['inject.a', text],
      [text, text],
    ] as const)
      expect((await at(somewhere()).signIn(username.slice(0, 64), password)).problem).toBe('sign-in-failed');
    expect((await at().call('POST', '/api/v1/token', { username: text, secret: text })).status).toBe(422);
    expect(await rowsOf('account')).toBe(accounts);
  });

  test.each(HOSTILE)('in a query, a path, a cursor: %s', async (text) => {
    const q = encodeURIComponent(text);
    for (const path of [
      `/api/v1/patients?name=${q}`,
      `/api/v1/patients?nationalId=${q}`,
      `/api/v1/patients/${q}`,
      `/api/v1/encounters?day=${q}`,
      `/api/v1/encounters/${q}`,
      `/api/v1/patients?${q}=1`,
      `/auth/oidc/callback?state=${q}&code=${q}`,
    ]) {
      const answer = await one.call('GET', path);
      expect([path, answer.status < 500]).toEqual([path, true]);
      if (answer.status === 200) expect(answer.body.items).toEqual([]);
    }
  });

  test.each(HOSTILE)(
    'in what is stored as text, also in the audit trail and with the answer of a key: %s',
    async (text) => {
      const made = await one.call('POST', '/api/v1/patients', person({ address: text }));
      expect(made.status).toBe(201);
      expect((await one.call('GET', `/api/v1/patients/${made.body.id}`)).body.address).toBe(
        text.normalize('NFC'),
      );
      await addPersonOnce();
      const reason = text;
      const set = await admin!.call('POST', '/api/v1/settings/second-factor', { rule: 'usual', reason });
      expect(set.status).toBe(200);
      const [event] = await server.database.query<{ detail: object }>(
        `select detail from audit_event where action = 'setting.secondFactor' order by id desc limit 1`,
      );
      expect(event!.detail).toMatchObject({ reason: text });
    },
  );
  let admin: Browser | undefined;
  async function addPersonOnce() {
    if (admin) return;
    await addPerson(server, 'inject.admin', [{ role: 'facility-admin', at: HOSPITAL }], { isDemo: true });
    admin = await signedIn('inject.admin');
  }

  const HEADERS = [
    'X-Request-Id',
    'X-Purpose',
    'Idempotency-Key',
    'If-Match',
    'Accept-Language',
    'User-Agent',
  ];
  const HOSTILE_ASCII = HOSTILE.filter((text) => /^[ -~]*$/.test(text));
  test.each(HEADERS)('in %s', async (name) => {
    for (const text of [...HOSTILE_ASCII, 'a'.repeat(5_000), 'abcdefgh%0d%0aSet-Cookie:%20lt_session=x']) {
      for (const answer of [
        await one.call('POST', '/api/v1/patients', person(), { [name]: text }),
        await one.call('GET', '/api/v1/patients?name=khongco', undefined, { [name]: text }),
      ]) {
        expect([text, answer.status < 500]).toEqual([text, true]);
        expect(answer.headers.getSetCookie()).toEqual([]);
        for (const [header, value] of answer.headers)
          expect([header, value.includes(text)]).toEqual([header, false]);
      }
    }
    expect(await rowsOf('account')).toBeGreaterThan(0);
    expect((await one.call('GET', SESSION)).status).toBe(200);
  });

  test.each(['X-Forwarded-For', 'Cookie', 'X-CSRF-Token', 'Authorization', 'X-HTTP-Method-Override'])(
    'in %s',
    async (name) => {
      for (const text of HOSTILE_ASCII)
        expect((await at().call('GET', SESSION, undefined, { [name]: text })).status).toBe(401);
    },
  );

  const raw = (text: string) =>
    new Promise<string>((done, failed) => {
      const { hostname, port } = new URL(server.url);
      const socket = createConnection(Number(port), hostname, () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
      });
      socket.on('error', failed);
      socket.on('close', () => done(answer));
    });

  test.each([
    ['a bare CR', 'X-Request-Id: abcdefgh\rSet-Cookie: lt_session=x'],
    ['a NUL', 'X-Request-Id: abc\0defgh'],
    ['a folded line', 'X-Request-Id: abcdefgh\r\n Set-Cookie: lt_session=x'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['a name with a space', 'X-Request-Id : abcdefgh'],
  ])('on the wire: %s', async (_name, header) => {
    const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toMatch(/set-cookie/i);
  });

  test('a caller’s own request id comes back only when it is one', async () => {
    const good = 'lab-2026.0001_x';
    expect(
      (await one.call('GET', SESSION, undefined, { 'X-Request-Id': good })).headers.get('x-request-id'),
    ).toBe(good);
    const bad = await one.call('GET', SESSION, undefined, { 'X-Request-Id': '<script>' });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('path traversal in downloads', () => {
  const UP = [
    '..%2f..%2f..%2fetc%2fpasswd',
    '..%5c..%5cwindows',
    '%2e%2e/%2e%2e/package.json',
    '....//....//x',
    '%00',
    '%c0%ae%c0%ae',
  ];
  test.each(UP)('%s leads nowhere', async (up) => {
    for (const path of [
      `/api/v1/claims/${up}/xml`,
      `/api/v1/claims/${up}`,
      `/api/v1/export-runs/${up}/files`,
      `/problems/${up}`,
      `/docs/${up}`,
      `/${up}`,
    ]) {
      const answer = await server.call('GET', path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(JSON.stringify(answer.body)).not.toMatch(/root:|dependencies|etc|passwd/);
    }
  });

  test('the name of a file is made of five digits and an id, whatever a reference file says', async () => {
    const code = '../40';
    await expect(
      server.database.query(
        `insert into facility (id, code, name, address, ward_code) select gen_random_uuid(), $1, name, address, ward_code from facility limit 1`,
        [code],
      ),
    ).rejects.toThrow(/facility_code_check/);
  });
});

describe('password spray', () => {
  test('many names from one address are slowed, known or not; who works there still gets in', async () => {
    await nurse('ward.old');
    await nurse('ward.new');
    await signedIn('ward.old', WARD);
    const answers: Answer[] = [];
    for (let n = 0; n < 31; n += 1) answers.push(await at(WARD).signIn(`spray.${n}`, WRONG));
    expect(answers.map(({ problem }) => problem)).toEqual([
      ...Array<string>(30).fill('sign-in-failed'),
      'sign-in-slowed',
    ]);
    const slowed = answers[30]!;
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await at(WARD).signIn('ward.new')).problem).toBe('sign-in-slowed');
    expect((await at(WARD).signIn('ward.old')).status).toBe(201);
    expect((await at(somewhere()).signIn('ward.new')).status).toBe(201); // it is the address, not the person
    clock.forward({ seconds: 2 });
    expect((await at(WARD).signIn('ward.new')).status).toBe(201);
  });

  test('a ward that mistypes behind one address shuts nobody out, not even a newcomer', async () => {
    const ward = somewhere();
    for (let n = 0; n < 12; n += 1) {
      await nurse(`busy.${n}`);
      await signedIn(`busy.${n}`, ward);
    }
    const answers = await Promise.all(
      Array.from({ length: 12 * 4 }, (_, n) => at(ward).signIn(`busy.${n % 12}`, WRONG)),
    );
    expect(new Set(answers.map(({ problem }) => problem))).toEqual(new Set(['sign-in-failed']));
    for (let n = 0; n < 12; n += 1) await signedIn(`busy.${n}`, ward);
    await nurse('busy.new');
    await signedIn('busy.new', ward);
  });

  test('a hundred guesses at the same moment are not free: five are judged, the rest must wait', async () => {
    await nurse('guess.a');
    const address = somewhere();
    verify.mockClear();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => at(address).signIn('guess.a', `đoán thử ${n}`)),
    );
    expect(answers.filter(({ problem }) => problem === 'sign-in-failed')).toHaveLength(5);
    expect(answers.filter(({ problem }) => problem === 'sign-in-slowed')).toHaveLength(95);
    expect(verify).toHaveBeenCalledTimes(5);
    expect((await at(address).signIn('guess.a')).problem).toBe('sign-in-slowed'); // the right one waits as well
    clock.forward({ seconds: 2 });
    await signedIn('guess.a', address);
  });

  test('one account from many addresses is slowed everywhere but where its person works', async () => {
    await nurse('guess.b');
    const home = somewhere();
    await signedIn('guess.b', home);
    for (let n = 0; n < 20; n += 1)
      expect((await at(somewhere()).signIn('guess.b', WRONG)).problem).toBe('sign-in-failed');
    expect((await at(somewhere()).signIn('guess.b')).problem).toBe('sign-in-slowed');
    await signedIn('guess.b', home);
  });

  test('a machine with a whole IPv6 network is one address', async () => {
    const host = (n: number) => `2001:db8:7:7::${n.toString(16)}`;
    await nurse('guess.c');
    for (let n = 0; n < 5; n += 1) await at(host(n)).signIn('guess.c', WRONG);
    expect((await at(host(99)).signIn('guess.c', WRONG)).problem).toBe('sign-in-slowed');
  });

  test('an address that a caller only claims to have is not believed', async () => {
    const direct = await startTestServer({
      as: HOSPITAL,
      clock,
      on: server.database,
      settings: { ...settings, TRUSTED_PROXIES: 0 },
    });
    await nurse('guess.d');
    const tries: Answer[] = [];
    for (let n = 0; n < 6; n += 1) tries.push(await browserAt(direct, somewhere()).signIn('guess.d', WRONG));
    await direct.stop();
    expect(tries.at(-1)!.problem).toBe('sign-in-slowed');
  });

  test('names that nobody has leave counts, which go after an hour, and no events', async () => {
    const events = await rowsOf('audit_event');
    for (let n = 0; n < 5; n += 1) await at(somewhere()).signIn(`nobody.${n}`, WRONG);
    expect(await rowsOf('audit_event')).toBe(events);
    expect(await rowsOf('sign_in_failure')).toBeGreaterThan(10);
    clock.forward({ hours: 1, seconds: 1 });
    for (let n = 0; n < 4; n += 1) await at(somewhere()).signIn('nobody', WRONG);
    expect(await rowsOf('sign_in_failure')).toBeLessThan(10);
  });
});

describe('guessing the second factor', () => {
  test('is slowed after five tries, wherever they come from; the right code must wait too', async () => {
    await addPerson(server, 'factor.a', [{ role: 'auditor', at: null }]);
    const { secret } = await enrol(await signedIn('factor.a'), clock.now());
    clock.forward({ minutes: 5 });
    const code = phoneCode(secret, clock.now());
    const wrong = (n: number) => String((Number(code) + 400_000 + n) % 1_000_000).padStart(6, '0');
    const pass = async (one: Browser, text: string) =>
      (await one.call('POST', `${SESSION}/second-factor`, { code: text })).problem;
    const doors: Browser[] = [];
    for (let n = 0; n < 12; n += 1) doors.push(await signedIn('factor.a'));
    const said = await Promise.all(
      doors.map((one, n) => pass(one, n % 2 ? wrong(n) : `aaaa-aaaa-aaaa-aa${n + 20}`)),
    );
    expect(said.filter((problem) => problem === 'sign-in-failed')).toHaveLength(5);
    expect(said.filter((problem) => problem === 'sign-in-slowed')).toHaveLength(7);
    const fresh = await signedIn('factor.a'); // signing in anew does not give new tries
    expect(await pass(fresh, code)).toBe('sign-in-slowed');
    clock.forward({ seconds: 2 });
    expect(await pass(fresh, phoneCode(secret, clock.now()))).toBeNull();
  });
});

describe('what an answer gives away', () => {
  beforeAll(async () => {
    await nurse('tell.a');
    const { id } = await nurse('tell.locked');
    await server.database.query(`update account set state = 'locked' where id = $1`, [id]);
    await addPerson(server, 'tell.machine', [{ role: 'machine', at: HOSPITAL }], { kind: 'machine' });
    await addPerson(server, 'tell.idle', []);
  });
  beforeEach(() => void verify.mockClear());

  const KINDS = ['tell.a', 'tell.locked', 'tell.machine', 'tell.idle', 'tell.nobody', 'Not A Name'];
  test.each(KINDS)('%s costs one look at a password, with the same settings', async (username) => {
    await at(somewhere()).signIn(username, WRONG);
    expect(verify).toHaveBeenCalledTimes(1);
    expect(verify.mock.calls[0]![0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('nobody learns who has an account: the answers are the same but for their number', async () => {
    const shown = new Set<string>();
    for (const username of KINDS) {
      const { status, body, headers } = await at(somewhere()).signIn(username, WRONG);
      const names = [...headers.keys()].toSorted();
      shown.add(JSON.stringify([status, { ...body, instance: '' }, names]));
    }
    expect(shown.size).toBe(1);
  });

  test('nor from being slowed: a name that nobody has is slowed alike', async () => {
    const [a, b] = [somewhere(), somewhere()];
    for (let n = 0; n < 6; n += 1) {
      const [one, other] = [await at(a).signIn('tell.a', WRONG), await at(b).signIn('tell.nobody', WRONG)];
      expect(one.problem).toBe(other.problem);
    }
  });

  test('what is not yours answers like what is not there', async () => {
    const one = await signedIn('tell.a');
    const elsewhere = await server.call('POST', '/api/v1/patients', { as: '40001', body: person() });
    const foreign = (elsewhere.body as { id: string }).id;
    const [theirs, none] = [
      await one.call('GET', `/api/v1/patients/${foreign}`),
      await one.call(
        'GET',
        `/api/v1/patients/${foreign.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
      ),
    ];
    expect([theirs.status, { ...theirs.body, instance: '' }]).toEqual([
      none.status,
      { ...none.body, instance: '' },
    ]);
  });

  test('an error of ours says nothing of itself: no SQL, no path, no stack', async () => {
    const one = await signedIn('tell.a');
    await server.database.query('alter table patient rename to patient_gone');
    await server.database.query('alter table session rename to session_gone');
    const answers: Answer[] = [];
    for (const [method, path, body] of [
      ['GET', '/api/v1/patients?name=mau', undefined],
      ['POST', SESSION, { username: 'tell.a', password: PASSWORD }],
    ] as const)
      answers.push(await one.call(method, path, body));
    await server.database.query('alter table session_gone rename to session');
    answers.push(await one.call('POST', '/api/v1/patients', person()));
    await server.database.query('alter table patient_gone rename to patient');
    for (const { status, problem, body } of answers) {
      expect([status, problem]).toEqual([500, 'internal']);
      expect(Object.keys(body).toSorted()).toEqual(['detail', 'instance', 'status', 'title', 'type']);
      expect(JSON.stringify(body)).not.toMatch(
        /relation|patient_|select|\.ts|at Object|node_modules|pg|42P01/i,
      );
    }
    expect((await one.call('GET', SESSION)).status).toBe(200);
  });
});
