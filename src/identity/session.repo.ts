import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { SessionState } from './caller.ts';
import type { Role, SecondFactorRule } from './permissions.ts';

/** SQL of sessions and their tokens. Runs as his_identity; only hashes of tokens are stored. */

export interface SessionRow {
  readonly sessionId: Id;
  readonly accountId: Id;
  readonly name: string;
  readonly facilityId: Id | null;
  readonly state: SessionState;
  readonly csrfToken: string;
  readonly hasSecondFactor: boolean;
  readonly roles: readonly Role[];
  readonly isDemo: boolean;
  /** A second factor of ours is set up. */
  readonly hasTotp: boolean;
  readonly secondFactor: SecondFactorRule;
  readonly isReplaced: boolean;
  readonly replacedSeconds: number | null;
  readonly tokenAgeSeconds: number;
  readonly unseenSeconds: number;
}

/**
 * The living session of a token: not ended, not too old, not idle too long, its account not locked. Read on every
 * request, so the way is told (`offset 0` keeps a step apart): token, then its session, then the account, each by its
 * key. The planner, with statistics of a quiet morning, otherwise walks through all open sessions.
 */
export const FIND_SESSION = `
select s.id as "sessionId", s.account_id as "accountId", a.name, s.facility_id as "facilityId", s.state,
  s.csrf_token as "csrfToken", s.second_factor_at is not null as "hasSecondFactor",
  array(select d.role from account_duty d where d.account_id = s.account_id
    and d.facility_id is not distinct from s.facility_id and d.valid @> $3::date) as roles,
  t.replaced_at is not null as "isReplaced",
  a.is_demo as "isDemo",
  exists (select from credential c where c.account_id = a.id and c.totp_confirmed_at is not null) as "hasTotp",
  coalesce((select x.second_factor from sign_in_setting x where x.facility_id = s.facility_id), 'usual') as "secondFactor",
  extract(epoch from $2::timestamptz - t.replaced_at)::float as "replacedSeconds",
  extract(epoch from $2::timestamptz - t.issued_at)::float as "tokenAgeSeconds",
  extract(epoch from $2::timestamptz - s.last_seen_at)::float as "unseenSeconds"
from session_token t
cross join lateral (select * from session where id = t.session_id offset 0) s
cross join lateral (select * from account where id = s.account_id offset 0) a
where t.token_sha256 = $1 and s.ended_at is null and s.expires_at > $2
  and s.last_seen_at > $2::timestamptz - make_interval(mins => $4) and a.state = 'active' and (not a.is_demo or $5)`;

export interface NewSession {
  readonly id: Id;
  readonly accountId: Id;
  readonly facilityId: Id | null;
  readonly state: SessionState;
  readonly csrfToken: string;
  readonly tokenSha256: string;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly origin: string | null;
  readonly secondFactorAt: Date | null;
}

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx.query(
    `insert into session (id, account_id, facility_id, state, csrf_token, created_at, last_seen_at, expires_at, origin, second_factor_at)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)`,
    [
      session.id,
      session.accountId,
      session.facilityId,
      session.state,
      session.csrfToken,
      session.now.toISOString(),
      session.expiresAt.toISOString(),
      session.origin,
      session.secondFactorAt?.toISOString() ?? null,
    ],
    'insert-session',
  );
  await insertToken(tx, session.id, session.tokenSha256, session.now);
}

export async function insertToken(
  tx: Transaction,
  sessionId: Id,
  tokenSha256: string,
  now: Date,
): Promise<void> {
  await tx.query(
    'insert into session_token (token_sha256, session_id, issued_at) values ($1, $2, $3)',
    [tokenSha256, sessionId, now.toISOString()],
    'insert-session-token',
  );
}

/** Marks this token as replaced. @returns false when another request did so first */
export async function replaceToken(tx: Transaction, tokenSha256: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    'update session_token set replaced_at = $2 where token_sha256 = $1 and replaced_at is null returning 1',
    [tokenSha256, now.toISOString()],
    'replace-session-token',
  );
  return rows.length > 0;
}

/** Tokens of the account's sessions that are over. */
export async function forgetOldTokens(tx: Transaction, accountId: Id, now: Date): Promise<void> {
  await tx.query(
    `delete from session_token t using session s
     where s.id = t.session_id and s.account_id = $1 and (s.ended_at is not null or s.expires_at <= $2)`,
    [accountId, now.toISOString()],
    'forget-session-tokens',
  );
}

/** Old tokens of the session end at once: whoever holds one from before a change of rights is out. */
export async function dropTokens(tx: Transaction, sessionId: Id): Promise<void> {
  await tx.query('delete from session_token where session_id = $1', [sessionId], 'drop-session-tokens');
}

export interface SessionChange {
  readonly state?: SessionState;
  readonly facilityId?: Id | null;
  readonly secondFactorAt?: Date;
}

export async function changeSession(tx: Transaction, sessionId: Id, change: SessionChange): Promise<void> {
  await tx.query(
    `update session set state = coalesce($2, state), facility_id = case when $3 then $4::uuid else facility_id end,
       second_factor_at = coalesce($5::timestamptz, second_factor_at) where id = $1`,
    [
      sessionId,
      change.state ?? null,
      change.facilityId !== undefined,
      change.facilityId ?? null,
      change.secondFactorAt?.toISOString() ?? null,
    ],
    'change-session',
  );
}

export async function touchSession(tx: Transaction, sessionId: Id, now: Date): Promise<void> {
  await tx.query(
    'update session set last_seen_at = $2 where id = $1',
    [sessionId, now.toISOString()],
    'touch-session',
  );
}

/** @param only one session; all of the account otherwise @returns how many ended */
export async function endSessions(
  tx: Transaction,
  accountId: Id,
  reason: string,
  now: Date,
  only: Id | null = null,
  except: Id | null = null,
): Promise<number> {
  const rows = await tx.query(
    `update session set ended_at = $2, end_reason = $3
     where account_id = $1 and ended_at is null and ($4::uuid is null or id = $4) and ($5::uuid is null or id <> $5)
     returning id`,
    [accountId, now.toISOString(), reason, only, except],
    'end-sessions',
  );
  return rows.length;
}

export interface Workplace {
  readonly facilityId: Id | null;
  readonly code: string | null;
  readonly name: string | null;
  readonly roles: readonly Role[];
  readonly secondFactor: SecondFactorRule;
}

/** Where the account has duties on that day, most recently used first. */
export async function workplacesOf(tx: Transaction, accountId: Id, day: string): Promise<Workplace[]> {
  return tx.query<Workplace>(
    `select d.facility_id as "facilityId", f.code, f.name, array_agg(d.role order by d.role) as roles,
       coalesce(max(x.second_factor), 'usual') as "secondFactor"
     from account_duty d left join facility f on f.id = d.facility_id
     left join sign_in_setting x on x.facility_id = d.facility_id
     where d.account_id = $1 and d.valid @> $2::date
     group by d.facility_id, f.code, f.name
     order by (select max(s.last_seen_at) from session s where s.account_id = $1
       and s.facility_id is not distinct from d.facility_id) desc nulls last, f.code nulls first`,
    [accountId, day],
    'workplaces',
  );
}
