import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildBatch, startScheduledRuns, workerContext } from '../../src/exports/index.ts';
import { loadDirectory } from '../../src/facilities/index.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import type { TestServer } from '../harness/server.ts';
import { dischargedVisit, doctorOf, HOSPITAL, line, STATION } from '../harness/visit.ts';

/** A hospital that does not wait for the night. */
const AT_ONCE = '40020';

interface Obstacle {
  readonly encounterId: string;
  readonly claimKey: string;
  readonly reason: string;
  readonly place: string | null;
  readonly runId: string;
}
interface Run {
  readonly visits: { readonly found: number; readonly built: number; readonly setAside: number };
  readonly obstacles: readonly Obstacle[];
}

let plant: Plant;
let visit: Awaited<ReturnType<typeof settledVisit>>;

beforeAll(async () => {
  plant = await startPlant('postgres');
  await plant.server.database.query(
    `insert into export_setting (facility_id, mode) select id, 'immediate' from facility where code = $1`,
    [AT_ONCE],
  );
});
afterAll(() => plant.stop());
beforeEach(async () => {
  visit = await settledVisit();
});

const call = (method: string, path: string, body?: unknown, as: string | null = HOSPITAL) =>
  plant.server.call(method, path, { as, ...(body ? { body } : {}) });
const decide = (what: 'hold' | 'release' | 'retry', reason = 'chờ giấy tờ', as = HOSPITAL) =>
  call('POST', `/api/v1/claims/${visit.id}/${what}`, { reason }, as);
const obstacles = async (as: string | null = HOSPITAL) =>
  ((await call('GET', '/api/v1/export-obstacles', undefined, as)).body as { items: Obstacle[] }).items;
const audited = async () =>
  (
    await plant.server.database.query<{ act: string }>(
      `select action || ' ' || (detail->>'reason') as act from audit_event
       where subject_id = $1 and action like 'claim.%' order by at, id`,
      [visit.id],
    )
  ).map((row) => row.act);

/** Nobody comes twice: two visits of one person at one time are an error of their own. */
let people = 8_000_000_000;

async function settledVisit(as = HOSPITAL) {
  people += 1;
  const server: TestServer = {
    ...plant.server,
    call: (method, path, options) => plant.server.call(method, path, { as, ...options }),
  };
  const left = await dischargedVisit(server, [line({ orderedByLicence: doctorOf(as) })], {
    card: { cardNumber: `DN440${people}` },
  });
  const settled = await server.call('POST', `${left.path}/settlement`, {
    body: {},
    headers: { 'If-Match': left.etag },
  });
  expect(settled.status).toBe(201);
  return left;
}

/** A reason that no XML can hold, as a record from before the border refused it may have. */
const spoil = (reason: string) =>
  plant.server.database.query('update encounter set reason = $2 where id = $1', [visit.id, reason]);

/** A run of the hospital, built by hand: no worker runs here, nothing is sent. */
async function run(): Promise<Run> {
  const { id } = (await call('POST', '/api/v1/export-runs', {})).body as { id: string };
  const [facility] = await plant.server.database.query<{ id: string }>(
    'select id from facility where code = $1',
    [HOSPITAL],
  );
  await buildBatch(plant.parts, id, facility!.id);
  return (await call('GET', `/api/v1/export-runs/${id}`)).body as Run;
}

test('a visit that cannot be written is set aside once, seen with its reason, and tried again when a person says so', async () => {
  await spoil('Ho\u0001');
  const first = await run();
  expect(first.visits).toEqual({ found: 1, built: 0, setAside: 1 });
  const task = { encounterId: visit.id, claimKey: visit.claimKey, reason: 'control-character' };
  const message = 'XML1/1/LY_DO_VV có ký tự điều khiển mà XML không cho phép. Hãy xoá ký tự đó rồi lưu lại.';
  expect(first.obstacles).toMatchObject([
    { ...task, place: 'XML1/1/LY_DO_VV', facilityCode: HOSPITAL, message },
  ]);
  expect(await obstacles()).toEqual(first.obstacles);
  expect(await obstacles(null)).toEqual(first.obstacles);
  expect(await obstacles(STATION)).toEqual([]);

  expect(await run()).toMatchObject({ visits: { found: 0, built: 0, setAside: 0 }, obstacles: [] });

  const tried = await decide('retry', 'đã sửa lý do khám');
  expect([tried.status, tried.body]).toEqual([200, { number: 0, state: 'waiting' }]);
  expect(await obstacles()).toEqual([]);
  const second = await run();
  expect(second).toMatchObject({ visits: { found: 1, built: 0, setAside: 1 }, obstacles: [task] });

  await spoil('Ho');
  await decide('retry', 'đã sửa thật');
  expect(await run()).toMatchObject({ visits: { found: 1, built: 1, setAside: 0 }, obstacles: [] });
  expect(await audited()).toEqual(['claim.retried đã sửa lý do khám', 'claim.retried đã sửa thật']);
});

test('a held visit is left out of every run until it is released', async () => {
  const held = await decide('hold', 'thiếu giấy chuyển');
  expect([held.status, held.body]).toEqual([200, { number: 0, state: 'held' }]);
  expect(await decide('hold')).toMatchObject({ status: 409, body: { type: '/problems/claim-not-holdable' } });
  expect((await run()).visits.found).toBe(0);

  const released = await decide('release', 'đã bổ sung');
  expect([released.status, released.body]).toEqual([200, { number: 0, state: 'released' }]);
  expect(await decide('release')).toMatchObject({ status: 409, body: { type: '/problems/claim-not-held' } });
  expect((await run()).visits).toEqual({ found: 1, built: 1, setAside: 0 });
  expect((await decide('hold')).body).toEqual({ number: 1, state: 'held' });
  expect((await decide('release')).body).toEqual({ number: 1, state: 'released' });
  expect(await audited()).toEqual([
    'claim.held thiếu giấy chuyển',
    'claim.released đã bổ sung',
    'claim.held chờ giấy tờ',
    'claim.released chờ giấy tờ',
  ]);
});

test('a hold that comes while a batch is on its way wins or is told, never both', async () => {
  const { id } = (await call('POST', '/api/v1/export-runs', {})).body as { id: string };
  const [work] = await plant.server.database.query<{ facilityId: string }>(
    'select facility_id as "facilityId" from export_work where encounter_id = $1',
    [visit.id],
  );
  const [held] = await Promise.all([decide('hold'), buildBatch(plant.parts, id, work!.facilityId)]);
  const [after] = await plant.server.database.query<{ number: number; held: boolean }>(
    'select number, held_at is not null as held from export_work where encounter_id = $1',
    [visit.id],
  );
  expect(held.body).toEqual({ number: after!.number, state: 'held' });
  expect(after!.held).toBe(after!.number === 0);
  await decide('release');
});

test('a facility whose visits all wait for a person gets no nightly run, and so no endless row of empty ones', async () => {
  await plant.server.database.query(
    'update export_work set number = 1 where number = 0 and encounter_id <> $1',
    [visit.id],
  );
  const nightly = () =>
    plant.database.transaction(workerContext(null, 'test'), async (tx) =>
      startScheduledRuns(tx, await loadDirectory(tx), '00:00', new Date()),
    );
  await decide('hold');
  expect(await nightly()).toEqual([]);
  await decide('release');
  expect(await nightly()).not.toEqual([]);
});

test('where claims go out at once, a release and a retry wake the export', async () => {
  visit = await settledVisit(AT_ONCE);
  const wishes = async () =>
    (
      await plant.server.database.query(
        `select 1 from outbox where queue = 'settled' and data->>'encounterId' = $1`,
        [visit.id],
      )
    ).length;
  expect(await wishes()).toBe(1);
  await decide('hold', 'chờ', AT_ONCE);
  await decide('release', 'xong', AT_ONCE);
  expect(await wishes()).toBe(2);
  await plant.server.database.query(
    `insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, at, reason, details)
     select facility_id, id, claim_key, 1, now(), 'too-long', '{}' from encounter where id = $1`,
    [visit.id],
  );
  expect((await decide('retry', 'đã sửa', AT_ONCE)).status).toBe(200);
  expect(await wishes()).toBe(3);
});
