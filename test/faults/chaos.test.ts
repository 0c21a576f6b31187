import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planOf } from '../chaos/plan.ts';
import { type KillablePostgres, startKillablePostgres } from '../chaos/postgres.ts';
import { runChaos } from '../chaos/run.ts';
import { BACKENDS } from '../harness/plant.ts';

/** More of them: `npm run test:long -- chaos`; what came of those is in docs/reliability.md. */
const SEEDS = [1, 2, 3];
/** A smaller day, with as much trouble. */
const VISITS = 40;
const shared = process.env.HIS_TEST_SUPERUSER_URL;
let postgres: KillablePostgres;
beforeAll(async () => {
  // The server of all tests must not be killed.
  postgres = await startKillablePostgres();
  process.env.HIS_TEST_SUPERUSER_URL = postgres.superuserUrl;
});
afterAll(async () => {
  process.env.HIS_TEST_SUPERUSER_URL = shared;
  await postgres.stop();
});

describe.each(BACKENDS)('a day on which everything breaks, queue in %s', (backend) => {
  test.each(SEEDS)(
    'seed %i: nothing lost, doubled or out of order, the money equal',
    async (seed) => {
      const { failures, figures } = await runChaos(planOf(seed, backend, VISITS), postgres);
      expect(failures).toEqual([]);
      // A day on which nothing happens shows nothing.
      expect(figures['insured visits']).toBeGreaterThan(VISITS / 2);
      expect(figures['processes killed']).toBeGreaterThan(6);
      expect(figures['attempts to send']).toBeGreaterThan(VISITS / 2);
    },
    400_000,
  );
});
