import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiAnswer, Session } from '../../src/demo/client.ts';
import type { Role } from '../../src/identity/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { until } from '../harness/plant.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { HOSPITAL, openVisit, placesOf, STATION, yesterday } from '../harness/visit.ts';

const RULE = 'DT_SHORT_VISIT';
const today = localDate(new Date());

interface RuleShown {
  readonly id: string;
  readonly standing: { isEnabled: boolean; effect: string; params: Record<string, unknown>; exempt: object };
  readonly setBy: string;
  readonly hits: number;
  readonly lastFiredAt: string | null;
  readonly isOfFiles: boolean;
  readonly message: string;
}
interface Version {
  readonly number: number;
  readonly level: string;
  readonly reason: string;
  readonly setBy: string | null;
  readonly effect: string | null;
  readonly params: object;
  readonly validFrom: string;
}

let server: TestServer;
const sessions = new Map<string, Session>();

beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  for (const [role, code] of [
    ['facility-admin', HOSPITAL],
    ['facility-admin', STATION],
    ['insurance-officer', HOSPITAL],
    ['province-admin', null],
  ] as readonly [Role, string | null][])
    sessions.set(
      `${role} ${code ?? ''}`.trim(),
      await addSession(server.database, await addAccount(server.database, role, code)),
    );
});
afterAll(() => server.stop());

const OURS = `facility-admin ${HOSPITAL}`;
const THEIRS = `facility-admin ${STATION}`;
const OFFICE = 'province-admin';

function ask(who: string, method: string, path: string, body?: object): Promise<ApiAnswer> {
  const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
  return server.api.call(method, `/api/v1${path}`, sessions.get(who)!, body, {
    ...key,
    'Accept-Language': 'en',
  });
}
const setRule = (who: string, body: object, rule = RULE) =>
  ask(who, 'POST', `/rules/${rule}/settings`, { reason: 'thử', ...body });

async function rule(who: string, id = RULE, query = ''): Promise<RuleShown> {
  const answer = await ask(who, 'GET', `/rules${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as { items: RuleShown[] }).items.find((one) => one.id === id)!;
}
const history = async (who: string, id = RULE): Promise<Version[]> =>
  ((await ask(who, 'GET', `/rules/${id}/settings`)).body as { items: Version[] }).items;

describe('how a rule is set', () => {
  test('as the program has it while nobody says anything; every rule is there, in the reader’s language', async () => {
    const answer = await ask(OFFICE, 'GET', '/rules');
    const { day, items } = answer.body as { day: string; items: RuleShown[] };
    expect(day).toBe(today);
    expect(items.length).toBe(376);
    expect(items.filter((one) => one.isOfFiles).length).toBe(8);
    const one = items.find(({ id }) => id === RULE)!;
    expect(one).toMatchObject({
      setBy: 'default',
      hits: 0,
      lastFiredAt: null,
      standing: { isEnabled: true },
    });
    expect(one.message).not.toMatch(/[ạảãàáâậầấẩẫăắằặẳẵ]/);
  });

  test('the province for all, a facility for itself, and each sees who set it and why', async () => {
    const done = await setRule(OFFICE, { params: { minMinutes: 4 }, reason: 'theo công văn' });
    expect(done.status).toBe(201);
    expect(done.body).toMatchObject({
      setting: { number: 1, level: 'province', facilityCode: null, validFrom: today },
      standing: { effect: 'warn', params: { minMinutes: 4 } },
    });
    expect((await rule(THEIRS)).standing.params).toMatchObject({ minMinutes: 4 });
    expect((await setRule(OURS, { effect: 'count', exempt: { departments: ['K01'] } })).status).toBe(201);
    expect(await rule(OURS)).toMatchObject({
      setBy: 'facility',
      standing: { effect: 'count', params: { minMinutes: 4 }, exempt: { departments: ['K01'] } },
    });
    expect(await rule(THEIRS)).toMatchObject({ setBy: 'province', standing: { effect: 'warn', exempt: {} } });
    expect(await history(OURS)).toMatchObject([
      { number: 1, level: 'facility', effect: 'count', reason: 'thử', setBy: OURS.replace(' ', '.') },
      { number: 1, level: 'province', reason: 'theo công văn', setBy: 'province-admin.office' },
    ]);
    expect((await history(THEIRS)).map((one) => one.level)).toEqual(['province']);
    expect((await rule(OFFICE)).standing.effect).toBe('warn');
    expect((await rule(OFFICE, RULE, `?facilityCode=${HOSPITAL}`)).standing.effect).toBe('count');
  });

  test('from a day on: the day before is as it was', async () => {
    const later = addDays(today, 10);
    const id = 'DT_LONG_STAY';
    const [before] = [await rule(OURS, id)];
    const wish = { isEnabled: false, validFrom: later, validTo: addDays(later, 5) };
    expect((await setRule(OURS, wish, id)).status).toBe(201);
    const on = async (day: string) => (await rule(OURS, id, `?day=${day}`)).standing.isEnabled;
    expect([await on(today), await on(addDays(later, -1)), await on(later)]).toEqual([true, true, false]);
    expect([await on(addDays(later, 4)), await on(addDays(later, 5))]).toEqual([false, true]);
    expect(before?.standing.isEnabled).toBe(true);
  });

  test('taken back by a version more: what stood before stands again, and nothing is lost', async () => {
    const id = 'DT_OUTPATIENT_STAY';
    await setRule(OURS, { effect: 'count', reason: 'một' }, id);
    await setRule(OURS, { isEnabled: false, reason: 'hai' }, id);
    const undo = () => ask(OURS, 'POST', `/rules/${id}/settings/undo`, { reason: 'nhầm' });
    expect((await undo()).body).toMatchObject({
      setting: { number: 3 },
      standing: { isEnabled: true, effect: 'count' },
    });
    expect((await history(OURS, id)).map((one) => one.reason)).toEqual(['nhầm', 'hai', 'một']);
    expect((await ask(THEIRS, 'POST', `/rules/${id}/settings/undo`, { reason: 'x' })).status).toBe(404);
  });

  test('leaves an audit event with what changed, and why', async () => {
    await setRule(OURS, { effect: 'count', reason: 'quá nhiều cảnh báo' }, 'DT_ORDER_EQUALS_EXEC');
    const [event] = await server.database.query<{ detail: object; reason: string; changes: object }>(
      `select detail, reason, changes from audit_event where action = 'rule.configured' and facility_id = $1
       and detail->>'rule' = 'DT_ORDER_EQUALS_EXEC'`,
      [facilityIdOf(HOSPITAL)],
    );
    expect(event).toMatchObject({
      detail: { rule: 'DT_ORDER_EQUALS_EXEC', number: 1, level: 'facility' },
      reason: 'quá nhiều cảnh báo',
      changes: { effect: ['warn', 'count'] },
    });
  });

  test('by two at once: both are kept, one after the other', async () => {
    const id = 'PAT_PHONE';
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => setRule(OURS, { effect: 'count', reason: `lần ${n}` }, id)),
    );
    expect(answers.map((one) => one.status)).toEqual([201, 201, 201, 201]);
    expect((await history(OURS, id)).map((one) => one.number)).toEqual([4, 3, 2, 1]);
  });
});

test('what is set holds for the answers of the next minutes: a rule that is off says nothing any more', async () => {
  const id = 'PAT_HO_TEN_TEXT';
  const visit = await openVisit(server, { person: { name: 'Mẫu' }, card: { cardNumber: 'DN4407000000001' } });
  const spoken = async (): Promise<boolean> => {
    const { etag } = await server.call('GET', visit.path);
    const headers = { 'If-Match': etag! };
    const changed = await server.call('PATCH', visit.path, { body: { weightKg: '50' }, headers });
    expect(changed.status).toBe(200);
    const { body } = await server.call('GET', `${visit.path}/findings`);
    return (body as { items: { rule: string }[] }).items.some((one) => one.rule === id);
  };
  expect(await spoken()).toBe(true);
  const off = { isEnabled: false, validFrom: yesterday() };
  expect((await setRule(OURS, off, id)).status).toBe(201);
  await until(async () => !(await spoken()));
});

describe('is refused', () => {
  test('a facility that wants more than the province allows', async () => {
    const raised = await setRule(OURS, { effect: 'block' }, 'PAT_WEIGHT_RANGE');
    expect(raised.status).toBe(409);
    expect(raised.body).toMatchObject({ type: '/problems/effect-raised', values: { strongest: 'warn' } });
    expect((await setRule(OFFICE, { effect: 'block' }, 'PAT_WEIGHT_RANGE')).status).toBe(201);
    expect((await setRule(OURS, { effect: 'block' }, 'PAT_WEIGHT_RANGE')).status).toBe(201);
  });

  test('what the rule cannot work with, at its place', async () => {
    const wrong = await setRule(OURS, { params: { minMinutes: 'five', nobodyKnows: 1, 'a/b': 2 } });
    expect(wrong.status).toBe(422);
    expect(Object.keys(placesOf(wrong)).toSorted()).toEqual([
      '/params/a~1b',
      '/params/minMinutes',
      '/params/nobodyKnows',
    ]);
    const days = await setRule(OURS, { validFrom: today, validTo: today });
    expect(Object.keys(placesOf(days))).toEqual(['/validTo']);
  });

  test('a rule that nobody knows, and one that judges files only', async () => {
    for (const id of ['NO_SUCH_RULE', 'STR_XML_WELLFORMED', '__proto__']) {
      expect((await setRule(OURS, {}, id)).status).toBe(404);
      expect((await ask(OURS, 'GET', `/rules/${id}/settings`)).status).toBe(404);
    }
  });

  test('whoever may see but not change; and a whole card number is no exemption', async () => {
    expect((await rule(`insurance-officer ${HOSPITAL}`)).id).toBe(RULE);
    expect((await setRule(`insurance-officer ${HOSPITAL}`, { effect: 'count' })).status).toBe(403);
    expect((await setRule(OURS, { exempt: { cards: ['DN4400000000001'] } })).status).toBe(422);
    expect((await setRule(OURS, { exempt: { cards: ['QN'] } })).status).toBe(201);
  });
});
