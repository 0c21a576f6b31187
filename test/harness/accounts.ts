import type { Session } from '../../src/demo/client.ts';
import { hashPassword, type Role } from '../../src/identity/index.ts';
import { type Id, newId, sha256 } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import type { TestDatabase } from './database.ts';

export const PASSWORD = 'ba con chuồn chuồn ớt';
let passwordHash: Promise<string> | undefined;

export interface TestAccount {
  readonly id: Id;
  readonly username: string;
  readonly role: Role;
  /** null = the province's office. */
  readonly facilityId: Id | null;
  readonly dutyId: Id;
}

/** An account with one duty, as an administrator would have made it long ago. Its password is the one above. */
export async function addAccount(
  database: TestDatabase,
  role: Role,
  facilityCode: string | null,
  more: { readonly username?: string; readonly state?: 'active' | 'locked' } = {},
): Promise<TestAccount> {
  const { username = `${role}.${facilityCode ?? 'office'}`, state = 'active' } = more;
  const facilityId = facilityCode === null ? null : facilityIdOf(facilityCode);
  const account = { id: newId(), username, role, facilityId, dutyId: newId() };
  passwordHash ??= hashPassword(PASSWORD);
  await database.query(
    `with made as (insert into account (id, kind, username, name, state, created_by)
       values ($1, $2, $3::text, $3::text, $4, $1) returning id),
     known as (insert into credential (account_id, password_hash, password_set_at) select id, $5, now() from made)
     insert into account_duty (id, account_id, facility_id, role, valid, granted_by)
     select $6, id, $7, $8, daterange('2025-01-01', null), id from made`,
    [
      account.id,
      role === 'machine' ? 'machine' : 'person',
      username,
      state,
      await passwordHash,
      account.dutyId,
      facilityId,
      role,
    ],
  );
  return account;
}

/**
 * A session that is fully signed in, put there directly: signing in is tried elsewhere.
 * @param isOver one whose end has come
 */
export async function addSession(
  database: TestDatabase,
  account: TestAccount,
  isOver = false,
): Promise<Session & { readonly id: Id }> {
  const id = newId();
  const token = `test-session-${id}`;
  // Seen last in an hour from now: the door neither touches nor renews it, which would be a change of its own.
  await database.query(
    `with made as (insert into session (id, account_id, facility_id, state, csrf_token, last_seen_at, expires_at, second_factor_at)
       values ($1, $2, $3, 'active', $4, now() + interval '1 hour', now() + $5::interval, now()) returning id)
     insert into session_token (token_sha256, session_id, issued_at) select $6, id, now() + interval '1 hour' from made`,
    [id, account.id, account.facilityId, `csrf-${id}`, isOver ? '-1 second' : '8 hours', sha256(token)],
  );
  let cookie = `lt_session=${token}`;
  return {
    id,
    headers: () => ({ Cookie: cookie, 'X-CSRF-Token': `csrf-${id}` }),
    keep(setCookie) {
      for (const text of setCookie ?? []) cookie = /^lt_session=[\w-]*/.exec(text)?.[0] ?? cookie;
    },
  };
}

/** A machine's token. */
export async function addToken(
  database: TestDatabase,
  account: TestAccount,
  scopes: readonly string[],
  isOver = false,
): Promise<string> {
  const token = `lt_test_${newId()}`;
  await database.query(
    `insert into bearer_token (token_sha256, account_id, facility_id, scopes, expires_at)
     values ($1, $2, $3, $4, now() + $5::interval)`,
    [sha256(token), account.id, account.facilityId, scopes, isOver ? '-1 second' : '8 hours'],
  );
  return token;
}
