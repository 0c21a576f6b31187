import { startWorkers } from '../../workers/index.ts';
import { readConfig } from '../config.ts';
import { createLogger } from '../platform/log.ts';
import { openDatabase } from '../runtime/databases.ts';
import { openEnvironment, secretsKey } from '../runtime/environment.ts';
import { openWorkQueues, workerParts } from '../runtime/workers.ts';
import { ready, say, sayElsewhere, stopOnSignal } from './console.ts';

/** The workers, until they are told to stop. */
export async function work(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.LOG_LEVEL);
  const environment = await openEnvironment(config, { onElsewhere: sayElsewhere });
  const url = environment.urls.his_export;
  const database = openDatabase(url, config.DB_POOL, (error) =>
    log.warn({ reason: error.message }, 'database connection lost'),
  );
  const parts = workerParts(config, database, secretsKey(config), log);
  const queues = await openWorkQueues(config, url, log);
  const workers = await startWorkers(parts, queues, { sweepEveryMs: config.SWEEP_EVERY_MS });
  say('working', { backend: queues.backend });
  ready({ backend: queues.backend });
  stopOnSignal(async () => {
    await workers.stop();
    await queues.close();
    parts.gateway.close();
    await database.close();
    await environment.stop();
  });
}
