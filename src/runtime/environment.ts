import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { type Role, type RoleUrls, randomPasswords, roleUrls } from '../platform/database/index.ts';

/** The database this installation works on: one URL per role, and how to let go of it. */
export interface Environment {
  readonly urls: RoleUrls;
  /** Superuser of the embedded server; null when the database is somebody else's. */
  readonly superuserUrl: string | null;
  /** Folder of the embedded data; null = an outside database. */
  readonly place: string | null;
  stop(): Promise<void>;
}

export const DATABASE = 'his';

/**
 * Outside database if configured, else the embedded server: joined when another process of ours runs it, otherwise
 * started, created and migrated as needed.
 * @param durable false only for throw-away data
 */
export async function openEnvironment(
  config: Config,
  options: { readonly durable?: boolean; readonly onElsewhere?: (place: string) => void } = {},
): Promise<Environment> {
  const { DATABASE_URL, MIGRATION_DATABASE_URL, EXPORT_DATABASE_URL, IDENTITY_DATABASE_URL } = config;
  if (DATABASE_URL && MIGRATION_DATABASE_URL && EXPORT_DATABASE_URL && IDENTITY_DATABASE_URL) {
    const urls = {
      his_app: DATABASE_URL,
      his_owner: MIGRATION_DATABASE_URL,
      his_export: EXPORT_DATABASE_URL,
      his_identity: IDENTITY_DATABASE_URL,
    };
    return { urls, superuserUrl: null, place: null, stop: async () => {} };
  }
  const { findRunningPostgres, startEmbeddedPostgres } = await import('../platform/embedded/index.ts');
  const running = findRunningPostgres(config.DATA_DIR);
  if (running) {
    const urls = roleUrls(running.superuserUrl, DATABASE, rolePasswords(config.DATA_DIR));
    return { urls, superuserUrl: running.superuserUrl, place: running.place, stop: async () => {} };
  }
  const { prepareDatabase } = await import('./prepare.ts');
  const server = await startEmbeddedPostgres({
    dir: config.DATA_DIR,
    durable: options.durable ?? true,
    ...(options.onElsewhere ? { onElsewhere: options.onElsewhere } : {}),
  });
  try {
    const urls = await prepareDatabase(server.superuserUrl, DATABASE, rolePasswords(config.DATA_DIR));
    return { urls, superuserUrl: server.superuserUrl, place: server.place, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Passwords of the embedded server's roles, made once and kept readable by their owner only. */
function rolePasswords(dataDir: string): Record<Role, string> {
  return JSON.parse(keptSecret(dataDir, 'roles.json', () => JSON.stringify(randomPasswords()))) as Record<
    Role,
    string
  >;
}

/** The key that seals gateway passwords: from the settings, else made once in the data folder. */
export function secretsKey(config: Config): Buffer {
  const text =
    config.SECRETS_KEY ??
    keptSecret(config.DATA_DIR, 'secrets.key', () => randomBytes(32).toString('base64'));
  return Buffer.from(text, 'base64');
}

function keptSecret(dataDir: string, name: string, make: () => string): string {
  const file = join(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true });
  const made = make();
  writeFileSync(file, made, { mode: 0o600 });
  return made;
}
