import { startWorkers } from '../../workers/index.ts';
import { readConfig } from '../config.ts';
import { createLogger } from '../platform/log.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment, secretBox } from '../runtime/environment.ts';
import { openWorkQueues, workerParts } from '../runtime/workers.ts';
import { ready, say, sayElsewhere, untilStopped } from './console.ts';

/** The workers, until they are told to stop. */
export async function work(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.LOG_LEVEL);
  await untilStopped(async (stops) => {
    const environment = await openEnvironment(config, { stops, onElsewhere: sayElsewhere });
    const url = environment.urls.his_export;
    const database = openDatabase(url, config.DB_POOL, (error) =>
      log.warn({ err: error }, 'database connection lost'),
    );
    stops.add(() => database.close());
    const parts = workerParts(config, database, secretBox(config), log);
    stops.add(() => parts.gateway.close());
    const queues = await openWorkQueues(config, url, database, log);
    stops.add(() => queues.close());
    const workers = await startWorkers(parts, queues, { sweepEveryMs: config.SWEEP_EVERY_MS });
    stops.add(() => workers.stop());
    say('working', { backend: queues.backend });
    ready({ backend: queues.backend });
  });
}
