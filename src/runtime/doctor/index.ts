import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { Config } from '../../config.ts';
import { deadlineRules, readRadar } from '../../exports/index.ts';
import { FIGURES_CONTEXT, openClient, type RoleUrls } from '../../platform/database/index.ts';
import { openDatabase } from '../databases.ts';
import { findEnvironment } from '../environment.ts';
import { examineDatabase, examineRoles } from './database.ts';
import { type Finding, failure, reasonOf, warning } from './finding.ts';
import { readWork } from './look.repo.ts';
import { examineFolder, examineGateway, examineQueue, examineZone } from './outside.ts';
import { judgeDeadlines, judgeWork } from './work.ts';

export type { Finding, Level } from './finding.ts';

/** Looks at everything an installation needs, from its settings to the gateway. Starts, changes and sends nothing. */
export async function examine(config: Config): Promise<Finding[]> {
  const environment = await findEnvironment(config);
  const [database, gateway] = await Promise.all([
    environment ? examineInside(config, environment.urls) : stopped(config),
    examineGateway(config),
  ]);
  // Whoever has a database and a key elsewhere may do without one.
  const needsData =
    config.DATABASE_URL === null || config.SECRETS_KEY === null || existsSync(config.DATA_DIR);
  const folders = [
    ...(needsData ? [examineFolder('DATA_DIR', config.DATA_DIR)] : []),
    ...(config.EXPORT_DIR === null ? [] : [examineFolder('EXPORT_DIR', config.EXPORT_DIR)]),
  ];
  const demo = config.DEMO_ACCOUNTS === 'on' ? [warning('demoAccounts', 'on')] : [];
  return [examineZone(), ...demo, ...database, ...gateway, ...folders];
}

const stopped = async ({ DATA_DIR: folder }: Config) => [failure('database', 'stopped', { folder })];

async function examineInside(config: Config, urls: RoleUrls): Promise<Finding[]> {
  return [...(await examineTables(config, urls)), await examineQueue(config.REDIS_URL, urls.his_export)];
}

async function examineTables(config: Config, urls: RoleUrls): Promise<Finding[]> {
  const roles = await examineRoles(urls);
  let client: pg.Client;
  try {
    client = await openClient(urls.his_owner);
  } catch {
    return roles; // names the owner
  }
  try {
    const found = [...roles, ...(await examineDatabase(config, client))];
    const isComplete = !found.some(({ check, level }) => check === 'migrations' && level === 'failure');
    if (!isComplete) return found;
    const deadlines = await examineDeadlines(config, urls.his_app);
    return [...found, ...judgeWork(config, await readWork(client)), deadlines];
  } catch (error) {
    return [...roles, failure('database', 'down', { reason: reasonOf(error) })];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** As the radar counts them. */
async function examineDeadlines(config: Config, appUrl: string): Promise<Finding> {
  const rules = deadlineRules(config.STRICTER_DEADLINE_FROM);
  const database = openDatabase(appUrl, 1, () => undefined);
  try {
    const { total } = await database.transaction(FIGURES_CONTEXT, (tx) =>
      readRadar(tx, null, rules, new Date()),
    );
    return judgeDeadlines(total);
  } catch (error) {
    return failure('deadlines', 'unreadable', { reason: reasonOf(error) });
  } finally {
    await database.close();
  }
}
