import { createHmac } from 'node:crypto';
import { Secret } from 'otpauth';
import { hashPassword, type Role } from '../../src/identity/index.ts';
import { SYSTEM_USER } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestServer } from './server.ts';

export const PASSWORD = 'vườn cam sau nhà ngoại';
let hash: Promise<string> | undefined;

export interface TestDuty {
  readonly role: Role;
  /** null = the province's office. */
  readonly at: string | null;
  readonly from?: string;
  /** First day without it. */
  readonly to?: string;
}

export interface TestPerson {
  readonly id: string;
  readonly username: string;
}

/** Somebody with a password and duties, put into the database as if they had long been there. */
export async function addPerson(
  server: TestServer,
  username: string,
  duties: readonly TestDuty[],
  more: { readonly isDemo?: boolean; readonly name?: string; readonly kind?: 'person' | 'machine' } = {},
): Promise<TestPerson> {
  hash ??= hashPassword(PASSWORD);
  const id = newId();
  const { isDemo = false, name = 'Người Mẫu', kind = 'person' } = more;
  const { database } = server;
  await database.query(
    'insert into account (id, kind, username, name, is_demo, created_by) values ($1, $2, $3, $4, $5, $6)',
    [id, kind, username, name, isDemo, SYSTEM_USER],
  );
  await database.query('insert into credential (account_id, password_hash) values ($1, $2)', [
    id,
    await hash,
  ]);
  for (const duty of duties) await addDuty(server, id, duty);
  return { id, username };
}

export async function addDuty(server: TestServer, accountId: string, duty: TestDuty): Promise<void> {
  const { role, at, from = '2025-01-01', to } = duty;
  await server.database.query(
    `insert into account_duty (id, account_id, facility_id, role, valid, granted_by)
     values ($1, $2, $3, $4, daterange($5, $6), $7)`,
    [newId(), accountId, at === null ? null : facilityIdOf(at), role, from, to ?? null, SYSTEM_USER],
  );
}

export interface Answer {
  readonly status: number;
  /** Of a refusal, its type without `/problems/`. */
  readonly problem: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into any answer
  readonly headers: Headers;
}

/** A person's browser: keeps the cookie and sends the forgery token with every change. */
export interface Browser {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  signIn(username: string, password?: string, facilityCode?: string | null): Promise<Answer>;
  /** The session's secret token as the cookie holds it; settable, as a thief would. */
  token: string;
  csrfToken: string;
  /** Another one with the same cookie, as a copy of it would be. */
  copy(): Browser;
}

/** @param address where the calls come from; the server must trust one proxy */
export function browserAt(server: TestServer, address?: string): Browser {
  const browser: Browser = {
    token: '',
    csrfToken: '',
    async call(method, path, body, headers = {}) {
      const response = await fetch(new URL(path, server.url), {
        method,
        redirect: 'manual',
        headers: {
          ...(address ? { 'X-Forwarded-For': address } : {}),
          ...(browser.token ? { Cookie: `lt_session=${browser.token}` } : {}),
          ...(browser.csrfToken && method !== 'GET' ? { 'X-CSRF-Token': browser.csrfToken } : {}),
          ...(method === 'POST' && !path.includes('/session') ? { 'Idempotency-Key': newId() } : {}),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const found = /^lt_session=([\w-]*)/.exec(cookie);
        if (found) browser.token = found[1] ?? '';
      }
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      const found = isJson ? JSON.parse(text) : text;
      const problem = response.status >= 400 && isJson ? String(found.type).replace('/problems/', '') : null;
      const csrfToken = found?.csrfToken ?? found?.session?.csrfToken;
      if (csrfToken) browser.csrfToken = csrfToken;
      return { status: response.status, problem, body: found, headers: response.headers };
    },
    signIn: (username, password = PASSWORD, facilityCode) =>
      browser.call('POST', '/api/v1/session', {
        username,
        password,
        ...(facilityCode === undefined ? {} : { facilityCode }),
      }),
    copy() {
      return Object.assign(browserAt(server, address), {
        token: browser.token,
        csrfToken: browser.csrfToken,
      });
    },
  };
  return browser;
}

/** A phone that makes the codes of a second factor, from the text of RFC 4226 and RFC 6238. */
export function phoneCode(secret: string, moment: Date): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(moment.getTime() / 30_000)));
  const key = Buffer.from(Secret.fromBase32(secret).buffer);
  const mac = createHmac('sha1', key).update(counter).digest();
  const from = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Sets up the second factor that the session asks for. @returns its secret and the recovery codes */
export async function enrol(
  browser: Browser,
  now: Date,
): Promise<{ readonly secret: string; readonly recoveryCodes: readonly string[] }> {
  const begun = await browser.call('POST', '/api/v1/session/second-factor/enrolment', {});
  const { secret } = begun.body as { secret: string };
  const code = phoneCode(secret, now);
  const set = await browser.call('POST', '/api/v1/session/second-factor/confirmation', { code });
  if (set.status !== 200) throw new Error(JSON.stringify(set.body));
  return { secret, recoveryCodes: set.body.recoveryCodes as string[] };
}
