import { recordAudit } from '../audit/index.ts';
import type { ActingContext, Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import { sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { Caller } from './caller.ts';
import {
  clearFailures,
  confirmTotp,
  countFailure,
  findByUsername,
  forgetFailures,
  isOneTimePassword,
  readFailures,
  replaceRecoveryCodes,
  storePassword,
  storePendingTotp,
  storeTotpStep,
  useRecoveryCode,
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
import { FORGET_AFTER_MS, waitSeconds } from './throttle.ts';

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
  const address = context.origin ?? '';
  const now = deps.clock.now();
  const { found, failures } = await deps.database.transaction(context, async (tx) => ({
    found: await findByUsername(tx, username),
    failures: await readFailures(tx, usernameHash, address),
  }));
  const seconds = waitSeconds(failures, now);
  if (seconds > 0) throw new Problem('sign-in-slowed', { seconds });
  const mayTry =
    found?.kind === 'person' && found.state === 'active' && (!found.isDemo || deps.settings.allowDemo);
  const ownPassword = await isPassword(mayTry ? found.passwordHash : null, input.password);
  const outcome = await deps.database.transaction(context, async (tx) => {
    const isOpen =
      mayTry &&
      (ownPassword || (await isOneTimePassword(tx, found.accountId, sha256(input.password.trim()), now)));
    if (!isOpen) {
      await countFailure(tx, usernameHash, address, now, new Date(now.getTime() - FORGET_AFTER_MS));
      if (found) noteFailure(tx, found.accountId, found.state === 'locked' ? 'locked' : 'password');
      return null;
    }
    await clearFailures(tx, found.accountId, usernameHash, address, now);
    const how = { facilityCode: input.facilityCode, ownPassword, secondFactor: false, by: 'password' };
    return openSession(tx, deps, found, how);
  });
  if (!outcome) throw new Problem('sign-in-failed');
  return outcome;
}

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
  const key = sha256(`second-factor:${caller.accountId}`);
  const place = `code.${caller.accountId}`;
  const now = deps.clock.now();
  const outcome = await deps.database.transaction(context, async (tx) => {
    const account = await accountOf(tx, caller);
    const seconds = waitSeconds(await readFailures(tx, key, place), now);
    if (seconds > 0) return { slowed: seconds };
    const step = account.totpSealed
      ? stepOf(deps.secrets.open(account.totpSealed), code, stepNumber(account.totpLastStep), now)
      : null;
    const isRight = step !== null || (await useRecoveryCode(tx, account.accountId, recoveryHash(code), now));
    if (!isRight) {
      await countFailure(tx, key, place, now, new Date(now.getTime() - FORGET_AFTER_MS));
      noteFailure(tx, account.accountId, 'second-factor');
      return { wrong: true };
    }
    if (step !== null) await storeTotpStep(tx, account.accountId, step);
    await forgetFailures(tx, key, place);
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
  if ('slowed' in outcome) throw new Problem('sign-in-slowed', { seconds: outcome.slowed ?? 1 });
  if ('wrong' in outcome) throw new Problem('sign-in-failed');
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
  const known = await deps.database.transaction(context, (tx) => accountOf(tx, caller));
  if (session.state === 'active' && !(await isPassword(known.passwordHash, input.current ?? '')))
    throw new Problem('sign-in-failed');
  const places = weaknesses(input.next, known);
  if (places.length > 0) throw new Problem('password-too-weak', {}, places);
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

/** A new second factor, shown once; it counts after its first right code. */
export async function beginSecondFactor(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
): Promise<Enrolment> {
  const session = sessionOf(caller);
  if (session.state !== 'set-second-factor' && session.state !== 'active')
    throw new Problem('session-not-complete', { state: session.state });
  const account = await accountOf(tx, caller);
  const enrolment = newEnrolment(account.username);
  await storePendingTotp(tx, account.accountId, deps.secrets.seal(enrolment.secret));
  recordAudit(tx, {
    action: 'account.secondFactorBegun',
    subjectType: 'account',
    subjectId: account.accountId,
  });
  return enrolment;
}

/** The first right code of a new second factor. @returns recovery codes, shown once @throws sign-in-failed */
export async function confirmSecondFactor(
  tx: Transaction,
  deps: DoorDependencies,
  caller: Caller,
  code: string,
): Promise<OpenedSession & { readonly recoveryCodes: readonly string[] }> {
  const session = sessionOf(caller);
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
