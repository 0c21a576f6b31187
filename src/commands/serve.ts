import { readConfig } from '../config.ts';
import { ensureAdministrator } from '../identity/index.ts';
import { type Database, SYSTEM_CONTEXT } from '../platform/database/index.ts';
import { listen } from '../platform/http/index.ts';
import { createLogger } from '../platform/log.ts';
import { createApi } from '../runtime/api.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment, secretBox } from '../runtime/environment.ts';
import { queueBackend } from '../runtime/workers.ts';
import { ready, say, sayElsewhere, untilStopped, words } from './console.ts';

/** The API and web server, until it is told to stop. */
export async function serve(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.LOG_LEVEL);
  await untilStopped(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const database = openDatabase(environment.urls.his_app, config.DB_POOL, (error) =>
      log.warn({ err: error }, 'database connection lost'),
    );
    stops.add(() => database.close());
    const identity = openDatabase(environment.urls.his_identity, IDENTITY_POOL, (error) =>
      log.warn({ err: error }, 'database connection lost'),
    );
    stops.add(() => identity.close());
    await announceAdministrator(identity);
    const databases = { app: database, identity, queue: queueBackend(config, environment.urls.his_app) };
    const { app, stop } = createApi(config, databases, secretBox(config), log);
    const server = await listen(app, config.HOST, config.PORT);
    stops.add(stop);
    stops.add(() => server.stop());
    say('listening', { url: server.url });
    ready({ url: server.url });
  });
}

/** Sign-in is short work: a few connections carry a province. */
const IDENTITY_POOL = 6;

/** The very first start of an empty installation makes one administrator and says the one-time password once. */
async function announceAdministrator(identity: Database): Promise<void> {
  const first = await identity.transaction(SYSTEM_CONTEXT, (tx) =>
    ensureAdministrator(tx, 'quantri', words('provinceOffice'), new Date()),
  );
  if (first) say('firstAdministrator', first);
}
