import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiAnswer, Session } from '../../src/demo/client.ts';
import { buildBatch } from '../../src/exports/index.ts';
import type { Role } from '../../src/identity/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { ruleTrial } from '../../workers/rule-trial.worker.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { HOSPITAL, placesOf, STATION } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

/** Every out-patient visit is shorter than that. */
const RULE = 'DT_SHORT_VISIT';
const params = { minMinutes: 100_000 };
const today = localDate(new Date());
const range = { from: today, to: addDays(today, 1) };

interface Side {
  readonly findings: number;
  readonly claims: number;
  readonly share: number;
  readonly amount: string;
  readonly judgement: { answered: number; refused: number; precision: number | null; missed: number };
  readonly facilities: readonly { key: string; claims: number }[];
  readonly departments: readonly { key: string; claims: number }[];
}
interface Trial {
  readonly id: string;
  readonly state: string;
  readonly done: number;
  readonly total: number;
  readonly facilities: readonly string[] | null;
  readonly result: {
    readonly claims: number;
    readonly unreadable: number;
    readonly refusals: readonly { code: string; claims: number }[];
    readonly rules: readonly {
      rule: string;
      isAsked: boolean;
      tried: Side;
      inForce: Side;
      missing: string | null;
    }[];
  } | null;
}

let plant: Plant;
const sessions = new Map<string, Session>();
let claims: Record<string, number>;

beforeAll(async () => {
  plant = await startPlant('postgres');
  const { database } = plant.server;
  for (const [role, code] of [
    ['insurance-officer', HOSPITAL],
    ['insurance-officer', STATION],
    ['province-admin', null],
  ] as readonly [Role, string | null][])
    sessions.set(code ?? 'office', await addSession(database, await addAccount(database, role, code)));
  await plant.record(24, [HOSPITAL, STATION]);
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: null, body: { day: plant.day } });
  for (const code of [HOSPITAL, STATION])
    await buildBatch(plant.parts, (run.body as { id: string }).id, facilityIdOf(code));
  const rows = await database.query<{ code: string; n: number }>(
    'select f.code, count(*)::int as n from claim_version c join facility f on f.id = c.facility_id group by 1',
  );
  claims = Object.fromEntries(rows.map(({ code, n }) => [code, n]));
});
afterAll(() => plant.stop());

const keyFor = (method: string): Record<string, string> =>
  method === 'POST' ? { 'Idempotency-Key': newId() } : {};
const call = (who: string, method: string, path: string, body?: object): Promise<ApiAnswer> =>
  plant.server.api.call(method, `/api/v1/rule-trials${path}`, sessions.get(who)!, body, keyFor(method));

async function asked(who: string, wish: object): Promise<Trial> {
  const answer = await call(who, 'POST', '', { ...range, ...wish });
  expect([answer.status, answer.body]).toEqual([202, expect.anything()]);
  return answer.body as Trial;
}
async function work(who: string, trialId: string): Promise<void> {
  const facilityId = who === 'office' ? null : facilityIdOf(who);
  await ruleTrial.handle({ id: 'x', name: 'try', data: { facilityId, trialId } }, plant.parts);
}
async function tried(who: string, wish: object): Promise<Trial> {
  const { id } = await asked(who, wish);
  await work(who, id);
  return (await call(who, 'GET', `/${id}`)).body as Trial;
}
const ofRule = ({ result }: Trial) => result!.rules.find((one) => one.rule === RULE)!;
/** What the gateway said of the claims that were built. */
async function answered(
  type: 'received' | 'refused',
  how: { facility: string; limit: number },
): Promise<void> {
  await plant.server.database.query(
    `insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, result_code)
     select c.facility_id, c.encounter_id, c.number, s.sequence, s.type, now(), 'x', s.code
     from (select * from claim_version c where facility_id = $2 and not exists (select from claim_event e
       where e.encounter_id = c.encounter_id and e.sequence = 5) order by encounter_id limit $3) c
     cross join (values (4, 'sending', null), (5, $1, case when $1 = 'refused' then '205' else '200' end))
       as s(sequence, type, code) order by c.encounter_id, s.sequence`,
    [type, facilityIdOf(how.facility), how.limit],
  );
}

describe('a trial of changed rules', () => {
  test('finds in claims of the past what the rules in force do not, and writes nothing about them', async () => {
    const { id, state } = await asked('office', { rules: [{ id: RULE, params }] });
    expect(state).toBe('waiting');
    const before = await writtenRows(plant.server.database, ['rule_trial']);
    await work('office', id);
    expect(await writtenRows(plant.server.database, ['rule_trial'])).toEqual(before);
    const trial = (await call('office', 'GET', `/${id}`)).body as Trial;
    const all = (claims[HOSPITAL] ?? 0) + (claims[STATION] ?? 0);
    expect(trial).toMatchObject({ state: 'done', done: all, total: all, facilities: null });
    expect(trial.result).toMatchObject({ claims: all, unreadable: 0 });
    const { tried: now, inForce, isAsked } = ofRule(trial);
    expect(isAsked).toBe(true);
    expect(inForce.claims).toBe(0);
    expect(now.claims).toBeGreaterThan(0);
    expect(now.share).toBeCloseTo(now.claims / all, 4);
    expect(now.facilities.map(({ key }) => key).toSorted()).toEqual([HOSPITAL, STATION]);
    expect(now.departments.every(({ key }) => key.startsWith(HOSPITAL) || key.startsWith(STATION))).toBe(
      true,
    );
    expect(now.facilities.reduce((sum, part) => sum + part.claims, 0)).toBe(now.claims);
  });

  test('of one facility; a facility tries on its own only', async () => {
    const office = await tried('office', { rules: [{ id: RULE, params }], facilities: [STATION] });
    expect(office.result?.claims).toBe(claims[STATION]);
    const own = await tried(HOSPITAL, { rules: [{ id: RULE, params }] });
    expect(own.result?.claims).toBe(claims[HOSPITAL]);
    expect(ofRule(own).tried.facilities.map(({ key }) => key)).toEqual([HOSPITAL]);
    expect(
      (await call(HOSPITAL, 'POST', '', { ...range, rules: [{ id: RULE }], facilities: [STATION] })).status,
    ).toBe(404);
  });

  test('a set that is the one in force finds the same; one that is off finds nothing', async () => {
    const same = ofRule(await tried(HOSPITAL, { rules: [{ id: RULE }] }));
    expect(same.tried).toEqual(same.inForce);
    const off = ofRule(await tried(HOSPITAL, { rules: [{ id: RULE, params, isEnabled: false }] }));
    expect(off.tried.claims).toBe(0);
    const exempt = ofRule(
      await tried(HOSPITAL, {
        rules: [
          {
            id: RULE,
            params,
            exempt: { cards: ['DN', 'HC', 'TE', 'GD', 'HN', 'CN', 'HT', 'CC', 'QN', 'CA'] },
          },
        ],
      }),
    );
    expect(exempt.tried.claims).toBeLessThan(claims[HOSPITAL]!);
  });

  test('is held against what the gateway really refused', async () => {
    await answered('refused', { facility: HOSPITAL, limit: 3 });
    await answered('received', { facility: HOSPITAL, limit: 5 });
    const { result } = await tried(HOSPITAL, { rules: [{ id: RULE, params }] });
    expect(result?.refusals).toEqual([{ code: '205', claims: 3 }]);
    const { judgement } = result!.rules.find((one) => one.rule === RULE)!.tried;
    expect(judgement.refused + judgement.missed).toBe(3);
    expect(judgement.answered).toBeLessThanOrEqual(8);
    expect(judgement.precision).toBe(
      judgement.answered === 0
        ? null
        : Math.round((judgement.refused / judgement.answered) * 10_000) / 10_000,
    );
  });

  test('a document that cannot be read is counted, not passed over', async () => {
    await plant.server.database.query(
      `update claim_document set compressed = $1 where kind = 'unsigned' and encounter_id =
         (select encounter_id from claim_version where facility_id = $2 order by encounter_id limit 1)`,
      [gzipSync('<no claim/>'), facilityIdOf(STATION)],
    );
    const { result } = await tried('office', { rules: [{ id: RULE }], facilities: [STATION] });
    expect(result).toMatchObject({ claims: claims[STATION]! - 1, unreadable: 1 });
  });

  test('says which data a rule lacks here', async () => {
    const { result } = await tried(HOSPITAL, { rules: [{ id: 'CARD_BENEFIT_CODE' }] });
    expect(result?.rules.find((one) => one.rule === 'CARD_BENEFIT_CODE')?.missing).toBe(
      'card_class_catalogue',
    );
  });

  test('runs once, however often its job comes; each sees the trials of its own place', async () => {
    const trial = await tried(HOSPITAL, { rules: [{ id: RULE }] });
    await work(HOSPITAL, trial.id);
    expect((await call(HOSPITAL, 'GET', `/${trial.id}`)).body).toEqual(trial);
    for (const who of [STATION, 'office']) expect((await call(who, 'GET', `/${trial.id}`)).status).toBe(404);
    const { items } = (await call(STATION, 'GET', '')).body as { items: Trial[] };
    expect(items).toEqual([]);
    const own = (await call(HOSPITAL, 'GET', '?limit=2')).body as { items: Trial[] };
    expect(own.items.map(({ id }) => id)[0]).toBe(trial.id);
    expect(own.items.length).toBe(2);
  });

  test('a trial that never came to its end is given up after a day', async () => {
    const { id } = await asked(HOSPITAL, { rules: [{ id: RULE }] });
    plant.clock.advance(86_400_001);
    await work(HOSPITAL, id);
    expect((await call(HOSPITAL, 'GET', `/${id}`)).body).toMatchObject({ state: 'failed', result: null });
  });
});

test('is refused, each thing at its place', async () => {
  const wrong = await call('office', 'POST', '', {
    from: range.to,
    to: range.from,
    rules: [{ id: 'NO_SUCH_RULE' }, { id: RULE, params: { nobodyKnows: 1 } }, { id: RULE }],
  });
  expect(wrong.status).toBe(422);
  expect(Object.keys(placesOf(wrong)).toSorted()).toEqual([
    '/rules/0/id',
    '/rules/1/params/nobodyKnows',
    '/rules/2/id',
    '/to',
  ]);
  const long = await call('office', 'POST', '', {
    from: '2025-01-01',
    to: '2026-06-01',
    rules: [{ id: RULE }],
  });
  expect(Object.keys(placesOf(long))).toEqual(['/to']);
  const unknown = await call('office', 'POST', '', {
    ...range,
    rules: [{ id: RULE }],
    facilities: ['99999'],
  });
  expect(placesOf(unknown)).toHaveProperty('/facilities/0');
});
