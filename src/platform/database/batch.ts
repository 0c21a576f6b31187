import pg from 'pg';
import { sha256 } from '../ids.ts';

/** One statement with `$1` parameters. Its text comes from code and is one of few; only the parameters change. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Several statements travel in one message, which cannot carry parameters: they are written in as literals. So that
 * the server does not plan each anew, it is prepared once per connection and the message executes it by name.
 */
export function executeSql({ sql, parameters }: Statement): string {
  const given = parameters.map(literal).join(', ');
  return `execute ${batchName(sql)}${given && `(${given})`}`;
}

/** To be called before a message of `executeSql`: prepares what this connection has not met yet. */
export async function prepareOn(client: pg.PoolClient, statements: readonly Statement[]): Promise<void> {
  const known = preparedOn.get(client) ?? new Set();
  preparedOn.set(client, known);
  const fresh = [...new Set(statements.map(({ sql }) => sql))].filter((sql) => !known.has(sql));
  if (fresh.length === 0) return;
  await client.query(fresh.map((sql) => `prepare ${batchName(sql)} as ${sql}`).join('; '));
  for (const sql of fresh) known.add(sql);
}

const preparedOn = new WeakMap<pg.PoolClient, Set<string>>();

function batchName(sql: string): string {
  let name = names.get(sql);
  if (!name) {
    name = `batch_${sha256(sql).slice(0, 20)}`;
    names.set(sql, name);
  }
  return name;
}
const names = new Map<string, string>();

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return pg.escapeLiteral(JSON.stringify(value));
}
