import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { givenSettings, readConfig } from '../config.ts';
import { type Environment, openEnvironment, secretsKey } from '../runtime/environment.ts';
import { startProcess } from '../runtime/processes.ts';
import { keysDirOf } from '../runtime/workers.ts';
import { DEMO_PASSWORD, type DemoAccount } from '../seed/index.ts';
import { say, sayElsewhere, untilStopped, words } from './console.ts';
import { demoKeys } from './demo-keys.ts';
import { CommandFailure } from './failure.ts';
import { DEMO_PROVINCE, provinceOf } from './seed.ts';
import { seedDatabase } from './seeding.ts';

const CAUSE_WAIT_MS = 500;

/** Everything on one machine: embedded database with the demo province, simulator, workers, API. */
export async function start(options: { readonly demo?: boolean }): Promise<void> {
  const config = readConfig();
  // Its province is invented and its gateway simulated: neither belongs into a database that others run.
  if (config.DATABASE_URL && !options.demo) throw new CommandFailure(words('startOutside'), 2);
  const province = provinceOf(DEMO_PROVINCE);
  await untilStopped(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    if (environment.place) say('embeddedAt', { place: environment.place });
    const { accounts } = await seedDatabase(config, environment.urls.his_owner, {
      province,
      simulatedAccounts: true,
      demoAccounts: true,
    });
    const settings = {
      ...givenSettings(),
      ...settingsFor(environment, secretsKey(config).toString('base64')),
      DEMO_ACCOUNTS: 'on',
    };
    const keysDir = keysDirOf(config);
    await demoKeys(environment.urls, keysDir, province.facilities);
    const simulator = await startProcess(
      ['simulate-gateway', '--certificates', keysDir, '--records', join(config.DATA_DIR, 'simulator.jsonl')],
      // Its control port has no password: it stays on this machine whatever address the API listens on.
      { ...settings, HOST: '127.0.0.1' },
      { stops },
    );
    const withGateway = {
      ...settings,
      GATEWAY_URL: simulator.details.url ?? '',
      SIGNING_KEYS_DIR: keysDir,
      EXPORT_DIR: config.EXPORT_DIR ?? join(config.DATA_DIR, 'claims'),
    };
    const [workers, server] = await Promise.all([
      startProcess(['work'], withGateway, { stops }),
      startProcess(['serve'], withGateway, { stops }),
    ]);
    showAccounts(accounts);
    say('startReady');
    const database = environment.ended.then(() => 'PostgreSQL');
    const first = await Promise.race([
      database,
      ...[simulator, workers, server].map(async (one) => {
        await one.ended;
        return one.name;
      }),
    ]);
    // A part may notice that the database is gone before we do: then the database is what ended.
    const ended = await Promise.race([database, sleep(CAUSE_WAIT_MS, first)]);
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

/** Everybody of one station and one hospital, and the province's office; the other facilities have the same. */
function showAccounts(accounts: readonly DemoAccount[]): void {
  const codes = [...new Set(accounts.map((one) => one.facilityCode))];
  const shown = new Set([codes[0], codes[100], null]);
  say('accounts', { password: DEMO_PASSWORD });
  for (const { username, facilityName, roles, facilityCode } of accounts)
    if (shown.has(facilityCode))
      process.stderr.write(
        `  ${username.padEnd(18)} ${roles.join(', ').padEnd(50)} ${facilityName ?? words('provinceOffice')}\n`,
      );
}
