import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createSecretBox } from '../../src/platform/secrets.ts';
import { createApi } from '../../src/runtime/api.ts';
import { BACKENDS, startPlant } from '../harness/plant.ts';
import { TEST_KEY } from '../harness/province.ts';

test.each(BACKENDS)('figures tell of jobs and of check-ins without an answer, queue in %s', async (kind) => {
  const plant = await startPlant(kind);
  try {
    await plant.record(4, ['40001'], 1);
    await plant.queues.addMany('settled', [
      { id: 'a.1', name: 'x', data: {} },
      { id: 'a.2', name: 'x', data: {} },
    ]);
    const { app, identity } = plant.server;
    const settings = { ...readConfig({}), REDIS_URL: plant.redisUrl };
    const { metrics, stop } = createApi(
      settings,
      { app, identity },
      createSecretBox(TEST_KEY),
      createLogger('silent'),
    );
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/his_queue_jobs\{queue_state="settled:wait(ing)?"\} 2/);
    expect(text).toMatch(/his_check_ins_unanswered\{tried="false"\} [1-9]/);
    const home = await (await fetch(`${plant.server.url}/`, { headers: { 'Accept-Language': 'en' } })).text();
    const inAll = [...text.matchAll(/his_check_ins_unanswered\{[^}]*\} (\d+)/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(home).toContain(`<td>Check-ins (XML0) without an answer, last 24 hours</td><td>${inAll}</td>`);
    await stop();
  } finally {
    await plant.stop();
  }
});
