import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { Role, SecondFactorRule } from './permissions.ts';

/** SQL of accounts and duties, as the application's role: row-level security shows a facility its own people only. */

export interface DutyView {
  readonly id: Id;
  readonly role: Role;
  readonly facilityCode: string | null;
  readonly validFrom: string;
  /** Last day; null = no end known. */
  readonly validThrough: string | null;
}

export interface AccountView {
  readonly id: Id;
  readonly version: number;
  readonly kind: 'person' | 'machine';
  readonly username: string;
  readonly name: string;
  readonly state: 'active' | 'locked';
  readonly stateReason: string | null;
  readonly duties: readonly DutyView[];
}

const VIEW = `
select a.id, a.version, a.kind, a.username, a.name, a.state, a.state_reason as "stateReason",
  coalesce((select json_agg(json_build_object('id', d.id, 'role', d.role, 'facilityCode', f.code,
      'validFrom', lower(d.valid), 'validThrough', upper(d.valid) - 1) order by d.granted_at, d.id)
    from account_duty d left join facility f on f.id = d.facility_id where d.account_id = a.id), '[]') as duties
from account a`;

export async function listAccounts(
  tx: Transaction,
  after: string | null,
  limit: number,
): Promise<AccountView[]> {
  return tx.query<AccountView>(
    `${VIEW} where ($1::text is null or a.username > $1) order by a.username limit $2`,
    [after, limit],
  );
}

/** @param lock for a change that is decided on what is read */
export async function findAccount(tx: Transaction, id: Id, lock = false): Promise<AccountView | undefined> {
  if (lock) await tx.query('select 1 from account where id = $1 for update', [id]);
  const rows = await tx.query<AccountView>(`${VIEW} where a.id = $1`, [id]);
  return rows[0];
}

export async function insertAccount(
  tx: Transaction,
  account: {
    readonly id: Id;
    readonly kind: 'person' | 'machine';
    readonly username: string;
    readonly name: string;
    readonly isDemo?: boolean;
  },
): Promise<void> {
  await tx.query(
    'insert into account (id, kind, username, name, is_demo, created_by) values ($1, $2, $3, $4, $5, $6)',
    [account.id, account.kind, account.username, account.name, account.isDemo ?? false, tx.context.userId],
  );
}

export interface NewDuty {
  readonly id: Id;
  readonly accountId: Id;
  readonly facilityId: Id | null;
  readonly role: Role;
  /** `[from,to)` */
  readonly valid: string;
}

export async function insertDuty(tx: Transaction, duty: NewDuty): Promise<void> {
  await tx.query(
    `insert into account_duty (id, account_id, facility_id, role, valid, granted_by) values ($1, $2, $3, $4, $5, $6)`,
    [duty.id, duty.accountId, duty.facilityId, duty.role, duty.valid, tx.context.userId],
  );
}

/** Ends a duty on that day (which is the first without it); a duty that never began is ended on its first day. */
export async function endDuty(tx: Transaction, dutyId: Id, day: string): Promise<boolean> {
  const rows = await tx.query(
    `update account_duty set valid = daterange(lower(valid), greatest(lower(valid) + 1, $2::date))
     where id = $1 and (upper(valid) is null or upper(valid) > greatest(lower(valid) + 1, $2::date)) returning 1`,
    [dutyId, day],
  );
  return rows.length > 0;
}

export async function setAccountState(
  tx: Transaction,
  id: Id,
  state: 'active' | 'locked',
  reason: string,
): Promise<void> {
  await tx.query('update account set state = $2, state_reason = $3, version = version + 1 where id = $1', [
    id,
    state,
    reason,
  ]);
}

export async function insertOneTimePassword(
  tx: Transaction,
  accountId: Id,
  codeSha256: string,
  expiresAt: string,
): Promise<void> {
  await tx.query(
    'insert into one_time_password (account_id, code_sha256, expires_at, created_by) values ($1, $2, $3, $4)',
    [accountId, codeSha256, expiresAt, tx.context.userId],
  );
}

/** The person sets a new one at the next sign-in, if one is asked for. Open sessions end. */
export async function removeSecondFactor(tx: Transaction, accountId: Id): Promise<void> {
  const [row] = await tx.query<{ removed: boolean }>('select remove_second_factor($1) as removed', [
    accountId,
  ]);
  if (!row?.removed) throw new Error('the database knows better whose second factor this is not');
}

export async function insertMachineSecret(
  tx: Transaction,
  accountId: Id,
  secretSha256: string,
): Promise<void> {
  await tx.query('insert into machine_secret (account_id, secret_sha256, created_by) values ($1, $2, $3)', [
    accountId,
    secretSha256,
    tx.context.userId,
  ]);
}

export async function linkPractitioner(
  tx: Transaction,
  facilityId: Id,
  licence: string,
  accountId: Id,
): Promise<boolean> {
  const rows = await tx.query(
    `update practitioner set account_id = $3 where facility_id = $1 and licence_number = $2 returning 1`,
    [facilityId, licence, accountId],
  );
  return rows.length > 0;
}

export async function setSecondFactorRule(
  tx: Transaction,
  facilityId: Id,
  rule: SecondFactorRule,
): Promise<void> {
  await tx.query(
    `insert into sign_in_setting (facility_id, second_factor, changed_by) values ($1, $2, $3)
     on conflict (facility_id) do update set second_factor = excluded.second_factor, changed_at = now(),
       changed_by = excluded.changed_by`,
    [facilityId, rule, tx.context.userId],
  );
}
