import pg from 'pg';
import { type RoleUrls, withDatabase } from '../../src/platform/database/index.ts';
import { type RunningProcess, startProcess } from '../../src/runtime/processes.ts';
import { startTestCluster, type TestCluster } from '../harness/cluster.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { TEST_KEY } from '../harness/province.ts';

export const median = (values: readonly number[]): number => percentile(values, 50);
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}
export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** One throw-away server for all benches of a run, as in the tests. */
export async function openCluster(): Promise<TestCluster> {
  // Four worker processes, API and the bench itself.
  const cluster = await startTestCluster({ connections: 400 });
  process.env.HIS_TEST_SUPERUSER_URL = cluster.server.superuserUrl;
  return cluster;
}

/** A copy of a database that nobody uses at the moment. */
export async function copyOf(database: TestDatabase, name: string): Promise<RoleUrls> {
  const superuser = new pg.Client({ connectionString: withDatabase(database.superuserUrl, 'postgres') });
  await superuser.connect();
  try {
    await superuser.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      database.name,
    ]);
    await superuser.query(`create database ${name} template ${database.name} owner his_owner`);
  } finally {
    await superuser.end();
  }
  const moved = Object.entries(database.urls).map(([role, url]) => [role, withDatabase(url, name)]);
  return Object.fromEntries(moved) as RoleUrls;
}

/** A `his` process on such a database, as it runs in production: its own process, its own settings. */
export function startHis(
  command: 'serve' | 'work',
  urls: RoleUrls,
  more: Readonly<Record<string, string>> = {},
): Promise<RunningProcess> {
  const settings = {
    DATABASE_URL: urls.his_app,
    MIGRATION_DATABASE_URL: urls.his_owner,
    EXPORT_DATABASE_URL: urls.his_export,
    IDENTITY_DATABASE_URL: urls.his_identity,
    SECRETS_KEY: TEST_KEY.toString('base64'),
    EXPORT_TIME: '23:59',
    SIGNING: 'off',
    LOG_LEVEL: 'error',
    PORT: '0',
    ...more,
  };
  return startProcess([command], settings, { quiet: true });
}

export { freshDatabase };
