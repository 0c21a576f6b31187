import { recordAudit } from '../audit/index.ts';
import type { ActingContext, Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import { type DoorDependencies, newSecret } from './session.service.ts';

export interface TokenWish {
  readonly username: string;
  readonly secret: string;
  /** Facility to act for; needed only when the machine serves several. */
  readonly facilityCode?: string;
  /** Permissions wanted; all that a machine may have when absent. */
  readonly scopes?: readonly string[];
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
}

export const MACHINE_SCOPES = (Object.keys(PERMISSIONS) as Permission[]).filter((name) =>
  (PERMISSIONS[name] as readonly string[]).includes('machine'),
);

/** A short-lived token for other software, in exchange for its secret. @throws sign-in-failed, no-duty, bad-parameter */
export async function issueMachineToken(
  deps: DoorDependencies,
  context: ActingContext,
  wish: TokenWish,
): Promise<IssuedToken> {
  const scopes = wish.scopes ?? MACHINE_SCOPES;
  const strange = scopes.filter((scope) => !(MACHINE_SCOPES as readonly string[]).includes(scope));
  if (strange.length > 0) throw new Problem('bad-parameter', { parameter: `scopes: ${strange.join(' ')}` });
  const issued = await deps.database.transaction(context, async (tx) => {
    const places = await machinePlaces(tx, wish, localDate(deps.clock.now()));
    if (places.length === 0) return null;
    const accountId = places[0]!.accountId;
    const chosen = places.filter(
      (place) => place.code !== null && (wish.facilityCode === undefined || place.code === wish.facilityCode),
    );
    const [place] = chosen;
    if (!place || chosen.length > 1) throw new Problem('no-duty');
    const accessToken = `lt_${newSecret()}`;
    await forgetTokens(tx, deps.clock.now());
    await storeToken(tx, accessToken, { accountId, facilityId: place.facilityId, scopes }, expiry(deps));
    recordAudit(tx, {
      action: 'token.issued',
      subjectType: 'account',
      subjectId: accountId,
      detail: { facility: place.code, scopes },
    });
    return accessToken;
  });
  if (!issued) throw new Problem('sign-in-failed');
  const expiresInSeconds = deps.settings.tokenMinutes * 60;
  return { accessToken: issued, tokenType: 'Bearer', expiresInSeconds, scopes };
}

const expiry = (deps: DoorDependencies) =>
  new Date(deps.clock.now().getTime() + deps.settings.tokenMinutes * 60_000);

/** A secret has 256 random bits: its SHA-256 is safe to store and to look up. The newest is the one in force. */
function machinePlaces(tx: Transaction, wish: TokenWish, day: string) {
  return tx.query<{ accountId: Id; facilityId: Id | null; code: string | null }>(
    `select a.id as "accountId", d.facility_id as "facilityId", f.code
     from account a join machine_secret s on s.account_id = a.id
     left join account_duty d on d.account_id = a.id and d.role = 'machine' and d.valid @> $3::date
     left join facility f on f.id = d.facility_id
     where a.username = $1 and a.kind = 'machine' and a.state = 'active' and s.secret_sha256 = $2
       and s.created_at = (select max(n.created_at) from machine_secret n where n.account_id = a.id)`,
    [wish.username.trim().toLowerCase(), sha256(wish.secret), day],
    'machine-places',
  );
}

/** Tokens that ended a day ago. */
async function forgetTokens(tx: Transaction, now: Date): Promise<void> {
  await tx.query(
    `delete from bearer_token where expires_at < $1::timestamptz - interval '1 day'`,
    [now.toISOString()],
    'forget-tokens',
  );
}

export async function storeToken(
  tx: Transaction,
  token: string,
  of: { readonly accountId: Id; readonly facilityId: Id | null; readonly scopes: readonly string[] },
  expiresAt: Date,
): Promise<void> {
  await tx.query(
    `insert into bearer_token (token_sha256, account_id, facility_id, scopes, expires_at) values ($1, $2, $3, $4, $5)`,
    [sha256(token), of.accountId, of.facilityId, of.scopes, expiresAt.toISOString()],
    'store-token',
  );
}

export const FIND_TOKEN = `
select t.account_id as "accountId", a.name, t.facility_id as "facilityId", t.scopes,
  array(select d.role from account_duty d where d.account_id = t.account_id
    and d.facility_id is not distinct from t.facility_id and d.valid @> $3::date) as roles
from bearer_token t join account a on a.id = t.account_id
where t.token_sha256 = $1 and t.revoked_at is null and t.expires_at > $2 and a.state = 'active'
  and not exists (select from machine_secret n where n.account_id = t.account_id and n.created_at > t.issued_at)`;

export interface TokenRow {
  readonly accountId: Id;
  readonly name: string;
  readonly facilityId: Id | null;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}
