import { afterEach, describe, expect, test } from '@jest/globals';
import { openQueues, type Queues } from '../../src/platform/queue/index.ts';
import { queueBackend } from '../../src/runtime/workers.ts';
import { freshDatabase } from '../harness/database.ts';
import { BACKENDS, until } from '../harness/plant.ts';
import { startRedis } from '../harness/redis.ts';

const HOURS_MS = 3 * 3_600_000;
const rightNow = Date.now;
afterEach(() => {
  Date.now = rightNow;
});

describe.each(BACKENDS)('what is done at regular intervals, queue in %s', (kind) => {
  test('goes on after a machine whose clock was ahead has planned it for hours later', async () => {
    const database = await freshDatabase();
    const redis = kind === 'redis' ? await startRedis() : null;
    let queues: Queues | null = null;
    try {
      const backend = queueBackend({ REDIS_URL: redis?.url ?? null }, database.urls.his_export);
      queues = await openQueues(backend, { lockMs: 2_000, onError: () => undefined });
      Date.now = () => rightNow() + HOURS_MS;
      await queues.schedule('export-schedule', 'sweep', 300);
      // The first time is at once; from it comes the next, hours ahead.
      let times = 0;
      await queues.startWorker(
        'export-schedule',
        async () => {
          times += 1;
        },
        { concurrency: 1 },
      );
      await until(async () => times > 0);
      Date.now = rightNow;
      const before = times;
      await queues.restoreSchedules();
      await until(async () => times > before + 1);
      expect(times).toBeGreaterThan(before + 1);
    } finally {
      await queues?.close();
      await redis?.stop();
      await database.drop();
    }
  });
});
