import { randomBytes } from 'node:crypto';
import { recordAudit } from '../audit/index.ts';
import type { Database, Transaction } from '../platform/database/index.ts';
import { type Clock, localDate } from '../platform/dates.ts';
import { type Id, newId, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { SecretBox } from '../platform/secrets.ts';
import type { Caller, SessionState } from './caller.ts';
import { type CredentialRow, lockCredential } from './credential.repo.ts';
import { needsSecondFactor } from './permissions.ts';
import {
  changeSession,
  dropTokens,
  endSessions,
  forgetOldTokens,
  insertSession,
  insertToken,
  type Workplace,
  workplacesOf,
} from './session.repo.ts';

/** What the sign-in door works with. The database is the one of his_identity. */
export interface DoorDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly settings: {
    /** A session that nobody used for so long ends. */
    readonly idleMinutes: number;
    /** A session ends so long after sign-in, used or not. */
    readonly sessionHours: number;
    /** Life of a machine's token. */
    readonly tokenMinutes: number;
    /** Accounts of the demo province may sign in. */
    readonly allowDemo: boolean;
  };
}

/** What a person sees of their session. The token itself travels only in the cookie. */
export interface SessionView {
  readonly state: SessionState;
  readonly csrfToken: string;
  readonly accountId: Id;
  readonly username: string;
  readonly name: string;
  readonly facility: { readonly code: string; readonly name: string } | null;
  readonly roles: readonly string[];
  /** Where else this person has duties today; code null = the province's office. */
  readonly workplaces: readonly {
    readonly code: string | null;
    readonly name: string | null;
    readonly roles: readonly string[];
  }[];
}

export interface OpenedSession {
  readonly token: string;
  readonly view: SessionView;
}

export const newSecret = () => randomBytes(32).toString('base64url');

/** What a session must still do before it opens anything. */
export function stateFor(
  credential: Pick<CredentialRow, 'totpSealed' | 'isDemo'>,
  workplace: Pick<Workplace, 'roles' | 'secondFactor'>,
  passed: { readonly ownPassword: boolean; readonly secondFactor: boolean },
): SessionState {
  if (!passed.ownPassword) return 'set-password';
  if (passed.secondFactor) return 'active';
  if (credential.totpSealed) return 'second-factor';
  const needed = !credential.isDemo && needsSecondFactor(workplace.roles, workplace.secondFactor);
  return needed ? 'set-second-factor' : 'active';
}

/** The workplace asked for; the one used last when none was. @throws not-allowed without a duty today (there) */
export function chooseWorkplace(
  workplaces: readonly Workplace[],
  facilityCode: string | null | undefined,
): Workplace {
  const chosen =
    facilityCode === undefined
      ? workplaces[0]
      : workplaces.find((workplace) => workplace.code === facilityCode);
  if (!chosen) throw new Problem('no-duty');
  return chosen;
}

export async function openSession(
  tx: Transaction,
  deps: DoorDependencies,
  credential: CredentialRow,
  how: {
    readonly facilityCode?: string | null | undefined;
    readonly ownPassword: boolean;
    readonly secondFactor: boolean;
    readonly by: string;
  },
): Promise<OpenedSession> {
  const now = deps.clock.now();
  const workplaces = await workplacesOf(tx, credential.accountId, localDate(now));
  const workplace = chooseWorkplace(workplaces, how.facilityCode);
  const token = newSecret();
  const session = {
    id: newId(now.getTime()),
    accountId: credential.accountId,
    facilityId: workplace.facilityId,
    state: stateFor(credential, workplace, how),
    csrfToken: newSecret(),
    tokenSha256: sha256(token),
    now,
    expiresAt: new Date(now.getTime() + deps.settings.sessionHours * 3_600_000),
    origin: tx.context.origin ?? null,
    secondFactorAt: how.secondFactor ? now : null,
  };
  await forgetOldTokens(tx, credential.accountId, now);
  await insertSession(tx, session);
  recordAudit(tx, {
    action: 'session.opened',
    subjectType: 'session',
    subjectId: session.id,
    detail: { accountId: credential.accountId, by: how.by, state: session.state },
  });
  return { token, view: viewOf(credential, session, workplace, workplaces) };
}

function viewOf(
  account: { readonly accountId: Id; readonly username: string; readonly name: string },
  session: { readonly state: SessionState; readonly csrfToken: string },
  workplace: Workplace,
  workplaces: readonly Workplace[],
): SessionView {
  const { accountId, username, name } = account;
  return {
    state: session.state,
    csrfToken: session.csrfToken,
    accountId,
    username,
    name,
    facility: workplace.code === null ? null : { code: workplace.code, name: workplace.name ?? '' },
    roles: workplace.roles,
    workplaces: workplaces.map((one) => ({ code: one.code, name: one.name, roles: one.roles })),
  };
}

/** The session of a caller, for the calls that only a session can make. @throws not-allowed for a machine's token */
export function sessionOf(caller: Caller): NonNullable<Caller['session']> {
  if (!caller.session) throw new Problem('not-allowed');
  return caller.session;
}

/** What the caller's session is now, read again. */
export async function readSession(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
): Promise<SessionView> {
  const session = sessionOf(caller);
  const account = await accountOf(tx, caller);
  const workplaces = await workplacesOf(tx, caller.accountId, localDate(deps.clock.now()));
  const here = workplaces.find((one) => one.facilityId === caller.facilityId);
  const nowhere: Workplace = { facilityId: null, code: null, name: null, roles: [], secondFactor: 'usual' };
  return viewOf(account, session, here ?? nowhere, workplaces);
}

export async function accountOf(tx: Transaction, caller: Caller): Promise<CredentialRow> {
  const account = await lockCredential(tx, caller.accountId);
  if (!account) throw new Problem('not-signed-in');
  return account;
}

/** Moves the session on; its old tokens end and a new one is given, so a token from before is worth nothing. */
export async function advanceSession(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
  change: {
    readonly state: SessionState;
    readonly facilityId?: Id | null;
    readonly passedSecondFactor?: boolean;
  },
): Promise<string> {
  const session = sessionOf(caller);
  const now = deps.clock.now();
  const token = newSecret();
  const { passedSecondFactor, ...columns } = change;
  await changeSession(tx, session.id, { ...columns, ...(passedSecondFactor ? { secondFactorAt: now } : {}) });
  await dropTokens(tx, session.id);
  await insertToken(tx, session.id, sha256(token), now);
  return token;
}

/** Works at another facility of the caller's from now on. @throws no-duty */
export async function switchFacility(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
  facilityCode: string | null,
): Promise<OpenedSession> {
  const session = sessionOf(caller);
  if (session.state !== 'active') throw new Problem('session-not-complete', { state: session.state });
  const account = await accountOf(tx, caller);
  const workplaces = await workplacesOf(tx, caller.accountId, localDate(deps.clock.now()));
  const workplace = chooseWorkplace(workplaces, facilityCode);
  const state = stateFor(account, workplace, { ownPassword: true, secondFactor: session.hasSecondFactor });
  const token = await advanceSession(tx, deps, caller, { state, facilityId: workplace.facilityId });
  recordAudit(tx, {
    action: 'session.facilityChanged',
    subjectType: 'session',
    subjectId: session.id,
    detail: { to: workplace.code },
  });
  return { token, view: viewOf(account, { ...session, state }, workplace, workplaces) };
}

/** Signs out: this session, or every session of the account. */
export async function signOut(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
  everywhere: boolean,
): Promise<number> {
  const session = sessionOf(caller);
  const now = deps.clock.now();
  const ended = await endSessions(tx, caller.accountId, 'signed-out', now, everywhere ? null : session.id);
  recordAudit(tx, {
    action: 'session.ended',
    subjectType: 'session',
    subjectId: session.id,
    detail: { everywhere, ended },
  });
  return ended;
}
