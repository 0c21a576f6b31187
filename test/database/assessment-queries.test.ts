import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assessVisits } from '../../src/assessment/server.ts';
import { workerContext } from '../../src/exports/index.ts';
import type { Transaction } from '../../src/platform/database/index.ts';
import type { Id } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { HOSPITAL } from '../harness/visit.ts';

let plant: Plant;
let visits: readonly Id[];
const here = { id: facilityIdOf(HOSPITAL), code: HOSPITAL };
beforeAll(async () => {
  plant = await startPlant('postgres');
  // A share of them wrong, so that findings are written as well.
  await plant.record(24, [HOSPITAL], 1, 0.5);
  const rows = await plant.server.database.query<{ id: Id }>(
    `select id from encounter where state = 'settled' order by id`,
  );
  visits = rows.map(({ id }) => id);
});
afterAll(() => plant.stop());

/** Names of the statements that it takes to assess visits as a whole. */
async function statementsFor(ids: readonly Id[]): Promise<readonly string[]> {
  const assessing = await plant.parts.assessing();
  const sent: string[] = [];
  await plant.database.transaction(workerContext(here.id, 'test'), async (tx) => {
    const counting: Transaction = {
      ...tx,
      query: (sql, parameters, name) => {
        sent.push(name ?? sql.slice(0, 60));
        return tx.query(sql, parameters, name);
      },
    };
    await assessVisits(counting, assessing, here, ids, 'export');
  });
  return sent;
}

test('the data of all visits comes with a fixed number of statements, none of them for each row or visit', async () => {
  expect(visits.length).toBeGreaterThan(20);
  const all = await statementsFor(visits);
  const few = await statementsFor(visits.slice(0, 2));
  expect(all.length).toBeLessThanOrEqual(8);
  expect(few.length).toBeLessThanOrEqual(all.length);
  expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
});
