import pg from 'pg';

const CONNECT_LIMIT_MS = 5_000;
const STATEMENT_LIMIT_MS = 30_000;

/**
 * One connection of its own, without an acting context: for commands of the operator that look at the database or note
 * something in it as its owner. @throws what the driver says when the server or the role does not let us in
 */
export async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
