import { randomBytes } from 'node:crypto';
import { type Database, SYSTEM_CONTEXT, type Transaction } from '../platform/database/index.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';

/** Who is calling: an account of one facility, or of the province's own office (`facilityId` null). */
export interface Caller {
  readonly accountId: Id;
  readonly facilityId: Id | null;
  readonly role: 'facility' | 'province';
  readonly name: string;
}

export interface Identity {
  /** @throws Problem `not-signed-in` for a missing, unknown or revoked token */
  authenticate(authorization: string | undefined): Promise<Caller>;
}

const REMEMBER_MS = 10_000;
const REMEMBER_MAX = 10_000;

/** The one door: bearer tokens, one per facility. Only their hash is stored; an answer is remembered for 10 s. */
export function createIdentity(database: Database, clockMs: () => number = Date.now): Identity {
  const remembered = new Map<string, { caller: Caller; until: number }>();

  return {
    async authenticate(authorization) {
      const token = /^Bearer ([\w-]{20,200})$/.exec(authorization ?? '')?.[1];
      if (!token) throw new Problem('not-signed-in');
      const hash = hashToken(token);
      const known = remembered.get(hash);
      if (known && known.until > clockMs()) return known.caller;
      const caller = await database.transaction(SYSTEM_CONTEXT, (tx) => findCaller(tx, hash));
      if (!caller) throw new Problem('not-signed-in');
      if (remembered.size >= REMEMBER_MAX) remembered.clear();
      remembered.set(hash, { caller, until: clockMs() + REMEMBER_MS });
      return caller;
    },
  };
}

async function findCaller(tx: Transaction, hash: string): Promise<Caller | undefined> {
  const rows = await tx.query<Caller>(
    `select account_id as "accountId", facility_id as "facilityId", role, name
     from access_token where token_sha256 = $1 and revoked_at is null`,
    [hash],
    'access-token',
  );
  return rows[0];
}

export function newToken(): string {
  return `lt_${randomBytes(24).toString('base64url')}`;
}

export function hashToken(token: string): string {
  return sha256(token);
}

/** Stores a token's hash; issuing again for the same account replaces its token. */
export async function issueToken(
  tx: Transaction,
  token: string,
  account: { readonly accountId: Id; readonly facilityId: Id | null; readonly name: string },
): Promise<void> {
  await tx.query(
    `insert into access_token (token_sha256, account_id, facility_id, name, role)
     values ($1, $2, $3, $4, $5)
     on conflict (account_id) do update set token_sha256 = excluded.token_sha256, revoked_at = null`,
    [
      hashToken(token),
      account.accountId,
      account.facilityId,
      account.name,
      account.facilityId ? 'facility' : 'province',
    ],
  );
}
