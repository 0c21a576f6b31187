import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { type Role, type RoleUrls, randomPasswords, roleUrls } from '../platform/database/index.ts';
import { createSecretBox, type SecretBox } from '../platform/secrets.ts';
import type { Stops } from './stops.ts';

/** The database this installation works on: one URL per role. */
export interface Environment {
  readonly urls: RoleUrls;
  /** Folder of the embedded data; null = an outside database. */
  readonly place: string | null;
  /** Settles when the embedded server that we started is gone; never for a server of somebody else. */
  readonly ended: Promise<void>;
}

export const DATABASE = 'his';

const NEVER = new Promise<void>(() => {});

/**
 * Outside database if configured, else the embedded server: joined when another process of ours runs it, otherwise
 * started, created and migrated as needed.
 * @param options.stops takes the server before it is waited for: a start that is broken off leaves nothing behind
 */
export async function openEnvironment(
  config: Config,
  options: { readonly stops: Stops; readonly onElsewhere: (place: string) => void },
): Promise<Environment> {
  const found = await findEnvironment(config);
  if (found) return { ...found, ended: NEVER };
  const { startEmbeddedPostgres } = await import('../platform/embedded/index.ts');
  const { prepareDatabase } = await import('./prepare.ts');
  const { superuserUrl, place, ended } = await startEmbeddedPostgres({
    dir: config.DATA_DIR,
    durable: true,
    walDir: config.BACKUP_WAL_DIR,
    onElsewhere: options.onElsewhere,
    onSpawn: options.stops.add,
  });
  const urls = await prepareDatabase(superuserUrl, DATABASE, rolePasswords(config.DATA_DIR));
  return { urls, place, ended };
}

/** The database as it is now: the outside one, or the embedded server if somebody runs it. Starts and changes nothing. */
export async function findEnvironment(config: Config): Promise<Pick<Environment, 'urls' | 'place'> | null> {
  const { DATABASE_URL: his_app, MIGRATION_DATABASE_URL: his_owner } = config;
  const { EXPORT_DATABASE_URL: his_export, IDENTITY_DATABASE_URL: his_identity } = config;
  if (his_app && his_owner && his_export && his_identity)
    return { urls: { his_app, his_owner, his_export, his_identity }, place: null };
  const { findRunningPostgres } = await import('../platform/embedded/index.ts');
  const running = findRunningPostgres(config.DATA_DIR);
  if (!running) return null;
  return {
    urls: roleUrls(running.superuserUrl, DATABASE, rolePasswords(config.DATA_DIR)),
    place: running.place,
  };
}

/** Passwords of the embedded server's roles, made once and kept readable by their owner only. */
function rolePasswords(dataDir: string): Record<Role, string> {
  return JSON.parse(keptSecret(dataDir, 'roles.json', () => JSON.stringify(randomPasswords()))) as Record<
    Role,
    string
  >;
}

/** Seals with the key in force and opens what the one before sealed. */
export function secretBox(config: Config): SecretBox {
  const previous = config.SECRETS_KEY_PREVIOUS;
  return createSecretBox(secretsKey(config), ...(previous ? [Buffer.from(previous, 'base64')] : []));
}

/** Is there a key already, in the settings or in the data folder? */
export function hasSecretsKey(config: Config): boolean {
  return config.SECRETS_KEY !== null || existsSync(join(config.DATA_DIR, SECRETS_KEY_FILE));
}
const SECRETS_KEY_FILE = 'secrets.key';

/** The key that seals secrets for the database: from the settings, else made once in the data folder. */
export function secretsKey(config: Config): Buffer {
  const text =
    config.SECRETS_KEY ??
    keptSecret(config.DATA_DIR, SECRETS_KEY_FILE, () => randomBytes(32).toString('base64'));
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
