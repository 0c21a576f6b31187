import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isEqual } from '../../src/identity/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { addPerson, type Browser, browserAt, PASSWORD } from '../harness/people.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL, person, STATION } from '../harness/visit.ts';

const LIMITS = { ACCOUNT_CALLS_PER_MINUTE: 20, UNRECOGNISED_CALLS_PER_MINUTE: 10 };
const PATIENCE = { headersMs: 150, requestMs: 300, checkMs: 25 };
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  await addPerson(server, 'edge.a', [{ role: 'nurse', at: HOSPITAL }]);
});
afterAll(() => server.stop());

/** One small answer of each kind, with and without a caller. */
const KINDS = [
  '/',
  '/docs',
  '/problems',
  '/problems/not-found',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/metrics',
];
const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);
const signed = { Authorization: `Bearer ${tokenFor(HOSPITAL)}` };

describe('headers of every answer', () => {
  test.each([
    ...KINDS,
    '/nothing',
    '/api/v1/session',
    '/api/v1/patients?name=x',
    '/api/v1/patients',
    '/auth/oidc',
  ])('%s', async (path) => {
    for (const headers of [{}, signed]) {
      const answer = await ask(path, { headers });
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(
        /^default-src 'none';style-src 'sha256-[\w+/=]{44}';base-uri 'none';form-action 'none';frame-ancestors 'none'$/,
      );
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': expect.stringContaining('max-age='),
      });
      for (const name of ['x-powered-by', 'server', 'etag', 'access-control-allow-origin'])
        expect([name, answer.headers.get(name)]).toEqual([name, null]);
    }
  });

  test.each(['/', '/docs', '/problems', '/problems/not-found'])(
    'the policy allows the one style of %s, and the page has nothing else of the kind',
    async (path) => {
      const answer = await ask(path);
      const html = await answer.text();
      const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style);
      expect(styles).toHaveLength(1);
      const hash = createHash('sha256').update(styles[0]!).digest('base64');
      expect(answer.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
      expect(html).not.toMatch(/<script|\sstyle=|\son\w+=|javascript:|src=|<link|@import|url\(/i);
    },
  );

  test('other sites may not read anything: no answer allows an origin, a question before a call is refused', async () => {
    const headers = { ...signed, Origin: 'https://other.example' };
    for (const path of [...KINDS, '/api/v1/patients?name=x', '/api/v1/session']) {
      const answers = [
        await ask(path, { headers }),
        await ask(path, {
          method: 'OPTIONS',
          headers: {
            ...headers,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'x-csrf-token',
          },
        }),
      ];
      expect(answers[1]!.status).toBeGreaterThanOrEqual(path.startsWith('/api') ? 400 : 200);
      for (const answer of answers)
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('rate limits', () => {
  let limited: TestServer;
  beforeAll(async () => {
    limited = await startTestServer({ as: HOSPITAL, on: server.database, settings: LIMITS });
  });
  afterAll(() => limited.stop());
  const call = (token: string) =>
    fetch(`${limited.url}/api/v1/claims`, { headers: token ? { Authorization: `Bearer ${token}` } : {} });

  test('are counted by account, said in every answer, and refused with the time to wait', async () => {
    const first = await call(tokenFor(STATION));
    expect(first.headers.get('ratelimit-policy')).toBe('"account";q=20;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"account";r=19;t=60$/);
    for (let n = 0; n < 19; n += 1) expect((await call(tokenFor(STATION))).status).toBe(200);
    const over = await call(tokenFor(STATION));
    expect(over.status).toBe(429);
    expect(await over.json()).toMatchObject({ type: '/problems/too-many-requests' });
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(over.headers.get('ratelimit')).toMatch(/^"account";r=0;t=\d+$/);
    expect((await call(tokenFor(HOSPITAL))).status).toBe(200); // a neighbour behind the same address
  });

  test('say how much is left with a refusal, too', async () => {
    const answer = await fetch(`${limited.url}/api/v1/accounts`, { headers: signed });
    expect([answer.status, answer.headers.get('ratelimit-policy')]).toEqual([403, '"account";q=20;w=60']);
  });

  test('of an address hold only for calls whose caller nobody knows; a ward behind it works on', async () => {
    const ward = browserAt(limited);
    expect((await ward.signIn('edge.a')).status).toBe(201);
    const answers: Response[] = [];
    for (let n = 0; n < 12; n += 1) answers.push(await call(n % 2 ? '' : 'x'.repeat(43)));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect(answers[9]!.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    expect(Number(answers[11]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ward.call('GET', '/api/v1/session')).status).toBe(200);
    expect((await call(tokenFor('40001'))).status).toBe(200);
    expect((await browserAt(limited).signIn('edge.a')).status).toBe(201); // nor does it keep anybody from signing in
    const spray = await browserAt(limited).signIn('edge.nobody');
    expect([spray.status, spray.problem]).toEqual([429, 'too-many-requests']);
  });
});

/** Sends these bytes and no more. @returns everything that came until the line was cut */
function wire(text: string, to = server): Promise<string> {
  return new Promise((done) => {
    const { hostname, port } = new URL(to.url);
    const socket = createConnection(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(answer));
  });
}

describe('slow and large callers', () => {
  let hasty: TestServer;
  beforeAll(async () => {
    hasty = await startTestServer({ as: HOSPITAL, on: server.database, patience: PATIENCE });
  });
  afterAll(() => hasty.stop());
  const head = (length: number, more = '') =>
    `POST /api/v1/patients HTTP/1.1\r\nHost: x\r\nAuthorization: ${signed.Authorization}\r\nContent-Type: application/json\r\nIdempotency-Key: ${newId()}\r\nContent-Length: ${length}\r\n${more}\r\n`;

  test.each([
    ['headers that do not end', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: '],
    ['a line that says nothing', 'GET'],
    ['a body that does not come', head(500)],
    ['a body that stops half way', `${head(500)}{"name":"`],
  ])('%s: the line is cut', async (_name, text) => {
    const before = await server.database.query('select count(*) as n from patient');
    expect(await wire(text, hasty)).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(await server.database.query('select count(*) as n from patient')).toEqual(before);
  });

  test('too large is refused by its length, and by its bytes where no length was said', async () => {
    expect(await wire(head(300 * 1024, 'Connection: close\r\n'))).toMatch(/^HTTP\/1\.1 413 /);
    const chunked = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: new Blob([JSON.stringify({ username: 'x', password: 'y'.repeat(300 * 1024) })]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect([chunked.status, await chunked.json()]).toMatchObject([413, { type: '/problems/body-too-large' }]);
  });

  test('headers without end are refused', async () => {
    expect(await wire(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });
});

describe('mass assignment', () => {
  let one: Browser;
  beforeAll(async () => {
    one = browserAt(server);
    await one.signIn('edge.a');
  });
  test.each([
    'id',
    'version',
    'createdAt',
    'createdByFacilityId',
    'facilityId',
    '__proto__',
    'constructor',
    'isDemo',
  ])('a field %s that is not the caller’s to set is refused', async (name) => {
    const body = JSON.parse(JSON.stringify(person()).replace('{', `{"${name}":"1",`)) as object;
    const answer = await one.call('POST', '/api/v1/patients', body);
    expect([name, answer.status, answer.problem]).toEqual([name, 422, 'invalid-body']);
  });
  test('at sign-in as well', async () => {
    const body = { username: 'edge.a', password: PASSWORD, state: 'active', roles: ['province-admin'] };
    expect((await browserAt(server).call('POST', '/api/v1/session', body)).problem).toBe('invalid-body');
  });
});

test.each([
  ['', '', true],
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'abcd', false],
  ['', 'a', false],
  ['ậ', 'ạ', false],
])('secrets are compared whole: %j and %j', (given, expected, same) => {
  expect(isEqual(given, expected)).toBe(same);
});
