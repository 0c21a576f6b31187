import { type Config, readConfig } from '../../src/config.ts';
import { type ApiAnswer, type ApiClient, createApiClient } from '../../src/demo/client.ts';
import type { Database } from '../../src/platform/database/index.ts';
import type { Clock } from '../../src/platform/dates.ts';
import { systemClock } from '../../src/platform/dates.ts';
import { listen, type Patience } from '../../src/platform/http/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { createLogger, type Logger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { createApi } from '../../src/runtime/api.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { queueBackend } from '../../src/runtime/workers.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { TEST_KEY, tokenFor } from './province.ts';

export interface TestServer {
  readonly url: string;
  readonly database: TestDatabase;
  readonly app: Database;
  readonly identity: Database;
  readonly api: ApiClient;
  /** A call with the facility's token; POSTs get a new Idempotency-Key unless one is given. */
  call(
    method: string,
    path: string,
    options?: { as?: string | null; body?: unknown; headers?: Record<string, string> },
  ): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/**
 * The real API on a database of its own, with the demo province in it.
 * @param options.as facility whose token calls carry unless they say otherwise; null = the province's office
 */
export async function startTestServer(options: {
  readonly as: string | null;
  readonly clock?: Clock;
  readonly settings?: Partial<Config>;
  /** Another server on a database that is somebody else's to drop. */
  readonly on?: TestDatabase;
  readonly patience?: Patience;
  /** Nobody hears of failures unless somebody listens. */
  readonly log?: Logger;
}): Promise<TestServer> {
  const database = options.on ?? (await freshDatabase());
  const log = options.log ?? createLogger('silent');
  const app = openDatabase(database.urls.his_app, 8, () => undefined);
  const identity = openDatabase(database.urls.his_identity, 4, () => undefined);
  const settings = {
    ...readConfig({}),
    MAX_BODY_KB: 256,
    DEMO_ACCOUNTS: 'on' as const,
    CARD_LOOKUP_WAIT_MS: 0,
    ...options.settings,
  };
  const { app: http, stop: stopApi } = createApi(
    settings,
    { app, identity, queue: queueBackend(settings, database.urls.his_app) },
    createSecretBox(TEST_KEY),
    log,
    options.clock ?? systemClock,
  );
  const server = await listen(http, '127.0.0.1', 0, options.patience);
  const api = createApiClient(server.url, 16);
  return {
    url: server.url,
    database,
    app,
    identity,
    api,
    call(method, path, { as = options.as, body, headers = {} } = {}) {
      const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
      return api.call(method, path, tokenFor(as), body, { ...key, ...headers });
    },
    async stop() {
      api.close();
      await server.stop(500);
      await stopApi();
      await app.close();
      await identity.close();
      if (!options.on) await database.drop();
    },
  };
}
