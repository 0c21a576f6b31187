import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { type FailureCount, type Failures, FORGET_AFTER_MS } from './throttle.ts';

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

/** Was it ever given to the account by an administrator, who knows it too? */
export async function wasGiven(tx: Transaction, accountId: Id, codeSha256: string): Promise<boolean> {
  const rows = await tx.query('select 1 from one_time_password where account_id = $1 and code_sha256 = $2', [
    accountId,
    codeSha256,
  ]);
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

/** Has the account of this name signed in from this address before? */
export async function isKnownAddress(tx: Transaction, username: string, address: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from account a join known_address k on k.account_id = a.id where a.username = $1 and k.address = $2`,
    [username, address],
    'known-address',
  );
  return rows.length > 0;
}

/**
 * Counts an attempt before it is judged, so that many at the same moment are not all free: the second waits for the
 * first to be counted. From a known address only the pair is counted: nobody else is slowed by it.
 * @returns what stood there before
 */
export async function countAttempt(
  tx: Transaction,
  usernameSha256: string,
  address: string,
  isKnown: boolean,
  now: Date,
): Promise<Failures> {
  const forgetBefore = new Date(now.getTime() - FORGET_AFTER_MS).toISOString();
  const rows = await tx.query<{ of: string; at: string; failures: number | null; lastAt: Date }>(
    `insert into sign_in_failure (username_sha256, address, failures, last_at)
     select of, at, 1, $3 from (values ($1, $2), ($1, ''), ('', $2)) as v(of, at)
     where not $5 or (of, at) = ($1, $2) order by of, at
     on conflict (username_sha256, address) do update set last_at = excluded.last_at,
       failures = case when sign_in_failure.last_at < $4 then 1 else sign_in_failure.failures + 1 end
     returning new.username_sha256 as of, new.address as at, old.failures, old.last_at as "lastAt"`,
    [usernameSha256, address, now.toISOString(), forgetBefore, isKnown],
    'count-attempt',
  );
  const count = (of: string, at: string): FailureCount | null => {
    const row = rows.find((one) => one.of === of && one.at === at);
    return row && row.failures !== null ? { failures: row.failures, lastAt: row.lastAt } : null;
  };
  return {
    pair: count(usernameSha256, address),
    account: count(usernameSha256, ''),
    address: count('', address),
    isKnownAddress: isKnown,
  };
}

/**
 * The attempt was right: it was none of the address's failures, and what the account did wrong is forgotten. Rows are
 * taken in the order in which they are counted.
 */
export async function forgetAttempts(
  tx: Transaction,
  usernameSha256: string,
  address: string,
  isKnown: boolean,
): Promise<void> {
  if (!isKnown)
    await tx.query(
      `update sign_in_failure set failures = failures - 1 where username_sha256 = '' and address = $1 and failures > 0`,
      [address],
      'uncount-address',
    );
  for (const at of ['', address])
    await tx.query(
      'delete from sign_in_failure where username_sha256 = $1 and address = $2',
      [usernameSha256, at],
      'forget-attempts',
    );
}

/** Names that nobody has tried for long; rows that others just use are left for the next time. */
export async function forgetOldAttempts(tx: Transaction, now: Date): Promise<void> {
  await tx.query(
    `delete from sign_in_failure where ctid = any(array(
       select ctid from sign_in_failure where last_at < $1 limit 100 for update skip locked))`,
    [new Date(now.getTime() - FORGET_AFTER_MS).toISOString()],
    'forget-old-attempts',
  );
}

/** The account works from there: what others do elsewhere does not slow it at this address. */
export async function rememberAddress(
  tx: Transaction,
  accountId: Id,
  address: string,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into known_address (account_id, address, last_at) values ($1, $2, $3)
     on conflict (account_id, address) do update set last_at = excluded.last_at`,
    [accountId, address, now.toISOString()],
    'remember-address',
  );
}
