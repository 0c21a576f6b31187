import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stillClock } from '../harness/clock.ts';
import { addPerson, enrol } from '../harness/people.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL } from '../harness/visit.ts';

const PUBLIC = 'https://his.example';
const CLIENT = ['his', 'a secret of the test'] as const;
const PROVIDER = fileURLToPath(new URL('../harness/provider.ts', import.meta.url));
const clock = stillClock();
const settings = (issuer: string) => ({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: CLIENT[0],
  OIDC_CLIENT_SECRET: CLIENT[1],
  PUBLIC_URL: PUBLIC,
  UNRECOGNISED_CALLS_PER_MINUTE: 100_000,
});

let provider: ChildProcess;
let issuer: string;
let server: TestServer;

/** A real provider in a process of its own. @returns its address */
async function startProvider(port = '0'): Promise<string> {
  provider = spawn(process.execPath, [PROVIDER, port, ...CLIENT, `${PUBLIC}/auth/oidc/callback`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '' },
  });
  for await (const line of createInterface({ input: provider.stdout! })) return line;
  throw new Error('the provider did not start');
}
async function stopProvider(): Promise<void> {
  const gone = once(provider, 'exit');
  provider.kill();
  await gone;
}

beforeAll(async () => {
  issuer = await startProvider();
  server = await startTestServer({ as: HOSPITAL, clock, settings: settings(issuer) });
});
afterAll(async () => {
  await server.stop();
  if (provider.exitCode === null && provider.signalCode === null) await stopProvider();
});

/** A browser between two sites: a jar of cookies for each, every step by hand. */
function browser() {
  const jars = new Map<string, Map<string, string>>();
  async function get(address: string) {
    const url = new URL(address);
    const ours = url.origin === PUBLIC;
    const jar = jars.get(url.origin) ?? new Map<string, string>();
    jars.set(url.origin, jar);
    const response = await fetch(ours ? new URL(url.pathname + url.search, server.url) : url, {
      redirect: 'manual',
      headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    return { status: response.status, text, response, next: location ? new URL(location, url).href : null };
  }
  /** Follows the provider's pages until they lead back to us. */
  async function back(start: string): Promise<string> {
    let at = start;
    for (let step = 0; step < 6; step += 1) {
      const { next, status, text } = await get(at);
      if (!next) throw new Error(`${status} ${text}`);
      if (next.startsWith(PUBLIC)) return next;
      at = next;
    }
    throw new Error('led nowhere');
  }
  return {
    jars,
    get,
    begin: () => get(`${PUBLIC}/auth/oidc`),
    /** From our page to the provider, there as this person, and to the address that leads back to us. */
    async away(who: { sub?: string; name?: string; amr?: string }) {
      const { next } = await get(`${PUBLIC}/auth/oidc`);
      const asked = await get(next!);
      if (asked.next?.startsWith(PUBLIC)) return asked.next;
      return back(`${asked.next}/login?${new URLSearchParams(who).toString()}`);
    },
    session: async () => {
      const answer = await get(`${PUBLIC}/api/v1/session`);
      return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> };
    },
  };
}
const typeOf = ({ text }: { text: string }) =>
  (JSON.parse(text) as { type: string }).type.replace('/problems/', '');
const nurse = (username: string) => addPerson(server, username, [{ role: 'nurse', at: HOSPITAL }]);
const linksOf = (accountId: string) =>
  server.database.query<{ subject: string }>(
    'select subject from external_identity where account_id = $1 order by linked_at',
    [accountId],
  );

describe('sign-in at a provider', () => {
  test('leads there with a state, a nonce and a challenge, and keeps the state in a cookie for ten minutes', async () => {
    const { status, next, response } = await browser().begin();
    expect(status).toBe(302);
    const asked = new URL(next!);
    expect(asked.origin).toBe(issuer);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT[0],
      redirect_uri: `${PUBLIC}/auth/oidc/callback`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const state = asked.searchParams.get('state');
    expect(response.headers.getSetCookie()).toEqual([
      `lt_oidc=${state}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure`,
    ]);
  });

  test('the first time links by name, afterwards the provider’s own number decides, whatever the name', async () => {
    const { id } = await nurse('oidc.a');
    const one = browser();
    const done = await one.get(await one.away({ sub: 'person-1', name: 'OIDC.A' }));
    expect(done.status).toBe(200);
    expect(done.response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^lt_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure$/,
      ),
    ]);
    expect(done.text).toContain('url=/');
    expect((await one.session()).body).toMatchObject({
      username: 'oidc.a',
      state: 'active',
      roles: ['nurse'],
    });
    expect(await linksOf(id)).toEqual([{ subject: 'person-1' }]);
    await nurse('oidc.renamed');
    const again = browser();
    await again.get(await again.away({ sub: 'person-1', name: 'oidc.renamed' }));
    expect((await again.session()).body.username).toBe('oidc.a');
    expect(await linksOf(id)).toHaveLength(1);
  });

  test('somebody else who later has the name there is not the person here', async () => {
    const { id } = await nurse('oidc.b');
    const one = browser();
    await one.get(await one.away({ sub: 'person-2', name: 'oidc.b' }));
    const thief = browser();
    const answer = await thief.get(await thief.away({ sub: 'person-3', name: 'oidc.b' }));
    expect([answer.status, typeOf(answer)]).toEqual([401, 'sign-in-failed']);
    expect(await linksOf(id)).toEqual([{ subject: 'person-2' }]);
  });

  test.each([
    ['a name that nobody has here', 'oidc.nobody'],
    ['a locked account', 'oidc.locked'],
    ['a machine', 'oidc.machine'],
    ['no name at all', ''],
  ])('%s is refused', async (_name, name) => {
    if (name === 'oidc.locked') {
      const { id } = await nurse(name);
      await server.database.query(`update account set state = 'locked' where id = $1`, [id]);
    }
    if (name === 'oidc.machine')
      await addPerson(server, name, [{ role: 'machine', at: HOSPITAL }], { kind: 'machine' });
    const one = browser();
    const answer = await one.get(await one.away({ sub: `refused-${name}`, ...(name ? { name } : {}) }));
    expect([answer.status, typeOf(answer)]).toEqual([401, 'sign-in-failed']);
    expect(answer.response.headers.getSetCookie()).toEqual([]);
    expect((await one.session()).status).toBe(401);
  });

  test('somebody without a duty today is told so', async () => {
    await addPerson(server, 'oidc.idle', []);
    const one = browser();
    expect(typeOf(await one.get(await one.away({ sub: 'idle', name: 'oidc.idle' })))).toBe('no-duty');
  });
});

describe('the way back', () => {
  test('needs the state of this very sign-in', async () => {
    await nurse('oidc.c');
    const one = browser();
    const way = new URL(await one.away({ sub: 'person-4', name: 'oidc.c' }));
    way.searchParams.set('state', 'x'.repeat(43));
    expect(typeOf(await one.get(way.href))).toBe('sign-in-failed');
  });

  test('needs the cookie of the browser that set out: nobody is signed in with a link of somebody else', async () => {
    await nurse('oidc.d');
    const thief = browser();
    const way = await thief.away({ sub: 'person-5', name: 'oidc.d' });
    const victim = browser();
    expect(typeOf(await victim.get(way))).toBe('sign-in-failed');
    await victim.begin(); // has one, but of another sign-in
    expect(typeOf(await victim.get(way))).toBe('sign-in-failed');
    expect((await victim.session()).status).toBe(401);
  });

  test('is gone once', async () => {
    await nurse('oidc.e');
    const one = browser();
    const way = await one.away({ sub: 'person-6', name: 'oidc.e' });
    expect((await one.get(way)).status).toBe(200);
    expect(typeOf(await one.get(way))).toBe('sign-in-failed');
  });

  test('ends after ten minutes', async () => {
    await nurse('oidc.f');
    const one = browser();
    const way = await one.away({ sub: 'person-7', name: 'oidc.f' });
    clock.forward({ minutes: 10 });
    expect(typeOf(await one.get(way))).toBe('sign-in-failed');
  });

  test('with a made-up code, or with a refusal, opens nothing', async () => {
    await nurse('oidc.g');
    const one = browser();
    const way = new URL(await one.away({ sub: 'person-8', name: 'oidc.g' }));
    way.searchParams.set('code', 'made-up');
    expect(typeOf(await one.get(way.href))).toBe('sign-in-failed');
    const other = browser();
    const refused = await other.away({});
    expect(new URL(refused).searchParams.get('error')).toBe('access_denied');
    expect(typeOf(await other.get(refused))).toBe('sign-in-failed');
  });

  test('as if from another issuer opens nothing', async () => {
    await nurse('oidc.h');
    const one = browser();
    const way = new URL(await one.away({ sub: 'person-9', name: 'oidc.h' }));
    way.searchParams.set('iss', 'https://other.example');
    expect(typeOf(await one.get(way.href))).toBe('sign-in-failed');
  });
});

describe('the second factor', () => {
  const arrive = async (name: string, amr: string) => {
    const one = browser();
    await one.get(await one.away({ sub: name, name, amr }));
    return (await one.session()).body.state;
  };
  test.each([
    ['otp', 'active'],
    ['mfa', 'active'],
    ['pwd', 'set-second-factor'],
  ])('asked there as %s: here the session is %s', async (amr, state) => {
    await addPerson(server, `oidc.${amr}`, [{ role: 'auditor', at: null }]);
    expect(await arrive(`oidc.${amr}`, amr)).toBe(state);
  });

  test('ours is asked where the provider asked none, once it is set up', async () => {
    await addPerson(server, 'oidc.own', [{ role: 'auditor', at: null }]);
    const { browserAt } = await import('../harness/people.ts');
    const local = browserAt(server);
    await local.signIn('oidc.own');
    await enrol(local, clock.now());
    expect(await arrive('oidc.own', 'pwd')).toBe('second-factor');
    expect(await arrive('oidc.own', 'otp')).toBe('active');
  });
});

describe('when the provider is down', () => {
  test('that is said, on the way there and on the way back; when it is up again, so is sign-in', async () => {
    await nurse('oidc.down');
    const one = browser();
    const way = await one.away({ sub: 'person-10', name: 'oidc.down' });
    await stopProvider();
    const late = await one.get(way);
    expect([late.status, typeOf(late)]).toEqual([503, 'provider-unavailable']);
    expect(late.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|fetch/);
    const fresh = await startTestServer({
      as: HOSPITAL,
      clock,
      on: server.database,
      settings: settings(issuer),
    });
    const begin = () => fetch(`${fresh.url}/auth/oidc`, { redirect: 'manual' });
    expect((await begin()).status).toBe(503);
    await startProvider(new URL(issuer).port);
    expect((await begin()).status).toBe(302);
    await fresh.stop();
  });

  test('where none is set up, there is no such door', async () => {
    const { OIDC_ISSUER: _none, ...rest } = settings(issuer);
    const without = await startTestServer({ as: HOSPITAL, clock, on: server.database, settings: rest });
    for (const path of ['/auth/oidc', '/auth/oidc/callback?state=x&code=y'])
      expect((await fetch(`${without.url}${path}`, { redirect: 'manual' })).status).toBe(404);
    await without.stop();
  });
});
