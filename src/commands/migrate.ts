import { readConfig } from '../config.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { prepareSchema } from '../runtime/prepare.ts';
import { say, sayElsewhere, untilDone } from './console.ts';

/** Creates or upgrades the database, as its owner. */
export async function migrateDatabase(): Promise<void> {
  const config = readConfig();
  await untilDone(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const names = await prepareSchema(environment.urls.his_owner);
    if (names.length > 0) say('migrated', { count: names.length });
    else say('upToDate');
  });
}
