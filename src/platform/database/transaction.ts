import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import { type Id, sha256 } from '../ids.ts';
import { executeSql, prepareOn, type Statement } from './batch.ts';
import type { EntityManager, Orm } from './orm.ts';

/**
 * How far a transaction sees. `facility`: its own rows; `province`: figures and work lists of all, never charts;
 * `audit`: the audit trail of all and nothing else; `none`: reference data only.
 */
export type Reach = 'facility' | 'province' | 'audit' | 'none';

/** Who acts, for which facility, why: known to every row-level policy and every audit event of the transaction. */
export interface ActingContext {
  readonly userId: Id;
  /** null = the province's own office, which belongs to no facility. */
  readonly facilityId: Id | null;
  /** `facility` where there is one, else `none`, unless said otherwise. */
  readonly reach?: Reach;
  readonly purpose: string;
  readonly requestId: string;
  /** Network address that the call came from; absent for work of our own. */
  readonly origin?: string | null;
}

/** The system acting on its own behalf: start-up, scheduled work, reading reference data. */
export const SYSTEM_USER: Id = '00000000-0000-7000-8000-000000000000';
export const SYSTEM_CONTEXT: ActingContext = {
  userId: SYSTEM_USER,
  facilityId: null,
  purpose: 'system',
  requestId: 'system',
};
/** The system counting: figures of the whole province. */
export const FIGURES_CONTEXT: ActingContext = { ...SYSTEM_CONTEXT, reach: 'province', purpose: 'figures' };

/** One open transaction. Everything that touches the database goes through one of these. */
export interface Transaction {
  readonly context: ActingContext;
  /** Rows of the last opening statement. */
  readonly opened: readonly unknown[];
  /** Rows of one statement with `$1` parameters; `name` keeps the statement prepared on its connection. */
  query<Row>(sql: string, parameters?: readonly unknown[], name?: string): Promise<Row[]>;
  /** MikroORM on this same transaction, for everyday entity work. */
  em(): Promise<EntityManager>;
  /**
   * A statement that is sent together with COMMIT, in one round trip, after all others: audit, outbox, the stored
   * answer of an idempotency key. Its failure fails the transaction. The text is constant: it stays prepared.
   */
  atCommit(sql: string, parameters: readonly unknown[]): void;
}

/** The same transaction for statements whose rows nobody needs: they travel with COMMIT, in their order. */
export const withCommit = (tx: Transaction): Transaction => ({
  ...tx,
  async query(sql, parameters = []) {
    tx.atCommit(sql, parameters);
    return [];
  },
});

export interface Database {
  /**
   * Runs `work` in one transaction that carries the context; commits when it returns, rolls back when it throws.
   * @param opening statements that travel with BEGIN in one round trip; `tx.opened` holds the rows of the last one
   */
  transaction<T>(
    context: ActingContext,
    work: (tx: Transaction) => Promise<T>,
    opening?: readonly Statement[],
  ): Promise<T>;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const SET_CONTEXT = `select set_config('app.user', $1, true), set_config('app.facility', $2, true),
  set_config('app.reach', $3, true), set_config('app.purpose', $4, true)`;

/** Opens every transaction: context settings hold until its end only. */
function contextStatement(context: ActingContext): Statement {
  const { userId, facilityId, purpose } = context;
  const reach = context.reach ?? (facilityId ? 'facility' : 'none');
  return { sql: SET_CONTEXT, parameters: [userId, facilityId ?? '', reach, purpose] };
}

export function createDatabase(pool: pg.Pool, orm: () => Promise<Orm>): Database {
  return {
    pool,
    async transaction(context, work, opening = []) {
      const client = await pool.connect();
      let broken: Error | boolean = false;
      try {
        const first = [contextStatement(context), ...opening];
        await prepareOn(client, first);
        const opened = await sendAll(client, ['begin', ...first.map(executeSql)]);
        const late: Statement[] = [];
        const result = await work(transactionOn(client, context, opened.at(-1)?.rows ?? [], late, orm));
        await prepareOn(client, late);
        await sendAll(client, [...late.map(executeSql), 'commit']);
        return result;
      } catch (error) {
        broken = await rollBack(client);
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** All in one message. @returns the result of each; of a single one, that one */
async function sendAll(client: pg.PoolClient, statements: readonly string[]): Promise<pg.QueryResult[]> {
  return [(await client.query(statements.join(';\n'))) as unknown as pg.QueryResult].flat();
}

/** @returns the reason why the connection must be thrown away, or false when it can be used again */
async function rollBack(client: pg.PoolClient): Promise<Error | false> {
  try {
    await client.query('rollback');
    return false;
  } catch (error) {
    return error as Error;
  }
}

function transactionOn(
  client: pg.PoolClient,
  context: ActingContext,
  opened: readonly unknown[],
  late: Statement[],
  orm: () => Promise<Orm>,
): Transaction {
  let em: Promise<EntityManager> | undefined;
  return {
    context,
    opened,
    async query<Row>(text: string, parameters: readonly unknown[] = [], name?: string) {
      const result = await client.query(
        name
          ? { name: preparedName(name), text, values: [...parameters] }
          : { text, values: [...parameters] },
      );
      return result.rows as Row[];
    },
    em() {
      em ??= entityManagerOn(client, orm);
      return em;
    },
    atCommit(sql, parameters) {
      late.push({ sql, parameters });
    },
  };
}

/** PostgreSQL keeps 63 characters of a prepared statement's name; longer names become their hash. */
function preparedName(name: string): string {
  if (name.length < 64) return name;
  let short = shortNames.get(name);
  if (!short) {
    short = sha256(name).slice(0, 40);
    shortNames.set(name, short);
  }
  return short;
}
const shortNames = new Map<string, string>();

/** MikroORM speaks through Kysely; this hands it the connection that is already in our transaction. */
async function entityManagerOn(client: pg.PoolClient, orm: () => Promise<Orm>): Promise<EntityManager> {
  const kysely = new Kysely({
    dialect: {
      createDriver: () => new JoinedDriver(client),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const em = (await orm()).em.fork();
  em.setTransactionContext(await kysely.startTransaction().execute());
  return em;
}

/** Begin and commit belong to `Database.transaction`; here they do nothing. */
class JoinedDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(client: pg.PoolClient) {
    this.#connection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        const result = await client.query(query.sql, [...query.parameters]);
        return { rows: result.rows as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
      },
      streamQuery() {
        throw new Error('streaming inside a transaction is not offered');
      },
    };
  }

  async init() {}
  async acquireConnection() {
    return this.#connection;
  }
  async beginTransaction() {}
  async commitTransaction() {}
  async rollbackTransaction() {}
  async releaseConnection() {}
  async destroy() {}
}
