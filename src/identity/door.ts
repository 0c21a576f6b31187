import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { recordAudit } from '../audit/index.ts';
import { SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import { sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { Caller, SessionState } from './caller.ts';
import { FIND_TOKEN, type TokenRow } from './machine.service.ts';
import { needsSecondFactor, permissionsOf, type Role } from './permissions.ts';
import {
  endSessions,
  FIND_SESSION,
  insertToken,
  replaceToken,
  type SessionRow,
  touchSession,
} from './session.repo.ts';
import { type DoorDependencies, newSecret } from './session.service.ts';

export interface Recognised {
  readonly caller: Caller;
  /** A new session token for the cookie: tokens are changed while a session is used. */
  readonly newToken: string | null;
}

export interface Identity {
  /** @throws Problem `not-signed-in`; `csrf-refused` for a change that another site may have sent */
  recognise(request: IncomingMessage): Promise<Recognised>;
}

export const SESSION_COOKIE = 'lt_session';
const ROTATE_AFTER_S = 15 * 60;
/** Requests that were under way when the token changed still come with the old one. */
const REPLACED_GRACE_S = 60;
const TOUCH_AFTER_S = 60;

/** The one door: a machine's bearer token, or a person's session cookie. Asked anew at each request: what ended is out. */
export function createIdentity(deps: DoorDependencies): Identity {
  const read = async <Row>(text: string, values: unknown[], name: string): Promise<Row | undefined> =>
    (await deps.database.pool.query({ name, text, values })).rows[0] as Row | undefined;

  async function byToken(token: string): Promise<Recognised> {
    const now = deps.clock.now();
    const row = await read<TokenRow>(FIND_TOKEN, [sha256(token), now, localDate(now)], 'find-token');
    if (!row) throw new Problem('not-signed-in');
    const roles = row.roles as Role[];
    const { accountId, name, facilityId } = row;
    const permissions = permissionsOf(roles, row.scopes);
    return {
      caller: { accountId, kind: 'machine', name, facilityId, roles, permissions, session: null },
      newToken: null,
    };
  }

  async function bySession(token: string, request: IncomingMessage): Promise<Recognised> {
    const now = deps.clock.now();
    const { idleMinutes, allowDemo } = deps.settings;
    const row = await read<SessionRow>(
      FIND_SESSION,
      [sha256(token), now, localDate(now), idleMinutes, allowDemo],
      'find-session',
    );
    if (!row) throw new Problem('not-signed-in');
    if (row.isReplaced && (row.replacedSeconds ?? 0) > REPLACED_GRACE_S) await endStolen(row);
    refuseForgery(request, row.csrfToken);
    const newToken = await keepAlive(row, sha256(token));
    const { accountId, name, facilityId, csrfToken, hasSecondFactor } = row;
    const state = stateNow(row);
    const session = { id: row.sessionId, state, csrfToken, hasSecondFactor };
    const permissions = permissionsOf(state === 'active' ? row.roles : []);
    return {
      caller: { accountId, kind: 'person', name, facilityId, roles: row.roles, permissions, session },
      newToken,
    };
  }

  /** A token that was replaced long ago is a copy: nobody can tell whose, so the session ends for both. */
  async function endStolen(row: SessionRow): Promise<never> {
    const context = { ...SYSTEM_CONTEXT, userId: row.accountId };
    await deps.database.transaction(context, async (tx) => {
      await endSessions(tx, row.accountId, 'token-reused', deps.clock.now(), row.sessionId);
      recordAudit(tx, { action: 'session.tokenReused', subjectType: 'session', subjectId: row.sessionId });
    });
    throw new Problem('not-signed-in');
  }

  async function keepAlive(row: SessionRow, tokenSha256: string): Promise<string | null> {
    const mustRotate = !row.isReplaced && row.tokenAgeSeconds > ROTATE_AFTER_S;
    if (!mustRotate && row.unseenSeconds < TOUCH_AFTER_S) return null;
    const now = deps.clock.now();
    return deps.database.transaction(SYSTEM_CONTEXT, async (tx) => {
      await touchSession(tx, row.sessionId, now);
      if (!mustRotate || !(await replaceToken(tx, tokenSha256, now))) return null;
      const token = newSecret();
      await insertToken(tx, row.sessionId, sha256(token), now);
      return token;
    });
  }

  return {
    async recognise(request) {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const token = /^Bearer ([\w-]{20,200})$/.exec(authorization)?.[1];
        if (!token) throw new Problem('not-signed-in');
        return byToken(token);
      }
      const token = cookieOf(request, SESSION_COOKIE);
      if (!token) throw new Problem('not-signed-in');
      return bySession(token, request);
    },
  };
}

/** A duty or a rule that came since may ask for a second factor: then the open session must pass it, too. */
function stateNow(row: SessionRow): SessionState {
  const { state, hasSecondFactor, isDemo, hasTotp, roles, secondFactor } = row;
  if (state !== 'active' || hasSecondFactor || isDemo || !needsSecondFactor(roles, secondFactor))
    return state;
  return hasTotp ? 'second-factor' : 'set-second-factor';
}

/** A cookie of well-formed characters and length; anything else is none. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value && /^[\w-]{20,200}$/.test(value)) return value;
  }
  return undefined;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A change in a session comes with its CSRF token and, where the browser says from where, from our own pages. */
function refuseForgery(request: IncomingMessage, csrfToken: string): void {
  if (SAFE.has(request.method ?? '')) return;
  const site = request.headers['sec-fetch-site'];
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign || !isEqual(String(request.headers['x-csrf-token'] ?? ''), csrfToken))
    throw new Problem('csrf-refused');
}

/** In constant time for texts of equal length. */
export function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
