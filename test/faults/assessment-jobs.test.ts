import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askRecheck, readRecheck, runRecheck } from '../../src/assessment/server.ts';
import type { Session } from '../../src/demo/client.ts';
import { sweepAssessment, workerContext } from '../../src/exports/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant, until } from '../harness/plant.ts';
import { plantFinding, setAside } from '../harness/planted-findings.ts';
import { HOSPITAL } from '../harness/visit.ts';

const FACILITY = facilityIdOf(HOSPITAL);
let plant: Plant;
let officer: Session;
let visits: string[];

beforeAll(async () => {
  plant = await startPlant('postgres');
  const { database } = plant.server;
  officer = await addSession(database, await addAccount(database, 'insurance-officer', HOSPITAL));
  await plant.record(5, [HOSPITAL]);
  const rows = await database.query<{ id: string }>(
    `select id from encounter where state = 'settled' order by id`,
  );
  visits = rows.map(({ id }) => id);
});
afterAll(() => plant.stop());

const inFacility = workerContext(FACILITY, 'test');
const keyFor = (body: object | undefined): Record<string, string> =>
  body ? { 'Idempotency-Key': newId() } : {};
const ask = async (path: string, body?: object) =>
  (await plant.server.api.call(body ? 'POST' : 'GET', `/api/v1${path}`, officer, body, keyFor(body)))
    .body as { id: string; state: string; done: number; freed: number };
const days = { from: localDate(new Date()), to: addDays(localDate(new Date()), 1) };

describe('a recheck', () => {
  test('that is broken off goes on with the visits that are left, and wakes none twice', async () => {
    for (const id of visits) {
      await plantFinding(plant.server.database, HOSPITAL, id, { place: 'XML1' });
      await setAside(plant.server.database, id);
    }
    const { id } = await plant.database.transaction(inFacility, (tx) =>
      askRecheck(tx, FACILITY, { encounterIds: visits }, new Date()),
    );
    const [seen, woken]: [string[], string[]] = [[], []];
    const run = (isBroken: boolean) =>
      runRecheck(
        {
          database: plant.database,
          now: () => new Date(),
          chunk: 2,
          async assess(tx, ids) {
            if (isBroken && seen.length >= 2) throw new Error('the process is gone');
            seen.push(...ids);
            await tx.query(
              'update finding set cleared_at = now() where facility_id = $1 and encounter_id = any($2) and cleared_at is null',
              [FACILITY, ids],
            );
          },
          wake: async (_tx, ids) => void woken.push(...ids),
        },
        inFacility,
        FACILITY,
        id,
      );
    const shown = () => plant.database.transaction(inFacility, (tx) => readRecheck(tx, FACILITY, id));
    await expect(run(true)).rejects.toThrow('the process is gone');
    expect(await shown()).toMatchObject({ state: 'running', done: 2, freed: 2, total: visits.length });
    await run(false);
    expect(await shown()).toMatchObject({ state: 'done', done: visits.length, freed: visits.length });
    expect(seen.toSorted()).toEqual(visits);
    expect(woken.toSorted()).toEqual(visits);
  });
});

describe('losing every job of the queue', () => {
  test('changes no outcome: what nobody works on is tapped again, and done', async () => {
    const recheck = await ask('/rechecks', { encounterIds: visits });
    const trial = await ask('/rule-trials', { ...days, rules: [{ id: 'DT_SHORT_VISIT' }] });
    const { database } = plant.server;
    await database.query('delete from outbox');
    await sweepAssessment(plant.parts);
    // They are fresh: the queue has its chance first.
    expect(await database.query('select 1 from outbox')).toEqual([]);
    plant.clock.advance(6 * 60_000);
    await sweepAssessment(plant.parts);
    const wishes = await database.query<{ id: string }>(`select job_id as id from outbox order by 1`);
    expect(wishes.map(({ id }) => id)).toEqual([`recheck.${recheck.id}`, `trial.${trial.id}`]);
    await plant.startWorkers();
    const isDone = async (path: string) => (await ask(path)).state === 'done';
    await until(
      async () => (await isDone(`/rechecks/${recheck.id}`)) && (await isDone(`/rule-trials/${trial.id}`)),
    );
    expect((await ask(`/rechecks/${recheck.id}`)).done).toBe(visits.length);
  });
});
