import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { type Environment, openEnvironment, secretsKey } from '../runtime/environment.ts';
import { type RunningProcess, startProcess } from '../runtime/processes.ts';
import type { IssuedAccount } from '../seed/index.ts';
import { say, sayElsewhere, stopOnSignal } from './console.ts';
import { DEMO_PROVINCE, keepTokens, seedDatabase } from './seed.ts';

/** Everything on one machine: embedded database with the demo province, simulator, workers, API. */
export async function start(): Promise<void> {
  const config = readConfig();
  const environment = await openEnvironment(config, { onElsewhere: sayElsewhere });
  const running: RunningProcess[] = [];
  const stop = async () => {
    for (const process_ of running.toReversed()) await process_.stop();
    await environment.stop();
  };
  try {
    say('embeddedAt', { place: environment.place ?? '-' });
    const { issued } = await seedDatabase(config, environment.urls.his_owner, DEMO_PROVINCE, {
      simulatedAccounts: true,
      tokens: true,
    });
    const tokensFile = join(config.DATA_DIR, 'tokens.json');
    if (issued.length > 0) keepTokens(tokensFile, issued);
    const settings = settingsFor(environment, secretsKey(config).toString('base64'));
    const simulator = await startProcess(['simulate-gateway'], {
      ...settings,
      SIMULATOR_PORT: String(config.SIMULATOR_PORT),
      SIMULATOR_CONTROL_PORT: String(config.SIMULATOR_CONTROL_PORT),
    });
    running.push(simulator);
    const withGateway = {
      ...settings,
      GATEWAY_URL: simulator.details.url ?? '',
      EXPORT_DIR: config.EXPORT_DIR ?? join(config.DATA_DIR, 'claims'),
      EXPORT_TIME: config.EXPORT_TIME,
      ...optional('REDIS_URL', config.REDIS_URL),
    };
    running.push(await startProcess(['work'], withGateway));
    running.push(
      await startProcess(['serve'], { ...withGateway, HOST: config.HOST, PORT: String(config.PORT) }),
    );
    showAccounts(tokensFile);
    say('startReady');
    stopOnSignal(stop);
  } catch (error) {
    await stop();
    throw error;
  }
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

function optional(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
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
