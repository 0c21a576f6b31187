import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readXlsx } from 'hucre/xlsx';
import { buildBatch, type RunFigures, sendClaim } from '../../src/exports/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { amountFigure } from '../../src/reports/figures.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { environmentOf } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { ledger, type Plant, startPlant } from '../harness/plant.ts';
import { tokenFor } from '../harness/province.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';

interface Run {
  readonly id: string;
  readonly finished: boolean;
  readonly total: RunFigures;
  readonly facilities: readonly (RunFigures & { facilityCode: string; finished: boolean })[];
  readonly obstacles: readonly { claimKey: string; message: string }[];
}

let plant: Plant;
let seed = 0;
beforeAll(async () => {
  plant = await startPlant('postgres');
});
afterAll(() => plant.stop());

const get = (path: string, as: string | null = null) =>
  plant.server.call('GET', `/api/v1/export-runs/${path}`, { as });
const read = async (id: string, as: string | null = null) => (await get(id, as)).body as Run;
const build = (id: string, code: string, parts = plant.parts) => buildBatch(parts, id, facilityIdOf(code));
const sql = <T extends Record<string, unknown>>(query: string, values: unknown[] = []) =>
  plant.server.database.query<T>(query, values);

/** Without the moment of the figures. */
const lines = (page: string) => page.split('\n').filter((line) => !line.includes('Số liệu lúc'));

async function startRun(): Promise<{ id: string; facilities: number }> {
  const started = await plant.server.call('POST', '/api/v1/export-runs', {
    as: null,
    body: { day: plant.day },
  });
  return started.body as { id: string; facilities: number };
}

/** Visits that wait, one of the hospital's so that no XML can hold it. @returns of all facilities */
async function waitingVisits(count: number): Promise<number> {
  seed += 1;
  const { insured } = await plant.record(count, [HOSPITAL, STATION], seed);
  await sql(
    `update encounter set reason = E'Ho\\u0001' where id = (select encounter_id from export_work
       where number = 0 and facility_id = $1 and encounter_id not in (select encounter_id from export_obstacle) limit 1)`,
    [facilityIdOf(HOSPITAL)],
  );
  return insured;
}

test('a run is seen live, facility by facility, and ends with a report that says what each claim came to', async () => {
  const insured = await waitingVisits(14);
  const { id } = await startRun();
  const opened = await read(id);
  expect(opened.total).toMatchObject({ found: insured, built: 0, setAside: 0, insurerPays: '0.00' });
  expect(opened.facilities.map((one) => [one.facilityCode, one.finished])).toEqual([
    [HOSPITAL, false],
    [STATION, false],
  ]);

  await build(id, HOSPITAL);
  const half = await read(id);
  expect([half.finished, half.total.setAside, half.facilities[0]!.waiting]).toEqual([
    false,
    1,
    half.total.built,
  ]);
  await build(id, STATION);
  const claims = (await ledger(plant)).toSorted((a, b) => (a.facilityId < b.facilityId ? -1 : 1));
  const path = '/api/qd130/guiHoSoXmlQD3176';
  for (const [index, { facilityId, encounterId, number }] of claims.entries()) {
    const action = [{ type: 'code', maKetQua: '123' }, { type: 'reset' }][index];
    const when = index === 0 ? 'after-auth' : 'after-persist';
    if (action) await plant.control('POST', 'faults', { match: { path }, when, action, times: 1 });
    if (index !== 2) await sendClaim(plant.parts, facilityId, encounterId, number);
  }

  const done = await read(id);
  const built = insured - 1;
  expect(done.total).toMatchObject({ found: insured, built, setAside: 1, sent: built - 1, signed: 0 });
  expect(done.total).toMatchObject({ received: built - 3, refused: 1, unknown: 1, waiting: 1, stopped: 0 });
  const [money] = await sql<{ sum: string }>(
    'select sum(insurer_pays)::text as sum from settlement where encounter_id = any($1::uuid[])',
    [claims.map((one) => one.encounterId)],
  );
  expect(done.total.insurerPays).toBe(money!.sum);
  for (const name of ['found', 'built', 'received', 'refused', 'unknown', 'waiting'] as const)
    expect(done.facilities.reduce((sum, one) => sum + one[name], 0)).toBe(done.total[name]);
  const own = await read(id, STATION);
  expect(own.facilities).toEqual(done.facilities.slice(1));
  expect(own.total).toMatchObject({
    found: own.facilities[0]!.found,
    insurerPays: own.facilities[0]!.insurerPays,
  });

  const page = String((await get(`${id}/report.html`)).body);
  expect(page).toContain(done.obstacles[0]!.message);
  expect(page).toContain(amountFigure(money!.sum));
  expect(page).toContain(claims[0]!.claimKey);
  expect(page).toContain('bị từ chối');
  const stationPage = String((await get(`${id}/report.html`, STATION)).body);
  expect(stationPage).not.toContain(done.obstacles[0]!.claimKey);

  const answer = await fetch(`${plant.server.url}/api/v1/export-runs/${id}/report.xlsx`, {
    headers: { Authorization: `Bearer ${tokenFor(null)}` },
  });
  const { sheets } = await readXlsx(Buffer.from(await answer.arrayBuffer()));
  const [facilities, obstacles, open] = sheets.map(({ rows }) => rows);
  expect(facilities!.slice(4).map((row) => row.slice(2, 5))).toEqual(
    [done.total, ...done.facilities].map((one) => [one.found, one.built, one.setAside]),
  );
  expect(obstacles!.slice(1).map((row) => row[3])).toEqual(done.obstacles.map((one) => one.message));
  expect(open!.slice(1).map((row) => row[3])).toEqual(
    expect.arrayContaining(['bị từ chối', 'chưa rõ kết quả', 'chờ gửi']),
  );

  const to = join(plant.exportDir, 'bao-cao.html');
  const told = await his(['export', 'report', id, '--to', to], {
    ...environmentOf(plant.server.database),
    LANGUAGE: 'vi',
  });
  expect([told.code, told.err]).toEqual([0, `Đã ghi ${to}\n`]);
  expect(lines(readFileSync(to, 'utf8'))).toEqual(lines(page));

  // What is built, waits or was set aside is nothing new.
  expect((await startRun()).facilities).toBe(0);
});

/** The same parts, whose worker dies at its so-manieth transaction: before it, or when it is committed and nobody hears. */
function dying(at: number, isCommitted: boolean): typeof plant.parts {
  let count = 0;
  const transaction: Database['transaction'] = async (context, work) => {
    count += 1;
    if (count > at || (count === at && !isCommitted)) throw new Error('killed');
    const result = await plant.database.transaction(context, work);
    if (count === at) throw new Error('killed');
    return result;
  };
  return { ...plant.parts, database: { ...plant.database, transaction } };
}

test('a batch whose worker dies at any point is finished by another, and two at once count nothing twice', async () => {
  // With its catalogues read, so that both begin at the same moment.
  const other = plant.secondParts();
  await other.assessing();
  for (const [at, isCommitted] of [
    [2, true],
    [3, false],
    [3, true],
    [5, false],
  ] as const) {
    const { id } = await waitingVisits(4).then(startRun);
    const { found } = (await read(id)).total;
    await expect(build(id, HOSPITAL, dying(at, isCommitted))).rejects.toThrow('killed');
    expect((await read(id)).facilities[0]!.finished).toBe(false);
    await Promise.all([build(id, HOSPITAL), build(id, HOSPITAL, other), build(id, STATION)]);
    const { total, facilities } = await read(id);
    expect([total.built + total.setAside, total.setAside, total.waiting]).toEqual([found, 1, found - 1]);
    expect(facilities.every((one) => one.finished)).toBe(true);
    expect((await startRun()).facilities).toBe(0);
  }
  const [twice] = await sql<{ n: number }>('select count(*)::int as n from claim_version where number > 1');
  expect(twice!.n).toBe(0);
});
