import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildBatch, type Radar, sendClaim, sweep, workerContext } from '../../src/exports/index.ts';
import { loadDirectory } from '../../src/facilities/index.ts';
import { add, money, moneyText } from '../../src/platform/money.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { environmentOf } from '../harness/database.ts';
import { his } from '../harness/his.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';

interface Item {
  readonly encounterId: string;
  readonly facilityCode: string;
  readonly endedAt: string;
  readonly deadline: string;
  readonly extendedHours: number;
  readonly insurerPays: string;
  readonly why: string;
  readonly message: string;
}
type Deadlines = Radar & { readonly items: Item[]; readonly next: string | null };

let plant: Plant;
let insured: number;
beforeAll(async () => {
  plant = await startPlant('postgres');
  ({ insured } = await plant.record(16, [HOSPITAL, STATION]));
  // Each ended a day before the one before it; the last ones are too late by any calendar.
  await sql(`update export_work w set ended_at = now() - interval '1 minute' - interval '2 days' * n.at
    from (select encounter_id, row_number() over (order by encounter_id) - 1 as at from export_work) n
    where n.encounter_id = w.encounter_id`);
});
afterAll(() => plant.stop());

const sql = <T extends Record<string, unknown>>(query: string, values: unknown[] = []) =>
  plant.server.database.query<T>(query, values);
const read = async (query = '', as: string | null = null) =>
  (await plant.server.call('GET', `/api/v1/deadlines${query}`, { as })).body as Deadlines;
const countOf = ({ overdue, day, soon, later }: Radar['total']) =>
  overdue.count + day.count + soon.count + later.count;

test('the office sees all that waits by time left, a facility its own, page by page, money at stake with it', async () => {
  const all = await read('?limit=200');
  expect([all.items.length, countOf(all.total), all.next]).toEqual([insured, insured, null]);
  const late = all.items.filter(({ deadline }) => deadline <= new Date().toISOString());
  expect(late.length).toBeGreaterThan(0);
  expect(all.total.later.count).toBeGreaterThan(0);
  expect(all.total.overdue).toEqual({
    count: late.length,
    insurerPays: moneyText(add(...late.map((one) => money(one.insurerPays)))),
  });
  expect(all.items.map((one) => one.endedAt)).toEqual(all.items.map((one) => one.endedAt).toSorted());
  expect(all.items.every(({ why }) => why === 'run')).toBe(true);
  expect(all.items[0]!.message).toBe('Chờ lượt xuất hồ sơ.');

  const own = await read('?limit=200', STATION);
  expect(own.facilities).toEqual(all.facilities.filter((one) => one.facilityCode === STATION));
  expect(own.items).toEqual(all.items.filter((one) => one.facilityCode === STATION));
  expect(await read(`?limit=200&facilityCode=${STATION}`)).toMatchObject({
    total: own.total,
    items: own.items,
  });

  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Deadlines = await read(`?limit=3${cursor && `&cursor=${cursor}`}`);
    paged.push(...page.items.map((one) => one.encounterId));
    cursor = page.next;
  }
  expect(paged).toEqual(all.items.map((one) => one.encounterId));
});

test('an outage gives its own facility time; one for its own certificate gives none', async () => {
  const before = await read();
  const outage = (code: string | null, cause: string) =>
    sql(
      `insert into gateway_outage (facility_id, family, "from", cause)
       select $1, 'claims', now() - interval '60 days', $2`,
      [code && facilityIdOf(code), cause],
    );
  await outage(HOSPITAL, 'signature-refused');
  expect((await read()).total).toEqual(before.total);
  await outage(STATION, 'busy');
  const after = await read('?limit=200');
  const [hospital, station] = [HOSPITAL, STATION].map(
    (code) => after.facilities.find((one) => one.facilityCode === code)!,
  );
  expect(station!.overdue.count).toBe(0);
  expect(hospital).toEqual(before.facilities.find((one) => one.facilityCode === HOSPITAL));
  expect(
    after.items.filter((one) => one.extendedHours > 0).every((one) => one.facilityCode === STATION),
  ).toBe(true);
  await sql('delete from gateway_outage');
});

test('why each is not sent: held, not to be built, unknown, resting, its turn; the figure and the command say the same', async () => {
  const [held, wrong, ...rest] = (await read('?limit=200', HOSPITAL)).items;
  await plant.server.call('POST', `/api/v1/claims/${held!.encounterId}/hold`, {
    as: HOSPITAL,
    body: { reason: 'chờ giấy tờ' },
  });
  await sql(`update encounter set reason = E'Ho\\u0001' where id = $1`, [wrong!.encounterId]);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: HOSPITAL, body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, facilityIdOf(HOSPITAL));
  await plant.control('POST', 'faults', {
    match: { path: '/api/qd130/guiHoSoXmlQD3176' },
    when: 'after-persist',
    action: { type: 'reset' },
    times: 1,
  });
  expect(await sendClaim(plant.parts, facilityIdOf(HOSPITAL), rest[0]!.encounterId, 1)).toBe('unknown');
  expect(await sendClaim(plant.parts, facilityIdOf(HOSPITAL), rest[1]!.encounterId, 1)).toBe('received');

  const why = async () => (await read('?limit=200', HOSPITAL)).items.map((one) => one.why);
  const waiting = rest.slice(2).map(() => 'queue');
  expect(await why()).toEqual(['held', 'obstacle', 'unknown', ...waiting]);
  const { items } = await read('?limit=200', HOSPITAL);
  expect(items[1]!.message).toMatch(/LY_DO_VV/);
  await sql(
    `insert into gateway_channel (facility_id, family, state, failures, openings, open_until, changed_at)
     values (null, 'claims', 'open', 5, 1, now() + interval '1 hour', now())
     on conflict (facility_id, family) do update set state = 'open', open_until = excluded.open_until`,
  );
  expect(await why()).toEqual(['held', 'obstacle', 'channel', ...rest.slice(2).map(() => 'channel')]);
  await sql('delete from gateway_channel');

  const { total } = await read();
  const metrics = await (await fetch(`${plant.server.url}/metrics`)).text();
  for (const bucket of ['overdue', 'day', 'soon', 'later'] as const)
    expect(metrics).toContain(`his_claims_near_deadline{bucket="${bucket}"} ${total[bucket].count}`);
  const told = await his(['deadlines', '--json'], environmentOf(plant.server.database));
  expect(JSON.parse(told.out)).toMatchObject({ total });
  expect([told.code, told.err]).toEqual([1, expect.stringContaining('past their deadline')]);
});

test('the sweep hands over what is nearest its end first', async () => {
  await sql('update export_work set not_before = now() where number > 0');
  await sql('delete from outbox');
  const directory = await plant.database.transaction(workerContext(null, 'test'), loadDirectory);
  await sweep(plant.parts, directory);
  const wishes = await sql<{ id: string }>(
    `select data->>'encounterId' as id from outbox where queue = 'claim-send' order by outbox.id`,
  );
  const built = await sql<{ id: string }>(
    'select encounter_id as id from export_work where number > 0 order by ended_at, encounter_id',
  );
  expect(wishes.length).toBeGreaterThan(2);
  expect(wishes.map((one) => one.id)).toEqual(built.map((one) => one.id));
});
