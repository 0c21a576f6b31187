import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { QUEUES } from '../exports/index.ts';
import { openOrm, provisionDatabase, type Role, type RoleUrls } from '../platform/database/index.ts';
import { installQueueSchema } from '../platform/queue/index.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Applies what is missing, as the owner. @returns names of the migrations that ran */
export async function migrate(ownerUrl: string, options: { readonly to?: string } = {}): Promise<string[]> {
  const orm = await openOrm(ownerUrl, [], MIGRATIONS);
  try {
    const done = await orm.migrator.up(options.to ? { to: options.to } : {});
    return done.map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}

/** Migrations, the queue's own schema with its grants, and partitions for the months around today. */
export async function prepareSchema(ownerUrl: string, today: Date = new Date()): Promise<string[]> {
  const names = await migrate(ownerUrl);
  await installQueueSchema(ownerUrl, ['his_app', 'his_export'], Object.values(QUEUES));
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('select ensure_month_partitions($1::date, $2::date)', [
      monthsFrom(today, -1),
      monthsFrom(today, 3),
    ]);
  } finally {
    await client.end();
  }
  return names;
}

/** From a bare server to a database that is ready to serve. */
export async function prepareDatabase(
  superuserUrl: string,
  database: string,
  passwords: Readonly<Record<Role, string>>,
): Promise<RoleUrls> {
  const urls = await provisionDatabase(superuserUrl, database, passwords);
  await prepareSchema(urls.his_owner);
  return urls;
}

function monthsFrom(day: Date, months: number): string {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
}
