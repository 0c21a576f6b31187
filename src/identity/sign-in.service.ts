import { recordAudit } from '../audit/index.ts';
import { type ActingContext, SYSTEM_USER, type Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import { sha256 } from '../platform/ids.ts';
import { networkOf } from '../platform/network.ts';
import { Problem } from '../platform/problem.ts';
import type { Caller, SessionState } from './caller.ts';
import {
  confirmTotp,
  countAttempt,
  findByUsername,
  forgetAttempts,
  forgetOldAttempts,
  isKnownAddress,
  isOneTimePassword,
  rememberAddress,
  replaceRecoveryCodes,
  storePassword,
  storePendingTotp,
  storeTotpStep,
  useRecoveryCode,
  wasGiven,
} from './credential.repo.ts';
import { hashPassword, isPassword, weaknesses } from './password.ts';
import { type Enrolment, newEnrolment, newRecoveryCodes, recoveryHash, stepOf } from './second-factor.ts';
import { endSessions, workplacesOf } from './session.repo.ts';
import {
  accountOf,
  advanceSession,
  type DoorDependencies,
  type OpenedSession,
  openSession,
  readSession,
  sessionOf,
  stateFor,
} from './session.service.ts';
import { waitSeconds } from './throttle.ts';

export interface SignIn {
  readonly username: string;
  readonly password: string;
  /** Absent = where the person worked last; null = the province's office. */
  readonly facilityCode?: string | null;
}

/** Username and password, or a one-time password. Nobody learns which of the two was wrong, nor whether an account exists. */
export async function signIn(
  deps: DoorDependencies,
  context: ActingContext,
  input: SignIn,
): Promise<OpenedSession> {
  const username = input.username.trim().toLowerCase();
  const usernameHash = sha256(username);
  const address = networkOf(context.origin ?? '');
  const now = deps.clock.now();
  const { found, isKnown } = await deps.database.transaction(context, async (tx) => {
    const known = await isKnownAddress(tx, username, address);
    await forgetOldAttempts(tx, now);
    const account = await findByUsername(tx, username);
    // Last, here and below: everybody behind one address counts on the same row.
    await attempt(tx, usernameHash, address, known, now);
    return { found: account, isKnown: known };
  });
  const mayTry =
    found?.kind === 'person' && found.state === 'active' && (!found.isDemo || deps.settings.allowDemo);
  const ownPassword = await isPassword(mayTry ? found.passwordHash : null, input.password);
  const outcome = await deps.database.transaction(context, async (tx) => {
    // Asked for an account that does not exist, too: the same work, whoever it is.
    const given = await isOneTimePassword(
      tx,
      found?.accountId ?? SYSTEM_USER,
      sha256(input.password.trim()),
      now,
    );
    if (!mayTry || !(ownPassword || given)) {
      if (found) noteFailure(tx, found.accountId, found.state === 'locked' ? 'locked' : 'password');
      return null;
    }
    await rememberAddress(tx, found.accountId, address, now);
    const how = { facilityCode: input.facilityCode, ownPassword, secondFactor: false, by: 'password' };
    const opened = await openSession(tx, deps, found, how);
    await forgetAttempts(tx, usernameHash, address, isKnown);
    return opened;
  });
  if (!outcome) throw new Problem('sign-in-failed');
  return outcome;
}

/** Counts one attempt. @throws sign-in-slowed, and then it was none */
async function attempt(
  tx: Transaction,
  key: string,
  address: string,
  isKnown: boolean,
  now: Date,
): Promise<void> {
  const seconds = waitSeconds(await countAttempt(tx, key, address, isKnown, now), now);
  if (seconds > 0) throw new Problem('sign-in-slowed', { seconds });
}

/** Tries of one account at one thing, wherever they come from. */
const triesAt = (thing: 'second-factor' | 'password', caller: Caller) =>
  [sha256(`${thing}:${caller.accountId}`), `${thing}.${caller.accountId}`, true] as const;

function noteFailure(tx: Transaction, accountId: string, cause: string): void {
  recordAudit(tx, {
    action: 'sign-in.failed',
    subjectType: 'account',
    subjectId: accountId,
    detail: { cause },
  });
}

/** The code of the phone, or a recovery code. @throws sign-in-failed, sign-in-slowed */
export async function passSecondFactor(
  deps: DoorDependencies,
  context: ActingContext,
  caller: Caller,
  code: string,
): Promise<OpenedSession> {
  const session = sessionOf(caller);
  if (session.state !== 'second-factor') throw new Problem('session-not-complete', { state: session.state });
  // One count for the account's codes, wherever they are typed: six digits must not be tried out.
  const tries = triesAt('second-factor', caller);
  const now = deps.clock.now();
  const outcome = await deps.database.transaction(context, async (tx) => {
    const account = await accountOf(tx, caller);
    await attempt(tx, ...tries, now);
    const step = account.totpSealed
      ? stepOf(deps.secrets.open(account.totpSealed), code, stepNumber(account.totpLastStep), now)
      : null;
    const isRight = step !== null || (await useRecoveryCode(tx, account.accountId, recoveryHash(code), now));
    if (!isRight) {
      noteFailure(tx, account.accountId, 'second-factor');
      return null;
    }
    if (step !== null) await storeTotpStep(tx, account.accountId, step);
    await forgetAttempts(tx, ...tries);
    const token = await advanceSession(tx, deps, caller, { state: 'active', passedSecondFactor: true });
    recordAudit(tx, {
      action: 'session.secondFactorPassed',
      subjectType: 'session',
      subjectId: session.id,
      detail: { by: step === null ? 'recovery-code' : 'code' },
    });
    const view = await readSession(tx, deps, { ...caller, session: { ...session, state: 'active' } });
    return { token, view };
  });
  if (!outcome) throw new Problem('sign-in-failed');
  return outcome;
}

const stepNumber = (step: string | null) => (step === null ? null : Number(step));

/** A password of one's own. Other sessions of the account end. @throws password-too-weak, sign-in-failed */
export async function setPassword(
  deps: DoorDependencies,
  context: ActingContext,
  caller: Caller,
  input: { readonly current?: string; readonly next: string },
): Promise<OpenedSession> {
  const session = sessionOf(caller);
  if (session.state !== 'set-password' && session.state !== 'active')
    throw new Problem('session-not-complete', { state: session.state });
  const { account: known, isGiven } = await deps.database.transaction(context, async (tx) => ({
    account: await accountOf(tx, caller),
    isGiven: await wasGiven(tx, caller.accountId, sha256(input.next.trim())),
  }));
  const places = weaknesses(input.next, known);
  if (isGiven) places.push({ pointer: '/next', message: 'problem.place.passwordGiven' });
  if (places.length > 0) throw new Problem('password-too-weak', {}, places);
  if (session.state === 'active')
    await provePassword(deps, context, caller, known.passwordHash, input.current);
  const hash = await hashPassword(input.next);
  return deps.database.transaction(context, async (tx) => {
    const now = deps.clock.now();
    await storePassword(tx, caller.accountId, hash, now);
    await endSessions(tx, caller.accountId, 'password-changed', now, null, session.id);
    const account = await accountOf(tx, caller);
    const workplaces = await workplacesOf(tx, caller.accountId, localDate(now));
    const here = workplaces.find((one) => one.facilityId === caller.facilityId);
    const state = stateFor(account, here ?? { roles: [], secondFactor: 'usual' }, {
      ownPassword: true,
      secondFactor: session.hasSecondFactor,
    });
    const token = await advanceSession(tx, deps, caller, { state });
    recordAudit(tx, { action: 'account.passwordSet', subjectType: 'account', subjectId: caller.accountId });
    return { token, view: await readSession(tx, deps, { ...caller, session: { ...session, state } }) };
  });
}

/** Whoever sits at an open session proves who they are before they change what opens the account; guesses are slowed. */
async function provePassword(
  deps: DoorDependencies,
  context: ActingContext,
  caller: Caller,
  hash: string | null,
  current = '',
): Promise<void> {
  const tries = triesAt('password', caller);
  await deps.database.transaction(context, (tx) => attempt(tx, ...tries, deps.clock.now()));
  const isRight = await isPassword(hash, current);
  await deps.database.transaction(context, async (tx) => {
    if (isRight) await forgetAttempts(tx, ...tries);
    else noteFailure(tx, caller.accountId, 'password');
  });
  if (!isRight) throw new Problem('sign-in-failed');
}

/**
 * A new second factor, shown once; it counts after its first right code.
 * @param current the password, needed in a session that is open already (unless the account has none)
 */
export async function beginSecondFactor(
  deps: DoorDependencies,
  context: ActingContext,
  caller: Caller,
  current: string | undefined,
): Promise<Enrolment> {
  const session = sessionOf(caller);
  refuseUnlessEnrolling(session.state);
  if (session.state === 'active') {
    const { passwordHash } = await deps.database.transaction(context, (tx) => accountOf(tx, caller));
    if (passwordHash !== null) await provePassword(deps, context, caller, passwordHash, current);
  }
  return deps.database.transaction(context, async (tx) => {
    const account = await accountOf(tx, caller);
    const enrolment = newEnrolment(account.username);
    await storePendingTotp(tx, account.accountId, deps.secrets.seal(enrolment.secret));
    recordAudit(tx, {
      action: 'account.secondFactorBegun',
      subjectType: 'account',
      subjectId: account.accountId,
    });
    return enrolment;
  });
}

function refuseUnlessEnrolling(state: SessionState): void {
  if (state !== 'set-second-factor' && state !== 'active')
    throw new Problem('session-not-complete', { state });
}

/** The first right code of a new second factor. @returns recovery codes, shown once @throws sign-in-failed */
export async function confirmSecondFactor(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
  code: string,
): Promise<OpenedSession & { readonly recoveryCodes: readonly string[] }> {
  const session = sessionOf(caller);
  // Without this, a password and an enrolment left half way would step over the second factor in use.
  refuseUnlessEnrolling(session.state);
  const now = deps.clock.now();
  const account = await accountOf(tx, caller);
  if (!account.totpPendingSealed) throw new Problem('not-found', { what: 'second-factor' });
  const step = stepOf(deps.secrets.open(account.totpPendingSealed), code, null, now);
  if (step === null) throw new Problem('sign-in-failed');
  await confirmTotp(tx, account.accountId, step, now);
  const recoveryCodes = newRecoveryCodes();
  await replaceRecoveryCodes(tx, account.accountId, recoveryCodes.map(recoveryHash));
  await endSessions(tx, account.accountId, 'second-factor-changed', now, null, session.id);
  const token = await advanceSession(tx, deps, caller, { state: 'active', passedSecondFactor: true });
  recordAudit(tx, {
    action: 'account.secondFactorSet',
    subjectType: 'account',
    subjectId: account.accountId,
  });
  const view = await readSession(tx, deps, { ...caller, session: { ...session, state: 'active' } });
  return { token, view, recoveryCodes };
}

/** New recovery codes in place of the old ones, for a session that has passed the second factor. */
export async function renewRecoveryCodes(tx: Transaction, caller: Caller): Promise<readonly string[]> {
  const session = sessionOf(caller);
  if (session.state !== 'active' || !session.hasSecondFactor)
    throw new Problem('session-not-complete', { state: session.state });
  await accountOf(tx, caller);
  const recoveryCodes = newRecoveryCodes();
  await replaceRecoveryCodes(tx, caller.accountId, recoveryCodes.map(recoveryHash));
  recordAudit(tx, {
    action: 'account.recoveryCodesRenewed',
    subjectType: 'account',
    subjectId: caller.accountId,
  });
  return recoveryCodes;
}
