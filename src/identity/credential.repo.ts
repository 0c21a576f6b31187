import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { FailureCount, Failures } from './throttle.ts';

/** SQL of passwords, second factors and failed attempts. Runs as his_identity, the only role that can. */

export interface CredentialRow {
  readonly accountId: Id;
  readonly kind: 'person' | 'machine';
  readonly username: string;
  readonly name: string;
  readonly state: 'active' | 'locked';
  readonly isDemo: boolean;
  readonly passwordHash: string | null;
  readonly totpSealed: Buffer | null;
  readonly totpPendingSealed: Buffer | null;
  readonly totpLastStep: string | null;
}

const CREDENTIAL = `
select a.id as "accountId", a.kind, a.username, a.name, a.state, a.is_demo as "isDemo", c.password_hash as "passwordHash",
  case when c.totp_confirmed_at is not null then c.totp_sealed end as "totpSealed",
  c.totp_pending_sealed as "totpPendingSealed", c.totp_last_step as "totpLastStep"
from account a left join credential c on c.account_id = a.id`;

export async function findByUsername(tx: Transaction, username: string): Promise<CredentialRow | undefined> {
  const rows = await tx.query<CredentialRow>(
    `${CREDENTIAL} where a.username = $1`,
    [username],
    'by-username',
  );
  return rows[0];
}

/** Locked for this transaction, so that one code cannot be taken twice at the same moment. */
export async function lockCredential(tx: Transaction, accountId: Id): Promise<CredentialRow | undefined> {
  await tx.query('insert into credential (account_id) values ($1) on conflict do nothing', [accountId]);
  await tx.query('select 1 from credential where account_id = $1 for update', [accountId]);
  const rows = await tx.query<CredentialRow>(
    `${CREDENTIAL} where a.id = $1`,
    [accountId],
    'credential-by-id',
  );
  return rows[0];
}

export async function storePassword(tx: Transaction, accountId: Id, hash: string, now: Date): Promise<void> {
  await tx.query(
    `insert into credential (account_id, password_hash, password_set_at) values ($1, $2, $3)
     on conflict (account_id) do update set password_hash = excluded.password_hash, password_set_at = excluded.password_set_at`,
    [accountId, hash, now.toISOString()],
  );
  await tx.query('update one_time_password set used_at = $2 where account_id = $1 and used_at is null', [
    accountId,
    now.toISOString(),
  ]);
}

/** Is it a one-time password that still opens? It is used up when a password of one's own is set. */
export async function isOneTimePassword(
  tx: Transaction,
  accountId: Id,
  codeSha256: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from one_time_password where account_id = $1 and code_sha256 = $2 and used_at is null and expires_at > $3`,
    [accountId, codeSha256, now.toISOString()],
  );
  return rows.length > 0;
}

export async function storePendingTotp(tx: Transaction, accountId: Id, sealed: Buffer): Promise<void> {
  await tx.query('update credential set totp_pending_sealed = $2 where account_id = $1', [accountId, sealed]);
}

/** The pending second factor becomes the one in use. */
export async function confirmTotp(tx: Transaction, accountId: Id, step: number, now: Date): Promise<void> {
  await tx.query(
    `update credential set totp_sealed = totp_pending_sealed, totp_pending_sealed = null, totp_confirmed_at = $2,
       totp_last_step = $3 where account_id = $1`,
    [accountId, now.toISOString(), step],
  );
}

export async function storeTotpStep(tx: Transaction, accountId: Id, step: number): Promise<void> {
  await tx.query('update credential set totp_last_step = $2 where account_id = $1', [accountId, step]);
}

export async function replaceRecoveryCodes(
  tx: Transaction,
  accountId: Id,
  hashes: readonly string[],
): Promise<void> {
  await tx.query('delete from recovery_code where account_id = $1', [accountId]);
  await tx.query('insert into recovery_code (account_id, code_sha256) select $1, unnest($2::text[])', [
    accountId,
    hashes,
  ]);
}

/** @returns false for a wrong or used code */
export async function useRecoveryCode(
  tx: Transaction,
  accountId: Id,
  hash: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update recovery_code set used_at = $3 where account_id = $1 and code_sha256 = $2 and used_at is null returning 1`,
    [accountId, hash, now.toISOString()],
  );
  return rows.length > 0;
}

export async function readFailures(
  tx: Transaction,
  usernameSha256: string,
  address: string,
): Promise<Failures> {
  const rows = await tx.query<{ of: string; at: string; failures: number; lastAt: Date; known: boolean }>(
    `select username_sha256 as of, address as at, failures, last_at as "lastAt" from sign_in_failure
     where (username_sha256, address) in (($1, $2), ($1, ''), ('', $2))`,
    [usernameSha256, address],
    'sign-in-failures',
  );
  const known = await tx.query(
    `select 1 from known_address k join account a on a.id = k.account_id
     where encode(sha256(convert_to(a.username, 'UTF8')), 'hex') = $1 and k.address = $2`,
    [usernameSha256, address],
    'known-address',
  );
  const count = (of: string, at: string): FailureCount | null =>
    rows.find((row) => row.of === of && row.at === at) ?? null;
  return {
    pair: count(usernameSha256, address),
    account: count(usernameSha256, ''),
    address: count('', address),
    isKnownAddress: known.length > 0,
  };
}

export async function countFailure(
  tx: Transaction,
  usernameSha256: string,
  address: string,
  now: Date,
  forgetBefore: Date,
): Promise<void> {
  await tx.query(
    `insert into sign_in_failure (username_sha256, address, failures, last_at)
     select of, at, 1, $3 from (values ($1, $2), ($1, ''), ('', $2)) as v(of, at) order by of, at
     on conflict (username_sha256, address) do update set last_at = excluded.last_at,
       failures = case when sign_in_failure.last_at < $4 then 1 else sign_in_failure.failures + 1 end`,
    [usernameSha256, address, now.toISOString(), forgetBefore.toISOString()],
  );
}

export async function forgetFailures(
  tx: Transaction,
  usernameSha256: string,
  address: string,
): Promise<void> {
  await tx.query(`delete from sign_in_failure where username_sha256 = $1 and address in ($2, '')`, [
    usernameSha256,
    address,
  ]);
}

/** A right password: what this account did wrong is forgotten, and the address is known from now on. */
export async function clearFailures(
  tx: Transaction,
  accountId: Id,
  usernameSha256: string,
  address: string,
  now: Date,
): Promise<void> {
  await forgetFailures(tx, usernameSha256, address);
  await tx.query(
    `insert into known_address (account_id, address, last_at) values ($1, $2, $3)
     on conflict (account_id, address) do update set last_at = excluded.last_at`,
    [accountId, address, now.toISOString()],
  );
}
