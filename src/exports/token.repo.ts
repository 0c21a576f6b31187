import type { GatewayAccount, SharedToken, TokenShelf } from '../gateway/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import type { Clock } from '../platform/dates.ts';
import { sha256 } from '../platform/ids.ts';
import type { SecretBox } from '../platform/secrets.ts';

/** Longer than the token call may take. */
const TURN_MS = 25_000;

/**
 * Tokens in the database, sealed. One process at a time takes a token of an account; a turn that was not ended is over
 * after its time.
 * @param egress address or machine that calls leave from: tokens are bound to it
 */
export function tokenShelf(database: Database, secrets: SecretBox, clock: Clock, egress: string): TokenShelf {
  const context = { ...SYSTEM_CONTEXT, purpose: 'gateway-token' };
  const keyOf = ({ username, passwordMd5 }: GatewayAccount) => [
    username,
    sha256(Buffer.from(passwordMd5)),
    egress,
  ];
  return {
    look: (account) =>
      database.transaction(context, async (tx) => {
        const now = clock.now();
        const ends = new Date(now.getTime() + TURN_MS).toISOString();
        const [turn] = await tx.query<{ sealed: Buffer | null }>(
          `insert into gateway_token as t (username, password_sha256, egress, taking_until) values ($1, $2, $3, $5)
           on conflict (username, password_sha256, egress) do update set taking_until = excluded.taking_until
             where t.taking_until <= $4 returning t.sealed`,
          [...keyOf(account), now.toISOString(), ends],
          'token-turn',
        );
        const [row] = turn
          ? [turn]
          : await tx.query<{ sealed: Buffer | null }>(
              'select sealed from gateway_token where username = $1 and password_sha256 = $2 and egress = $3',
              keyOf(account),
              'token-look',
            );
        return { shared: opened(secrets, row?.sealed ?? null), isOurTurn: turn !== undefined };
      }),
    put: (account, shared) =>
      database.transaction(context, async (tx) => {
        await tx.query(
          `update gateway_token set sealed = $4, taking_until = $5
           where username = $1 and password_sha256 = $2 and egress = $3`,
          [...keyOf(account), shared && secrets.seal(JSON.stringify(shared)), clock.now().toISOString()],
          'token-put',
        );
      }),
  };
}

/** A token that was sealed with a key that is gone is none: a new one is a call away. */
function opened(secrets: SecretBox, sealed: Buffer | null): SharedToken | null {
  try {
    return sealed && (JSON.parse(secrets.open(sealed)) as SharedToken);
  } catch {
    return null;
  }
}
