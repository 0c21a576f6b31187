import { hashPassword, OFFICE_ROLES, ROLES, type Role, type SessionState } from '../../src/identity/index.ts';
import { derivedId, type Id, sha256 } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from '../harness/database.ts';
import { tokenFor } from '../harness/province.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';
import { MACHINE, PASSWORD, SIGNER } from './values.ts';

/** Somebody who calls: in a session, with a token, or unknown. */
export interface FuzzCaller {
  readonly role: Role | null;
  /** null = the province's office, or nobody. */
  readonly facility: string | null;
  /** Of a session; null = it comes with a token, or with nothing. */
  readonly state: SessionState | null;
  readonly token: string | null;
  readonly isWrong?: 'csrf' | 'expired' | 'locked';
}

const secretOf = (name: string) => `fuzz-${sha256(name).slice(0, 40)}`;
const person = (
  name: string,
  role: Role,
  facility: string | null,
  state: SessionState = 'active',
  isWrong?: 'csrf' | 'expired' | 'locked',
): [string, FuzzCaller] => [
  name,
  { role, facility, state, token: secretOf(name), ...(isWrong ? { isWrong } : {}) },
];
const machine = (name: string, facility: string | null, token: string | null, role: Role | null) =>
  [name, { role, facility, state: null, token }] as [string, FuzzCaller];

const STAFF = ROLES.filter((role) => role !== 'machine' && !OFFICE_ROLES.has(role));

export const CALLERS: Readonly<Record<string, FuzzCaller>> = Object.fromEntries([
  ...[HOSPITAL, STATION].flatMap((code) => STAFF.map((role) => person(`${role}@${code}`, role, code))),
  person('province-admin', 'province-admin', null),
  person('auditor', 'auditor', null),
  person('half-signed-in', 'clinician', HOSPITAL, 'second-factor'),
  person('no-password-yet', 'clinician', HOSPITAL, 'set-password'),
  person('no-second-factor-yet', 'facility-admin', HOSPITAL, 'set-second-factor'),
  person('forged', 'clinician', HOSPITAL, 'active', 'csrf'),
  person('expired', 'clinician', HOSPITAL, 'active', 'expired'),
  person('locked', 'clinician', HOSPITAL, 'active', 'locked'),
  machine(`machine@${HOSPITAL}`, HOSPITAL, tokenFor(HOSPITAL), 'machine'),
  machine(`machine@${STATION}`, STATION, tokenFor(STATION), 'machine'),
  machine('machine of the office', null, tokenFor(null), 'province-admin'),
  machine('nobody', null, null, null),
  machine('stranger', null, 'lt_a_token_that_nobody_gave_out', null),
]);

export const csrfOf = (name: string) => secretOf(`csrf ${name}`);

/** What the caller's requests carry. */
export function credentialsOf(name: string): Readonly<Record<string, string>> {
  const caller = CALLERS[name]!;
  if (caller.token === null) return {};
  if (caller.state === null) return { Authorization: `Bearer ${caller.token}` };
  const csrf = caller.isWrong === 'csrf' ? 'wrong' : csrfOf(name);
  return { Cookie: `lt_session=${caller.token}`, 'X-CSRF-Token': csrf };
}

const STAMP = Date.parse('2025-01-01T00:00:00+07:00');
const idFor = (kind: string, name: string): Id => derivedId(STAMP, 'fuzz', kind, name);

/** Accounts that no request names, so that nobody who calls loses or gains a duty; and some that requests do name. */
export async function makeAccounts(database: TestDatabase): Promise<void> {
  const hash = await hashPassword(PASSWORD);
  const insert = async (name: string, username: string, facility: string | null, role: Role) => {
    const facilityId = facility && facilityIdOf(facility);
    await database.query(
      `insert into account (id, kind, username, name, created_by) values ($1, 'person', $2::text, $2::text, $1)`,
      [idFor('account', name), username],
    );
    await database.query(
      `insert into account_duty (id, account_id, facility_id, role, valid, granted_by)
       values ($1, $2, $3, $4, daterange('2025-01-01', null), $2)`,
      [idFor('duty', name), idFor('account', name), facilityId, role],
    );
  };
  const machineOf = async (code: string) => {
    await insert(MACHINE(code), MACHINE(code), code, 'machine');
    const id = idFor('account', MACHINE(code));
    await database.query(`update account set kind = 'machine' where id = $1`, [id]);
    await database.query(
      'insert into machine_secret (account_id, secret_sha256, created_by) values ($1, $2, $1)',
      [id, sha256(PASSWORD)],
    );
  };
  await machineOf(HOSPITAL);
  let number = 0;
  for (const [name, { state, facility, role }] of Object.entries(CALLERS)) {
    number += 1;
    if (state !== null) await insert(name, `fuzz.caller${number}`, facility, role!);
  }
  for (const code of [HOSPITAL, STATION]) {
    await insert(SIGNER(code), SIGNER(code), code, 'clinician');
    await database.query('insert into credential (account_id, password_hash) values ($1, $2)', [
      idFor('account', SIGNER(code)),
      hash,
    ]);
  }
}

export const signerOf = (code: string) => ({
  accountId: idFor('account', SIGNER(code)),
  dutyId: idFor('duty', SIGNER(code)),
});

/** Everybody's session is as at the beginning, whatever requests did to it; nobody is slowed down. */
export async function refreshSessions(database: TestDatabase): Promise<void> {
  for (const name of Object.keys(CALLERS)) await refreshSession(database, name);
  await database.query('delete from sign_in_failure');
  await database.query('delete from sign_in_setting');
  await database.query(`update account set state = 'active' where username like 'fuzz.signer%'`);
}

export async function refreshSession(database: TestDatabase, name: string): Promise<void> {
  const { state, facility, token, isWrong } = CALLERS[name]!;
  if (state === null) return;
  const [session, account] = [idFor('session', name), idFor('account', name)];
  const facilityId = facility && facilityIdOf(facility);
  await database.query(
    `insert into session (id, account_id, facility_id, state, csrf_token, expires_at)
       values ($1, $2, $3, $4, $5, now() + interval '1 day' * $6)
       on conflict (id) do update set facility_id = excluded.facility_id, state = excluded.state,
         second_factor_at = null, last_seen_at = now(), expires_at = excluded.expires_at, ended_at = null`,
    [session, account, facilityId, state, csrfOf(name), isWrong === 'expired' ? -1 : 1],
  );
  await database.query('delete from session_token where session_id = $1', [session]);
  await database.query('insert into session_token (token_sha256, session_id) values ($1, $2)', [
    sha256(token!),
    session,
  ]);
  await database.query('update account set state = $2 where id = $1', [
    account,
    isWrong === 'locked' ? 'locked' : 'active',
  ]);
}
