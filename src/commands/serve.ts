import { readConfig } from '../config.ts';
import { listen } from '../platform/http/index.ts';
import { createLogger } from '../platform/log.ts';
import { createApi } from '../runtime/api.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment } from '../runtime/environment.ts';
import { ready, say, sayElsewhere, untilStopped } from './console.ts';

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
    const { app } = createApi(config, database, log);
    const server = await listen(app, config.HOST, config.PORT);
    stops.add(() => server.stop());
    say('listening', { url: server.url });
    ready({ url: server.url });
  });
}
