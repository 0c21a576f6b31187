import { readConfig } from '../config.ts';
import { listen } from '../platform/http/index.ts';
import { createLogger } from '../platform/log.ts';
import { createApi } from '../runtime/api.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { ready, say, sayElsewhere, stopOnSignal } from './console.ts';

/** The API and web server, until it is told to stop. */
export async function serve(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.LOG_LEVEL);
  const environment = await openEnvironment(config, { onElsewhere: sayElsewhere });
  const database = openDatabase(environment.urls.his_app, config.DB_POOL, (error) =>
    log.warn({ reason: error.message }, 'database connection lost'),
  );
  const { app } = createApi(config, database, log);
  const server = await listen(app, config.HOST, config.PORT);
  say('listening', { url: server.url });
  ready({ url: server.url });
  stopOnSignal(async () => {
    await server.stop();
    await database.close();
    await environment.stop();
  });
}
