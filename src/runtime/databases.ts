import pg from 'pg';
import { createDatabase, type Database, type Orm, openOrm } from '../platform/database/index.ts';

const STATEMENT_LIMIT_MS = 60_000;
/** The server ends a statement itself; one that is silent for so long is gone, its machine with it. */
const SILENCE_LIMIT_MS = STATEMENT_LIMIT_MS + 15_000;

/**
 * One process's way to the database under one role. MikroORM is loaded when first used.
 * @param silenceMs longest time without a word of the server; null = it may take its time
 */
export function openDatabase(
  url: string,
  size: number,
  onError: (error: Error) => void,
  silenceMs: number | null = SILENCE_LIMIT_MS,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(silenceMs === null ? {} : { query_timeout: silenceMs }),
    options: `-c timezone=UTC -c plan_cache_mode=force_generic_plan -c statement_timeout=${STATEMENT_LIMIT_MS}`,
    types: { getTypeParser: textDates },
  });
  pool.on('error', onError);
  // A connection lost while it is lent fails the statement in hand; unheard, its event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let orm: Promise<Orm> | undefined;
  const database = createDatabase(pool, () => {
    orm ??= import('./entities.ts').then(({ ENTITIES }) => openOrm(url, ENTITIES));
    return orm;
  });
  return {
    ...database,
    async close() {
      await database.close();
      await (await orm)?.close(true);
    },
  };
}

const DATE = 1082;

/** Days stay text: a Date object would give them a time and a zone that they do not have. */
function textDates(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === DATE) return (value) => value;
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
}
