import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiAnswer, Session } from '../../src/demo/client.ts';
import type { Role } from '../../src/identity/index.ts';
import { localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { recheck } from '../../workers/recheck.worker.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { plantFinding, setAside } from '../harness/planted-findings.ts';
import { at, dischargedVisit, HOSPITAL, line, STATION, yesterday } from '../harness/visit.ts';

/** Visits here last two hours. */
const RULE = 'DT_SHORT_VISIT';
interface Shown {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly freed: number;
  readonly before: { readonly findings: number; readonly blocking: number; readonly amount: string };
  readonly after: { readonly findings: number; readonly blocking: number; readonly amount: string };
}

let plant: Plant;
const sessions = new Map<string, Session>();
let cards = 6_000_000_000;

beforeAll(async () => {
  plant = await startPlant('postgres');
  const { database } = plant.server;
  for (const [role, code] of [
    ['facility-admin', HOSPITAL],
    ['insurance-officer', HOSPITAL],
    ['insurance-officer', STATION],
    ['province-admin', null],
  ] as readonly [Role, string | null][])
    sessions.set(`${role} ${code}`, await addSession(database, await addAccount(database, role, code)));
});
afterAll(() => plant.stop());

const OFFICER = `insurance-officer ${HOSPITAL}`;
function ask(who: string, method: string, path: string, body?: object): Promise<ApiAnswer> {
  const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
  return plant.server.api.call(method, `/api/v1${path}`, sessions.get(who)!, body, key);
}
async function setRule(who: string, body: object): Promise<void> {
  const answer = await ask(who, 'POST', `/rules/${RULE}/settings`, {
    reason: 'thử',
    // The visits of these tests were yesterday.
    validFrom: yesterday(),
    ...body,
  });
  expect(answer.status).toBe(201);
}

async function settledVisit(lines: object[] = [line()]): Promise<string> {
  cards += 1;
  const here = {
    ...plant.server,
    call: (method: string, path: string, more: object) =>
      plant.server.call(method, path, { as: HOSPITAL, ...more }),
  };
  const visit = await dischargedVisit(here as Plant['server'], lines, {
    card: { cardNumber: `DN440${cards}` },
  });
  const settled = await here.call('POST', `${visit.path}/settlement`, {
    body: {},
    headers: { 'If-Match': visit.etag },
  });
  expect(settled.status).toBe(201);
  return visit.id;
}

/** Asks, lets the worker do it, and reads what came of it. @param parts a worker that has just looked at the catalogue */
async function rechecked(body: object, parts = plant.parts): Promise<Shown> {
  const asked = await ask(OFFICER, 'POST', '/rechecks', body);
  expect(asked.status).toBe(202);
  const { id } = asked.body as Shown;
  const job = { id: 'x', name: 'recheck', data: { facilityId: facilityIdOf(HOSPITAL), recheckId: id } };
  await recheck.handle(job, parts);
  return (await ask(OFFICER, 'GET', `/rechecks/${id}`)).body as Shown;
}
const openOf = async (encounterId: string): Promise<string[]> =>
  (
    await plant.server.database.query<{ rule: string }>(
      `select rule from finding where encounter_id = $1 and cleared_at is null order by rule`,
      [encounterId],
    )
  ).map(({ rule }) => rule);

describe('after something was put right', () => {
  test('exactly the affected visits are checked again, and those that nothing keeps back are woken', async () => {
    const [first, second] = [await settledVisit(), await settledVisit()];
    await setRule('province-admin null', { effect: 'block', params: { minMinutes: 180 } });
    const before = await rechecked({ encounterIds: [first] });
    expect(before).toMatchObject({ state: 'done', total: 1, done: 1, freed: 0 });
    expect([before.before.blocking, before.after.blocking]).toEqual([0, 1]);
    expect(await openOf(first)).toContain(RULE);
    expect(await openOf(second)).not.toContain(RULE);
    await setAside(plant.server.database, first);

    await setRule('facility-admin 40021', { exempt: { departments: ['K01'] } });
    const cured = await rechecked({ rule: RULE });
    expect(cured).toMatchObject({ state: 'done', total: 1, freed: 1 });
    expect([cured.before.blocking, cured.after.blocking]).toEqual([1, 0]);
    expect(await openOf(first)).not.toContain(RULE);
    const left = await plant.server.database.query('select 1 from export_obstacle where encounter_id = $1', [
      first,
    ]);
    expect(left).toEqual([]);
  });

  test('setting a rule has what it found checked again, at each facility where something stands', async () => {
    const visit = await settledVisit();
    await setRule('facility-admin 40021', { exempt: {} });
    await rechecked({ encounterIds: [visit] });
    expect(await openOf(visit)).toContain(RULE);
    await plant.server.database.query('delete from outbox');
    await setRule('province-admin null', { effect: 'count', params: { minMinutes: 180 } });
    const wishes = await plant.server.database.query<{ name: string; data: Record<string, string> }>(
      `select name, data from outbox where queue = 'recheck'`,
    );
    expect(wishes).toEqual([{ name: 'rule', data: { facilityId: facilityIdOf(HOSPITAL), rule: RULE } }]);
    await recheck.handle({ id: 'x', ...wishes[0]! }, plant.parts);
    const [asked] = await plant.server.database.query<{ id: string; rule: string; askedBy: string | null }>(
      `select id, rule, asked_by as "askedBy" from recheck order by asked_at desc limit 1`,
    );
    expect(asked).toMatchObject({ rule: RULE, askedBy: null });
    const data = { facilityId: facilityIdOf(HOSPITAL), recheckId: asked!.id };
    await recheck.handle({ id: 'x', name: 'recheck', data }, plant.parts);
    const [finding] = await plant.server.database.query<{ effect: string }>(
      'select effect from finding where encounter_id = $1 and rule = $2 and cleared_at is null',
      [visit, RULE],
    );
    expect(finding?.effect).toBe('count');
    // What is only counted is shown to nobody, and can be checked again all the same.
    expect((await rechecked({ rule: RULE })).total).toBe(1);
    await setRule('province-admin null', { effect: 'block', params: { minMinutes: 180 } });
  });

  test('what a rule found is gone when the rule is switched off', async () => {
    const visit = await settledVisit();
    await setRule('facility-admin 40021', { effect: 'warn' });
    await rechecked({ encounterIds: [visit] });
    expect(await openOf(visit)).toContain(RULE);
    await setRule('facility-admin 40021', { isEnabled: false });
    const { total } = await rechecked({ rule: RULE });
    expect(total).toBeGreaterThan(0);
    expect(await openOf(visit)).not.toContain(RULE);
  });

  test('by the cause: what is found no longer is cleared', async () => {
    const visit = await settledVisit();
    const cause = { kind: 'drug', key: '40.99' };
    await plantFinding(plant.server.database, HOSPITAL, visit, {
      cause: [cause.kind, cause.key],
    });
    expect(await rechecked({ cause })).toMatchObject({ total: 1, freed: 1 });
    expect(await openOf(visit)).not.toContain('DRG_CODE_IN_CATALOGUE');
  });

  test('with nothing affected there is nothing to do', async () => {
    expect(await rechecked({ cause: { kind: 'drug', key: 'none' } })).toMatchObject({
      state: 'done',
      total: 0,
    });
  });

  test('more than one step at a time; a job that runs twice changes nothing more', async () => {
    const visits = await Promise.all([settledVisit(), settledVisit()]);
    const done = await rechecked({ encounterIds: visits });
    const job = {
      id: 'x',
      name: 'recheck',
      data: { facilityId: facilityIdOf(HOSPITAL), recheckId: done.id },
    };
    await recheck.handle(job, plant.parts);
    expect((await ask(OFFICER, 'GET', `/rechecks/${done.id}`)).body).toEqual(done);
  });
});

test('one row of the catalogue put right: exactly the visits with that drug are checked again, and their claims woken', async () => {
  const drug = (itemCode: string) =>
    line({ itemCode, quantity: '10', orderedAt: at('09:30'), dose: '1 viên/lần * 2 lần/ngày * 5 ngày' });
  const [first, second, other] = [
    await settledVisit([line(), drug('T01')]),
    await settledVisit([line(), drug('T01')]),
    await settledVisit([line(), drug('T04')]),
  ];
  const strength = async (change: string) => {
    await plant.server.database.query(
      `update catalogue_item set details = jsonb_set(details, '{strength}', to_jsonb(${change})) where item_code = 'T01'`,
    );
    await plant.server.database.query('update reference_revision set revision = revision + 1');
  };
  const known = `details->>'strength'`;
  await strength(`${known} || ' sai'`);
  await rechecked({ encounterIds: [first, second, other] }, plant.secondParts());
  for (const visit of [first, second]) expect(await openOf(visit)).toContain('DRG_CAT_STRENGTH');
  expect(await openOf(other)).not.toContain('DRG_CAT_STRENGTH');
  await setAside(plant.server.database, first);
  const { items } = (await ask(OFFICER, 'GET', '/finding-causes')).body as {
    items: { kind: string; key: string; visits: number }[];
  };
  const cause = items.find(({ kind, key }) => kind === 'drug' && key === '40.48');
  expect(cause).toMatchObject({ visits: 2 });

  await strength(`replace(${known}, ' sai', '')`);
  const cured = await rechecked({ cause: { kind: cause!.kind, key: cause!.key } }, plant.secondParts());
  expect(cured).toMatchObject({ state: 'done', total: 2, freed: 2 });
  for (const visit of [first, second]) expect(await openOf(visit)).not.toContain('DRG_CAT_STRENGTH');
  expect(
    await plant.server.database.query('select 1 from export_obstacle where encounter_id = $1', [first]),
  ).toEqual([]);
});

test('a claim is judged as the rules were set on its day; the finding says by which parameters', async () => {
  const visit = await settledVisit();
  await setRule('facility-admin 40021', { params: { minMinutes: 180 }, exempt: {} });
  await rechecked({ encounterIds: [visit] });
  // From today on no visit is too short; that of yesterday still is.
  await setRule('facility-admin 40021', { params: { minMinutes: 0 }, validFrom: localDate(new Date()) });
  await rechecked({ encounterIds: [visit] });
  const [found] = await plant.server.database.query<{ params: object; version: number }>(
    'select params, rule_version as version from finding where encounter_id = $1 and rule = $2 and cleared_at is null',
    [visit, RULE],
  );
  expect(found).toMatchObject({ params: { minMinutes: 180 }, version: 1 });
  const { items } = (await ask(OFFICER, 'GET', '/rules')).body as {
    items: { id: string; hits: number; lastFiredAt: string | null }[];
  };
  const figures = items.find((one) => one.id === RULE);
  expect(figures?.hits).toBeGreaterThan(0);
  expect(figures?.lastFiredAt).toMatch(/^\d{4}-/);
});

describe('is refused', () => {
  test('of a visit elsewhere, a rule that nobody knows, and of two things at once', async () => {
    const visit = await settledVisit();
    const elsewhere = `insurance-officer ${STATION}`;
    expect((await ask(elsewhere, 'POST', '/rechecks', { encounterIds: [visit] })).status).toBe(404);
    expect((await ask(OFFICER, 'POST', '/rechecks', { rule: 'NO_SUCH_RULE' })).status).toBe(404);
    expect((await ask(OFFICER, 'POST', '/rechecks', { rule: RULE, encounterIds: [visit] })).status).toBe(422);
    expect((await ask(OFFICER, 'POST', '/rechecks', {})).status).toBe(422);
    const { id } = (await ask(OFFICER, 'POST', '/rechecks', { encounterIds: [visit] })).body as Shown;
    expect((await ask(elsewhere, 'GET', `/rechecks/${id}`)).status).toBe(404);
  });
});
