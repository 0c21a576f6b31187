import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenSettings, readConfig } from '../config.ts';
import { type Environment, openEnvironment, secretsKey } from '../runtime/environment.ts';
import { startProcess } from '../runtime/processes.ts';
import type { IssuedAccount } from '../seed/index.ts';
import { say, sayElsewhere, untilStopped, words } from './console.ts';
import { CommandFailure } from './failure.ts';
import { DEMO_PROVINCE, keepTokens, provinceOf } from './seed.ts';
import { seedDatabase } from './seeding.ts';

/** Everything on one machine: embedded database with the demo province, simulator, workers, API. */
export async function start(options: { readonly demo?: boolean }): Promise<void> {
  const config = readConfig();
  // Its province is invented and its gateway simulated: neither belongs into a database that others run.
  if (config.DATABASE_URL && !options.demo) throw new CommandFailure(words('startOutside'), 2);
  const province = provinceOf(DEMO_PROVINCE);
  await untilStopped(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    if (environment.place) say('embeddedAt', { place: environment.place });
    const { issued } = await seedDatabase(config, environment.urls.his_owner, {
      province,
      simulatedAccounts: true,
      tokens: true,
    });
    const tokensFile = join(config.DATA_DIR, 'tokens.json');
    if (issued.length > 0) keepTokens(tokensFile, issued);
    const settings = {
      ...givenSettings(),
      ...settingsFor(environment, secretsKey(config).toString('base64')),
    };
    const simulator = await startProcess(
      ['simulate-gateway', '--records', join(config.DATA_DIR, 'simulator.jsonl')],
      // Its control port has no password: it stays on this machine whatever address the API listens on.
      { ...settings, HOST: '127.0.0.1' },
      { stops },
    );
    const withGateway = {
      ...settings,
      GATEWAY_URL: simulator.details.url ?? '',
      EXPORT_DIR: config.EXPORT_DIR ?? join(config.DATA_DIR, 'claims'),
    };
    const workers = await startProcess(['work'], withGateway, { stops });
    const server = await startProcess(['serve'], withGateway, { stops });
    showAccounts(tokensFile);
    say('startReady');
    const ended = await Promise.race([
      environment.ended.then(() => 'PostgreSQL'),
      ...[simulator, workers, server].map(async (one) => {
        await one.ended;
        return one.name;
      }),
    ]);
    throw new CommandFailure(words('partEnded', { name: ended }));
  });
}

/** Settings that every process of one installation shares. */
export function settingsFor(environment: Environment, key: string): Record<string, string> {
  return {
    DATABASE_URL: environment.urls.his_app,
    MIGRATION_DATABASE_URL: environment.urls.his_owner,
    EXPORT_DATABASE_URL: environment.urls.his_export,
    IDENTITY_DATABASE_URL: environment.urls.his_identity,
    SECRETS_KEY: key,
  };
}

/** A commune station, a district hospital, a provincial hospital and the province's office; the rest is in the file. */
function showAccounts(file: string): void {
  if (!existsSync(file)) return;
  const accounts = JSON.parse(readFileSync(file, 'utf8')) as IssuedAccount[];
  const shown = [accounts[0], accounts[20], accounts[100], accounts.find((one) => one.facilityCode === null)];
  say('accounts');
  for (const one of shown)
    if (one) process.stderr.write(`  ${one.facilityCode ?? '—'}  ${one.name}\n         ${one.token}\n`);
  say('accountsFile', { file });
}
