import { expect, test } from '@jest/globals';
import { BACKENDS, startPlant } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer } from '../harness/server.ts';
import { STATION } from '../harness/visit.ts';

const PATH = '/operations/queues';

test.each(BACKENDS)(
  'the board of queues in %s: for the province’s administrator, to be read only, nothing from elsewhere',
  async (kind) => {
    const plant = await startPlant(kind);
    const server = await startTestServer({
      as: null,
      on: plant.server.database,
      settings: { REDIS_URL: plant.redisUrl },
    });
    const ask = (path: string, as: string | null | undefined, method = 'GET') =>
      fetch(`${server.url}${PATH}${path}`, {
        method,
        headers: as === undefined ? {} : { Authorization: `Bearer ${tokenFor(as)}` },
      });
    try {
      await plant.queues.addMany('settled', [{ id: 'a.1', name: 'x', data: { facilityId: 'f' } }]);
      for (const path of ['', '/api/queues', '/static/css/main.css']) {
        expect((await ask(path, undefined)).status).toBe(401);
        expect((await ask(path, STATION)).status).toBe(403);
      }
      const page = await ask('/', null);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const policy = page.headers.get('content-security-policy')!;
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      const html = await page.text();
      for (const [, script] of html.matchAll(/<script defer src="(static\/[^"]+)"/g))
        expect((await ask(`/${script}`, null)).status).toBe(200);

      const figures = await ask('/api/queues?activeQueue=settled&status=latest&page=1&jobsPerPage=10', null);
      expect(figures.status).toBe(200);
      const { queues } = (await figures.json()) as {
        queues: { name: string; readOnlyMode: boolean; counts: Record<string, number> }[];
      };
      const settled = queues.find(({ name }) => name === 'settled')!;
      expect([settled.readOnlyMode, settled.counts.waiting]).toEqual([true, 1]);
      expect(queues.length).toBeGreaterThan(10);

      for (const [method, path] of [
        ['PUT', '/api/queues/settled/pause'],
        ['POST', '/api/queues/settled/add'],
        ['PUT', '/api/queues/settled/clean/waiting'],
      ] as const)
        expect((await ask(path, null, method)).status).toBe(405);
    } finally {
      await server.stop();
      await plant.stop();
    }
  },
);
