import { readdirSync } from 'node:fs';
import type pg from 'pg';
import type { Config } from '../../config.ts';
import { openClient, ROLES, type RoleUrls } from '../../platform/database/index.ts';
import { localDate } from '../../platform/dates.ts';
import { hasSecretsKey, secretBox } from '../environment.ts';
import { type Finding, failure, judged, reasonOf, warning, well } from './finding.ts';
import { appliedMigrations, lastPartition, readServer, sealedValues } from './look.repo.ts';

const OLDEST_VERSION = 18;
const CLOCK = { warning: 2, failure: 60 };
const MIGRATIONS = new URL('../../../migrations/', import.meta.url);

/** Does every role come in? */
export async function examineRoles(urls: RoleUrls): Promise<Finding[]> {
  const refused = await Promise.all(
    ROLES.map(async (role) => {
      try {
        await (await openClient(urls[role])).end();
        return null;
      } catch (error) {
        return `${role} (${reasonOf(error)})`;
      }
    }),
  );
  const names = refused.filter((one) => one !== null);
  if (names.length === ROLES.length) return [failure('database', 'down', { reason: names.join(', ') })];
  return names.length > 0
    ? [failure('roles', 'refused', { roles: names.join(', ') })]
    : [well('roles', { count: ROLES.length })];
}

/** Server, clock, migrations, partitions, and whether our key opens what is sealed. As the owner. */
export async function examineDatabase(config: Config, client: pg.Client): Promise<Finding[]> {
  const before = Date.now();
  const { version, now, powerful } = await readServer(client);
  const skew = Math.abs(now.getTime() - (before + Date.now()) / 2) / 1000;
  const found = [
    version < OLDEST_VERSION ? failure('database', 'old', { version }) : well('database', { version }),
    judged('databaseClock', skew, CLOCK, { seconds: Math.round(skew) }),
    ...(powerful.length > 0 ? [warning('roles', 'powerful', { roles: powerful.join(', ') })] : []),
  ];
  const applied = await appliedMigrations(client);
  const migrations = migrationsFound(applied ?? []);
  found.push(migrations);
  if (migrations.level === 'failure') return found;
  return [...found, partitionsFound(await lastPartition(client)), await secretsFound(config, client)];
}

function migrationsFound(applied: readonly string[]): Finding {
  const known = readdirSync(MIGRATIONS)
    .filter((file) => /^Migration\d+.*\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ''));
  const missing = known.filter((name) => !applied.includes(name));
  const newer = applied.filter((name) => !known.includes(name));
  if (missing.length > 0)
    return failure('migrations', 'missing', { count: missing.length, first: missing[0]! });
  if (newer.length > 0) return warning('migrations', 'newer', { count: newer.length, first: newer[0]! });
  return well('migrations', { count: applied.length });
}

function partitionsFound(last: string | null): Finding {
  const month = (last ?? '').replace('_', '-');
  const [year = 0, number = 0] = localDate(new Date()).split('-').map(Number);
  const [lastYear = 0, lastNumber = 0] = month.split('-').map(Number);
  const ahead = lastYear * 12 + lastNumber - (year * 12 + number);
  if (ahead < 0) return failure('partitions', 'over', { month: month || '–' });
  return ahead < 1 ? warning('partitions', 'ending', { month }) : well('partitions', { month });
}

async function secretsFound(config: Config, client: pg.Client): Promise<Finding> {
  const sealed = await sealedValues(client);
  const unreadable = countUnreadable(config, sealed);
  if (unreadable > 0) return failure('secrets', 'unreadable', { count: unreadable, total: sealed.length });
  if (config.SECRETS_KEY === null && config.DATABASE_URL !== null)
    return warning('secrets', 'local', { folder: config.DATA_DIR });
  return well('secrets', { count: sealed.length });
}

function countUnreadable(config: Config, sealed: readonly Buffer[]): number {
  // Asking for a key that is not there would make one.
  if (!hasSecretsKey(config)) return sealed.length;
  const box = secretBox(config);
  return sealed.filter((value) => {
    try {
      box.open(value);
      return false;
    } catch {
      return true;
    }
  }).length;
}
