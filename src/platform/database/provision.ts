import { randomBytes } from 'node:crypto';
import pg from 'pg';

/**
 * The roles of the product and the queue's schema. The application owns nothing: `his_owner` migrates, `his_app`
 * answers requests, `his_export` runs the workers, `his_identity` is the sign-in door, the only one that reads secrets.
 */
export const ROLES = ['his_owner', 'his_app', 'his_export', 'his_identity'] as const;
export type Role = (typeof ROLES)[number];
/** Owns the functions that read narrow columns of the whole province for the assessment. Nobody signs in as it. */
const ASSESSOR = 'his_assessor';
export type RoleUrls = Readonly<Record<Role, string>>;

/** Creates what is missing, sets the passwords, and returns one URL per role. Needs a superuser; repeatable. */
export async function provisionDatabase(
  superuserUrl: string,
  database: string,
  passwords: Readonly<Record<Role, string>>,
): Promise<RoleUrls> {
  await withClient(superuserUrl, async (client) => {
    for (const role of ROLES) {
      const known = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      const verb = known.rowCount ? 'alter' : 'create';
      await client.query(
        `${verb} role ${role} login noinherit nobypassrls password ${client.escapeLiteral(passwords[role])}`,
      );
    }
    const assessor = await client.query('select 1 from pg_roles where rolname = $1', [ASSESSOR]);
    await client.query(
      `${assessor.rowCount ? 'alter' : 'create'} role ${ASSESSOR} nologin noinherit nobypassrls`,
    );
    await client.query(`grant ${ASSESSOR} to his_owner with inherit false, set true`);
    const exists = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (!exists.rowCount)
      await client.query(`create database ${client.escapeIdentifier(database)} owner his_owner`);
  });
  await withClient(withDatabase(superuserUrl, database), async (client) => {
    await client.query(`
      revoke create on schema public from public;
      grant all on schema public to his_owner;
      create schema if not exists bullmq authorization his_owner;
    `);
  });
  return roleUrls(superuserUrl, database, passwords);
}

/** One URL per role on the same server. */
export function roleUrls(
  serverUrl: string,
  database: string,
  passwords: Readonly<Record<Role, string>>,
): RoleUrls {
  const url = (role: Role) => {
    const made = new URL(withDatabase(serverUrl, database));
    made.username = role;
    made.password = encodeURIComponent(passwords[role]);
    return made.href;
  };
  return Object.fromEntries(ROLES.map((role) => [role, url(role)])) as unknown as RoleUrls;
}

export function randomPasswords(): Record<Role, string> {
  const one = () => randomBytes(24).toString('base64url');
  return Object.fromEntries(ROLES.map((role) => [role, one()])) as unknown as Record<Role, string>;
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
