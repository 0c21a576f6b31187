import { actingContext, type Caller } from '../identity/index.ts';
import type { Statement, Transaction } from '../platform/database/index.ts';
import type { Operation, Reply, RequestMeta } from '../platform/http/index.ts';
import { Problem } from '../platform/problem.ts';
import type { ApiDependencies, RequestContext } from './context.ts';
import type { ApiRoute } from './routes.ts';

type IdempotencyWish = NonNullable<RequestMeta['idempotency']>;

/** A route of the API ready to be called: only for those who are signed in. */
export function inTransaction(deps: ApiDependencies, route: ApiRoute): Operation<Caller> {
  const { handle, afterwards, ...shape } = route;
  return {
    ...shape,
    async run(caller, meta, input) {
      if (!caller) throw new Problem('not-signed-in');
      const work = (context: RequestContext) => handle({ ...input, context });
      const reply = await execute(deps, caller, route.permission, meta, work);
      if (!afterwards) return reply;
      const { purpose, requestId, ip, language } = meta;
      const acting = actingContext(caller, route.permission, { purpose, requestId, origin: ip });
      return afterwards(deps, language, (next) => deps.database.transaction(acting, next), reply);
    },
  };
}

interface Stored {
  readonly free: string;
  readonly route: string | null;
  readonly body_sha256: string | null;
  readonly status: number | null;
  readonly reply: { body: unknown; etag: number | null; location: string | null } | null;
}

/** Runs one request in one transaction: context, idempotency, the work, audit and the stored answer together. */
async function execute(
  deps: ApiDependencies,
  caller: Caller,
  permission: string,
  meta: RequestMeta,
  work: (context: RequestContext) => Promise<Reply>,
): Promise<Reply> {
  const { purpose, requestId, ip, language } = meta;
  const acting = actingContext(caller, permission, { purpose, requestId, origin: ip });
  const [directory, catalogue, ruleSettings] = await Promise.all([
    deps.directory.get(),
    deps.catalogue.get(),
    deps.ruleSettings.get(),
  ]);
  const { law, clock, claimChoices, deadlines, onRuleFailure } = deps;
  const run = (tx: Transaction) =>
    work({
      tx,
      caller,
      directory,
      catalogue,
      ruleSettings,
      claimChoices,
      law,
      clock,
      deadlines,
      onRuleFailure,
      language,
    });
  const wish = meta.idempotency;
  if (!wish) return deps.database.transaction(acting, run);
  return deps.database.transaction(
    acting,
    async (tx) => {
      const replay = replayOf(tx.opened[0] as Stored, caller, wish);
      if (replay) return replay;
      const reply = await run(tx);
      remember(tx, caller, wish, reply);
      return reply;
    },
    openingFor(caller, wish),
  );
}

/**
 * Two statements that travel with BEGIN: take the key for this transaction (or learn that another request holds it),
 * and only then look for a stored answer, so that an answer committed in between is seen.
 */
function openingFor({ accountId }: Caller, { key }: IdempotencyWish): Statement[] {
  return [
    { sql: TAKE_KEY, parameters: [accountId, key] },
    { sql: FIND_REPLY, parameters: [accountId, key] },
  ];
}

const TAKE_KEY = `select set_config('app.key_free',
  pg_try_advisory_xact_lock(hashtextextended($1::text || $2::text, 0))::text, true)`;
const FIND_REPLY = `select current_setting('app.key_free') as free, i.route, i.body_sha256, i.status, i.reply
  from (select 1) one left join idempotency i on i.account_id = $1::uuid and i.key = $2`;

function replayOf(stored: Stored, caller: Caller, wish: IdempotencyWish): Reply | null {
  if (stored.free !== 'true') throw new Problem('idempotency-in-flight');
  if (stored.status === null) return null;
  if (stored.route !== routeOf(caller, wish) || stored.body_sha256 !== wish.bodySha256)
    throw new Problem('idempotency-key-reused');
  return {
    status: stored.status,
    body: stored.reply?.body,
    ...(stored.reply?.etag == null ? {} : { etag: stored.reply.etag }),
    ...(stored.reply?.location == null ? {} : { location: stored.reply.location }),
    headers: { 'Idempotency-Replayed': 'true' },
  };
}

/** A key belongs to one account at one facility. */
function routeOf(caller: Caller, wish: IdempotencyWish): string {
  return `${wish.method} ${wish.path} @${caller.facilityId ?? 'province'}`;
}

function remember(tx: Transaction, caller: Caller, wish: IdempotencyWish, reply: Reply): void {
  tx.atCommit(
    `insert into idempotency (account_id, key, route, body_sha256, status, reply)
     values ($1::uuid, $2, $3, $4, $5, $6::json)`,
    [
      caller.accountId,
      wish.key,
      routeOf(caller, wish),
      wish.bodySha256,
      reply.status,
      { body: kept(reply), etag: reply.etag ?? null, location: reply.location ?? null },
    ],
  );
}

/** A one-time password or a machine's secret must not lie in the database in clear. */
function kept({ body, shownOnce = [] }: Reply): unknown {
  if (shownOnce.length === 0) return body;
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => !shownOnce.includes(name)));
}
