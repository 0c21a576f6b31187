import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { ROLES, type Role, type RoleUrls, withDatabase } from '../../src/platform/database/index.ts';
import { PASSWORDS, TEMPLATE } from './cluster.ts';

export interface TestDatabase {
  readonly name: string;
  readonly superuserUrl: string;
  readonly urls: RoleUrls;
  /** One statement as superuser: what tests look at, never what the product does. */
  query<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** What a `his` process needs of this database, as a person sets it. */
export const environmentOf = ({ urls }: Pick<TestDatabase, 'urls'>): Readonly<Record<string, string>> => ({
  DATABASE_URL: urls.his_app,
  MIGRATION_DATABASE_URL: urls.his_owner,
  EXPORT_DATABASE_URL: urls.his_export,
  IDENTITY_DATABASE_URL: urls.his_identity,
});

/** A database of its own for one test file: a copy of the migrated template, or empty. */
export async function freshDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const superuser = process.env.HIS_TEST_SUPERUSER_URL;
  if (!superuser) throw new Error('no test cluster: start tests with npm test');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await asSuperuser(
    superuser,
    options.empty
      ? `create database ${name} owner his_owner`
      : `create database ${name} template ${TEMPLATE} strategy file_copy owner his_owner`,
  );
  const superuserUrl = withDatabase(superuser, name);
  const pool = new pg.Pool({ connectionString: superuserUrl, max: 2 });
  pool.on('error', () => undefined);
  const url = (role: Role) => {
    const made = new URL(superuserUrl);
    made.username = role;
    made.password = PASSWORDS[role];
    return made.href;
  };
  return {
    name,
    superuserUrl,
    urls: Object.fromEntries(ROLES.map((role) => [role, url(role)])) as unknown as RoleUrls,
    async query<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []) {
      return (await pool.query<Row>(sql, parameters)).rows;
    },
    async drop() {
      await pool.end();
      await asSuperuser(superuser, `drop database if exists ${name} with (force)`);
    },
  };
}

async function asSuperuser(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
