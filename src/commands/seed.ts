import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Config, currentLanguage, readConfig } from '../config.ts';
import { text } from '../messages/index.ts';
import { type FileProblem, type Province, readProvince } from '../seed/province-files.ts';
import { say, sayElsewhere, untilDone, words } from './console.ts';
import { CommandFailure } from './failure.ts';
import type { Seeds } from './seeding.ts';

export const DEMO_PROVINCE = new URL('../../fixtures/province/', import.meta.url);

export interface SeedOptions {
  readonly from?: string;
  readonly demo?: boolean;
  readonly gatewayAccounts?: string;
}

/**
 * Loads a province from files, keeps gateway accounts; the sample province comes with its sample accounts. The files are read and
 * judged before a database, the ORM or the queue is even loaded.
 */
export async function seed(options: SeedOptions): Promise<void> {
  const config = readConfig();
  const seeds = await seedsOf(options, config);
  await untilDone(async (stops) => {
    const [{ openEnvironment }, { seedDatabase }] = await Promise.all([
      import('../runtime/environment.ts'),
      import('./seeding.ts'),
    ]);
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const { counts } = await seedDatabase(config, environment.urls.his_owner, seeds);
    if (counts) say('seeded', { ...counts });
    if (seeds.gatewayAccounts) say('gatewayAccountsKept', { count: seeds.gatewayAccounts.length });
  });
}

/** @throws CommandFailure when the files are wrong, or when it is not said what a real database shall be given */
async function seedsOf(options: SeedOptions, config: Config): Promise<Seeds> {
  if (options.from !== undefined && options.demo) throw new CommandFailure(words('seedFromOrDemo'), 2);
  const onlyAccounts = options.gatewayAccounts !== undefined && options.from === undefined && !options.demo;
  const invented = options.demo || (options.from === undefined && !onlyAccounts);
  // The invented province goes into a database that others run only when somebody says so.
  if (invented && !options.demo && config.DATABASE_URL) throw new CommandFailure(words('seedWhat'), 2);
  const folder = options.from === undefined ? DEMO_PROVINCE : pathToFileURL(`${resolve(options.from)}/`);
  return {
    ...(onlyAccounts ? {} : { province: provinceOf(folder) }),
    ...(options.gatewayAccounts === undefined
      ? {}
      : { gatewayAccounts: await accountsOf(options.gatewayAccounts) }),
    demoAccounts: invented,
    simulatedAccounts: invented,
  };
}

/** A province whose files are all as required. @throws CommandFailure that names every wrong line */
export function provinceOf(folder: URL): Province {
  const { province, problems } = readProvince(folder);
  refuse(problems);
  return province;
}

async function accountsOf(file: string) {
  const { readGatewayAccounts } = await import('../seed/gateway-accounts.ts');
  const { accounts, problems } = readGatewayAccounts(pathToFileURL(resolve(file)));
  refuse(problems);
  if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) say('accountsFileOpen', { file });
  return accounts;
}

const MOST_SHOWN = 20;

function refuse(problems: readonly FileProblem[]): void {
  if (problems.length === 0) return;
  const shown = problems
    .slice(0, MOST_SHOWN)
    .map((problem) => text(currentLanguage(), problem.message, problem.values));
  if (problems.length > MOST_SHOWN)
    shown.push(words('moreProblems', { count: problems.length - MOST_SHOWN }));
  throw new CommandFailure(shown.join('\n'));
}
