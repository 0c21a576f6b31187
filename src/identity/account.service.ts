import { randomBytes } from 'node:crypto';
import { recordAudit } from '../audit/index.ts';
import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import { rangeFromPeriod } from '../platform/database/types.ts';
import { addDays, localDate } from '../platform/dates.ts';
import { type Id, newId, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import {
  type AccountView,
  endDuty,
  findAccount,
  insertAccount,
  insertDuty,
  insertMachineSecret,
  insertOneTimePassword,
  linkPractitioner,
  removeSecondFactor,
  setAccountState,
} from './account.repo.ts';
import type { Caller } from './caller.ts';
import { mayGrant, OFFICE_ROLES, type Role } from './permissions.ts';
import { newSecret } from './session.service.ts';

const ONE_TIME_HOURS = 72;
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export interface DutyWish {
  readonly role: Role;
  /** null = the province's office. */
  readonly facilityId: Id | null;
  readonly validFrom: string;
  /** Last day. */
  readonly validThrough?: string;
}

export interface AccountWish {
  readonly kind: 'person' | 'machine';
  readonly username: string;
  readonly name: string;
  readonly duty: DutyWish;
  /** Practice licence at the duty's facility that is this person's. */
  readonly licenceNumber?: string;
}

/** The account and what opens it the first time, shown once. */
export interface CreatedAccount {
  readonly account: AccountView;
  readonly oneTimePassword?: string;
  readonly secret?: string;
}

/** A password to be used once: five groups of four letters without look-alikes, a hundred bits. */
export function newOneTimePassword(): string {
  const letters = [...randomBytes(20)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.replace(/(.{4})(?!$)/g, '$1-');
}

export async function createAccount(
  tx: Transaction,
  caller: Caller,
  wish: AccountWish,
  now: Date,
): Promise<CreatedAccount> {
  checkDuty(caller, wish.kind, wish.duty, '/duty');
  const id = newId(now.getTime());
  try {
    await insertAccount(tx, { id, kind: wish.kind, username: wish.username, name: wish.name });
  } catch (error) {
    if (isDatabaseError(error, '23505'))
      throw new Problem('already-exists', { what: 'account' }, [], { cause: error });
    throw error;
  }
  await addDuty(tx, id, wish.duty, now, '/duty');
  if (wish.licenceNumber) await link(tx, wish.duty.facilityId, wish.licenceNumber, id);
  recordAudit(tx, {
    action: 'account.created',
    subjectType: 'account',
    subjectId: id,
    detail: {
      kind: wish.kind,
      username: wish.username,
      role: wish.duty.role,
      facilityId: wish.duty.facilityId,
    },
  });
  const opening = wish.kind === 'person' ? await giveOneTimePassword(tx, id, now) : await giveSecret(tx, id);
  return { account: await known(tx, id), ...opening };
}

async function link(tx: Transaction, facilityId: Id | null, licence: string, accountId: Id): Promise<void> {
  const isLinked = facilityId !== null && (await linkPractitioner(tx, facilityId, licence, accountId));
  if (!isLinked)
    throw new Problem('unknown-code', {}, [
      { pointer: '/licenceNumber', message: 'problem.place.unknownPractitioner' },
    ]);
}

/**
 * @param place of the duty in the body
 * @throws not-allowed when the caller may not give this duty; invalid-body for a duty that cannot be
 */
function checkDuty(caller: Caller, kind: 'person' | 'machine', duty: DutyWish, place: string): void {
  if (!mayGrant(caller.roles, duty.role, duty.facilityId !== null && duty.facilityId === caller.facilityId))
    throw new Problem('not-allowed');
  const isOffice = OFFICE_ROLES.has(duty.role);
  if (isOffice !== (duty.facilityId === null) || (duty.role === 'machine') !== (kind === 'machine'))
    throw new Problem('invalid-body', {}, [
      { pointer: `${place}/role`, message: 'problem.place.dutyNotPossible' },
    ]);
}

async function addDuty(
  tx: Transaction,
  accountId: Id,
  duty: DutyWish,
  now: Date,
  place: string,
): Promise<Id> {
  const end = duty.validThrough ? addDays(duty.validThrough, 1) : null;
  if (end !== null && end <= duty.validFrom)
    throw new Problem('time-implausible', {}, [
      { pointer: `${place}/validThrough`, message: 'problem.place.beforeStart' },
    ]);
  const id = newId(now.getTime());
  const { role, facilityId } = duty;
  try {
    await insertDuty(tx, { id, accountId, facilityId, role, valid: rangeFromPeriod(duty.validFrom, end) });
  } catch (error) {
    if (isDatabaseError(error, '23P01'))
      throw new Problem('already-exists', { what: 'duty' }, [], { cause: error });
    throw error;
  }
  return id;
}

export async function grantDuty(
  tx: Transaction,
  caller: Caller,
  accountId: Id,
  duty: DutyWish,
  now: Date,
): Promise<AccountView> {
  const account = await known(tx, accountId);
  checkDuty(caller, account.kind, duty, '');
  if (accountId === caller.accountId) throw new Problem('not-on-yourself');
  await addDuty(tx, accountId, duty, now, '');
  recordAudit(tx, {
    action: 'account.dutyGranted',
    subjectType: 'account',
    subjectId: accountId,
    detail: { ...duty },
  });
  return known(tx, accountId);
}

export async function revokeDuty(
  tx: Transaction,
  caller: Caller,
  accountId: Id,
  dutyId: Id,
  reason: string,
  now: Date,
  facilityIdOf: (code: string) => Id | undefined,
): Promise<AccountView> {
  const account = await known(tx, accountId);
  const duty = account.duties.find((one) => one.id === dutyId);
  if (!duty) throw new Problem('not-found', { what: 'duty' });
  const facilityId = duty.facilityCode === null ? null : facilityIdOf(duty.facilityCode);
  if (!mayGrant(caller.roles, duty.role, facilityId !== null && facilityId === caller.facilityId))
    throw new Problem('not-allowed');
  if (accountId === caller.accountId) throw new Problem('not-on-yourself');
  if (await endDuty(tx, dutyId, localDate(now)))
    recordAudit(tx, {
      action: 'account.dutyRevoked',
      subjectType: 'account',
      subjectId: accountId,
      detail: { dutyId, role: duty.role, reason },
    });
  return known(tx, accountId);
}

/** Locks an account (its sessions and tokens end with the next request) or opens it again. */
export async function lockAccount(
  tx: Transaction,
  caller: Caller,
  accountId: Id,
  state: 'active' | 'locked',
  reason: string,
): Promise<AccountView> {
  const account = await manageable(tx, caller, accountId);
  if (accountId === caller.accountId) throw new Problem('not-on-yourself');
  if (account.state === state) return account;
  await setAccountState(tx, accountId, state, reason);
  recordAudit(tx, {
    action: state === 'locked' ? 'account.locked' : 'account.unlocked',
    subjectType: 'account',
    subjectId: accountId,
    detail: { reason },
  });
  return known(tx, accountId);
}

/**
 * A new way in for somebody who forgot: a person's old password works until the new one is set, a machine's old secret
 * and its tokens end at once. A second factor is taken away only when that is asked for. Not for oneself: whoever finds an open session would make it theirs.
 */
export async function resetAccount(
  tx: Transaction,
  caller: Caller,
  accountId: Id,
  how: { readonly removesSecondFactor: boolean; readonly reason: string; readonly now: Date },
): Promise<CreatedAccount> {
  const { removesSecondFactor, reason, now } = how;
  const account = await manageable(tx, caller, accountId);
  if (accountId === caller.accountId) throw new Problem('not-on-yourself');
  if (removesSecondFactor) await removeSecondFactor(tx, accountId);
  recordAudit(tx, {
    action: removesSecondFactor ? 'account.resetWithSecondFactor' : 'account.reset',
    subjectType: 'account',
    subjectId: accountId,
    reason,
  });
  const opening =
    account.kind === 'person'
      ? await giveOneTimePassword(tx, accountId, now)
      : await giveSecret(tx, accountId);
  return { account, ...opening };
}

/** All duties of the account lie where the caller may give duties: somebody who also works elsewhere is the province's to lock. */
async function manageable(tx: Transaction, caller: Caller, accountId: Id): Promise<AccountView> {
  const account = await known(tx, accountId, true);
  if (caller.roles.includes('province-admin')) return account;
  const [elsewhere] = (await tx.query('select account_works_elsewhere($1) as yes', [accountId])) as {
    yes: boolean;
  }[];
  if (elsewhere?.yes) throw new Problem('works-elsewhere');
  return account;
}

async function known(tx: Transaction, accountId: Id, lock = false): Promise<AccountView> {
  const account = await findAccount(tx, accountId, lock);
  if (!account) throw new Problem('not-found', { what: 'account' });
  return account;
}

async function giveOneTimePassword(tx: Transaction, accountId: Id, now: Date) {
  const oneTimePassword = newOneTimePassword();
  const expiresAt = new Date(now.getTime() + ONE_TIME_HOURS * 3_600_000).toISOString();
  await insertOneTimePassword(tx, accountId, sha256(oneTimePassword), expiresAt);
  return { oneTimePassword };
}

async function giveSecret(tx: Transaction, accountId: Id) {
  const secret = newSecret();
  await insertMachineSecret(tx, accountId, sha256(secret));
  return { secret };
}

/**
 * The first administrator, made when there is none: its one-time password is shown once, by whoever starts the server.
 * Runs as the owner or the door's role. @returns null when there is one already
 */
export async function ensureAdministrator(tx: Transaction, username: string, name: string, now: Date) {
  await tx.query('select pg_advisory_xact_lock(4003)');
  const [found] = await tx.query(`select 1 from account_duty where role = 'province-admin' limit 1`);
  if (found) return null;
  const id = newId(now.getTime());
  await insertAccount(tx, { id, kind: 'person', username, name });
  const duty = { id: newId(now.getTime()), accountId: id, facilityId: null, role: 'province-admin' as const };
  await insertDuty(tx, { ...duty, valid: rangeFromPeriod(localDate(now), null) });
  recordAudit(tx, {
    action: 'account.created',
    subjectType: 'account',
    subjectId: id,
    detail: { first: true },
  });
  const { oneTimePassword } = await giveOneTimePassword(tx, id, now);
  return { username, oneTimePassword };
}
