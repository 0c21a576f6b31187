import { expect, test } from '@jest/globals';
import { keepDeadLetters } from '../../src/exports/index.ts';
import { openQueues, relayRound } from '../../src/platform/queue/index.ts';
import { startProcess } from '../../src/runtime/processes.ts';
import { queueBackend } from '../../src/runtime/workers.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { environmentOf } from '../harness/database.ts';
import { BACKENDS, ledger, startPlant, until } from '../harness/plant.ts';
import { TEST_KEY } from '../harness/province.ts';
import { STATION } from '../harness/visit.ts';

interface Letter {
  readonly id: string;
  readonly jobId: string;
  readonly times: number;
  readonly errorKind: string;
  readonly facilityCode: string | null;
  readonly closedHow: string | null;
}

test.each(BACKENDS)(
  'a job that is given up is seen, counted, and tried again with a reason; queue in %s',
  async (kind) => {
    const plant = await startPlant(kind);
    let isBroken = true;
    const done: string[] = [];
    const wrong: unknown[] = [];
    const letters = keepDeadLetters(plant.database, plant.clock, (error) => wrong.push(error));
    const backend = queueBackend({ REDIS_URL: plant.redisUrl }, plant.server.database.urls.his_export);
    const queues = await openQueues(backend, {
      lockMs: 2_000,
      retry: { attempts: 2, firstPauseMs: 20 },
      onError: () => undefined,
      ...letters,
    });
    const list = async (query = '') => {
      const { body } = await plant.server.call('GET', `/api/v1/dead-letters${query}`, { as: null });
      return (body as { items: Letter[] }).items;
    };
    try {
      await queues.startWorker(
        'settled',
        async ({ id }) => {
          if (isBroken) throw Object.assign(new TypeError('a name that nobody may read'), { code: 'E1' });
          done.push(id);
        },
        { concurrency: 1 },
      );
      const data = { facilityId: facilityIdOf(STATION) };
      const add = (id: string) => queues.addMany('settled', [{ id, name: 'x', data }]);
      await add('a.1');
      await until(async () => (await list()).length === 1);
      await add('a.1');
      await until(async () => (await list())[0]?.times === 2);
      const [letter] = await list('?state=open&queue=settled');
      expect(letter).toMatchObject({ jobId: 'a.1', errorKind: 'TypeError E1', facilityCode: STATION });
      expect(JSON.stringify(letter)).not.toContain('nobody may read');
      expect((await plant.server.call('GET', '/api/v1/dead-letters', { as: STATION })).status).toBe(403);
      const figures = await (await fetch(`${plant.server.url}/metrics`)).text();
      expect(figures).toContain('his_dead_letters{queue="settled"} 1');

      isBroken = false;
      const retry = (body: object) =>
        plant.server.call('POST', `/api/v1/dead-letters/${letter!.id}/retry`, { as: null, body });
      expect((await retry({})).status).toBe(422);
      expect((await retry({ reason: 'đã cập nhật bản sửa' })).status).toBe(200);
      expect((await retry({ reason: 'lần nữa' })).status).toBe(409);
      await relayRound(plant.database, queues);
      await until(async () => done.includes('a.1'));

      // Nobody has to ask: what the sweep finds again and does closes its letter.
      isBroken = true;
      await add('a.2');
      await until(async () => (await list('?state=open')).length === 1);
      isBroken = false;
      await add('a.2');
      await until(async () => (await list('?state=open')).length === 0);
      expect((await list()).map(({ jobId, closedHow }) => `${jobId} ${closedHow}`).toSorted()).toEqual([
        'a.1 retried',
        'a.2 done',
      ]);
      expect(wrong).toEqual([]);
    } finally {
      await queues.close();
      await plant.stop();
    }
  },
);

test('workers that are told to stop finish what they have begun', async () => {
  const plant = await startPlant('postgres');
  try {
    const { insured } = await plant.record(8, [STATION]);
    await plant.server.call('POST', '/api/v1/export-runs', { body: { day: plant.day } });
    // The gateway takes its time, so that the signal comes in the middle of calls.
    await plant.control('POST', 'faults', {
      match: { path: '/api/qd130/guiHoSoXmlQD3176' },
      when: 'after-persist',
      action: { type: 'delay', ms: 500 },
    });
    const worker = await startProcess(
      ['work'],
      {
        ...environmentOf(plant.server.database),
        SECRETS_KEY: TEST_KEY.toString('base64'),
        GATEWAY_URL: plant.gatewayUrl,
        GATEWAY_CONCURRENCY: '2',
        SIGNING: 'off',
        EXPORT_TIME: '23:59',
        LOG_LEVEL: 'silent',
      },
      { quiet: true },
    );
    await until(async () => (await plant.report()).records.active > 0);
    worker.child.kill('SIGTERM');
    await worker.ended;
    expect([worker.child.exitCode, worker.child.signalCode]).toEqual([0, null]);
    const rows = await ledger(plant);
    const received = rows.filter(({ types }) => types.at(-1) === 'received').length;
    expect(rows.filter(({ types }) => types.at(-1) === 'sending' || types.includes('unknown'))).toEqual([]);
    expect(received).toBe((await plant.report()).records.active);
    // It did not go on to what it had not begun.
    expect(received).toBeLessThan(insured);
  } finally {
    await plant.stop();
  }
});
