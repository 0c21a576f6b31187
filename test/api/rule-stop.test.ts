import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Session } from '../../src/demo/client.ts';
import { newId } from '../../src/platform/ids.ts';
import { maintenance } from '../../workers/maintenance.worker.ts';
import { recheck } from '../../workers/recheck.worker.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { plantFinding, setAside } from '../harness/planted-findings.ts';
import { HOSPITAL, STATION } from '../harness/visit.ts';

/** Speaks of every visit here, and did not before. */
const SUDDEN = 'PAT_WEIGHT_RANGE';
/** Spoke of as many all the month. */
const USUAL = 'PAT_PHONE';
const RARE = 'DT_LONG_STAY';
const CLAIMS = 20;

let plant: Plant;
let office: Session;
let visits: readonly { readonly id: string; readonly facilityId: string; readonly code: string }[];

beforeAll(async () => {
  plant = await startPlant('postgres');
  const { database } = plant.server;
  office = await addSession(database, await addAccount(database, 'province-admin', null));
  await plant.record(2 * CLAIMS, [HOSPITAL, STATION]);
  visits = await database.query(
    `select e.id, e.facility_id as "facilityId", f.code from encounter e join facility f on f.id = e.facility_id
     where e.state = 'settled' order by e.id`,
  );
  // Half of them lately, the others in the month before; of what recording them found nothing is left.
  await database.query('update finding set cleared_at = greatest(found_at, now()), effect = $1', ['count']);
  await database.query('delete from assessment');
  for (const [index, { id, facilityId, code }] of visits.entries()) {
    const isLate = index < visits.length / 2;
    await database.query(
      `insert into assessment (facility_id, encounter_id, stage, visit_version, rules_hash, at, findings, blocking, amount)
       values ($1, $2, 'export', 1, 'x', now() - $3::interval, 0, 0, 0)`,
      [facilityId, id, isLate ? '1 hour' : '10 days'],
    );
    if (isLate) await plantFinding(database, code, id, { rule: SUDDEN, place: 'XML1' });
    await plantFinding(database, code, id, { rule: USUAL, place: 'XML1' });
    if (index === 0) await plantFinding(database, code, id, { rule: RARE, place: 'XML1' });
  }
});
afterAll(() => plant.stop());

const stopRules = (claims = 10) =>
  maintenance.handle(
    { id: 'x', name: 'stop-rules', data: {} },
    { ...plant.parts, ruleStop: { share: 0.2, claims } },
  );
const stopped = (rule: string | null = null) =>
  plant.server.database.query<{ rule: string; effect: string; setBy: string | null; number: number }>(
    `select rule, effect, set_by as "setBy", number from rule_setting
     where $1::text is null or rule = $1 order by rule, number`,
    [rule],
  );

test('too few claims to tell: nothing is stopped', async () => {
  await stopRules(10_000);
  expect(await stopped()).toEqual([]);
});

test('a rule that suddenly speaks of too many claims is only counted from then on; one that always did goes on', async () => {
  await stopRules();
  expect(await stopped()).toEqual([{ rule: SUDDEN, effect: 'count', setBy: null, number: 1 }]);
  const [event] = await plant.server.database.query<{ detail: { rule: string }; reason: string }>(
    `select detail, reason from audit_event where action = 'rule.stopped'`,
  );
  expect(event?.detail.rule).toBe(SUDDEN);
  expect(event?.reason).toMatch(/^\d+\/\d+$/);
});

test('says so, in words, to whoever looks at the rule', async () => {
  const answer = await plant.server.api.call('GET', `/api/v1/rules/${SUDDEN}/settings`, office, undefined, {
    'Accept-Language': 'en',
  });
  const [version] = (answer.body as { items: { reason: string; setBy: string | null }[] }).items;
  expect(version?.setBy).toBeNull();
  expect(version?.reason).toMatch(/^Stopped by the system.* \d+ of the \d+ claims/);
});

test('what it kept back at each facility is checked again, and its claims go on', async () => {
  const { database } = plant.server;
  const late = visits.filter((_, index) => index < visits.length / 2);
  await setAside(database, late[0]!.id);
  // Nothing else shall keep it back.
  await database.query(`update finding set cleared_at = now() where rule <> $1 and cleared_at is null`, [
    SUDDEN,
  ]);
  const wishes = await database.query<{ name: string; data: Record<string, string> }>(
    `select name, data from outbox where queue = 'recheck' order by id`,
  );
  expect(wishes.map(({ name, data }) => [name, data.rule, data.facilityId].join(' ')).toSorted()).toEqual(
    [...new Set(late.map(({ facilityId }) => facilityId))].map((id) => `rule ${SUDDEN} ${id}`).toSorted(),
  );
  for (const { name, data } of wishes) await recheck.handle({ id: 'x', name, data }, plant.parts);
  const rechecks = await database.query<{ facilityId: string; id: string }>(
    'select facility_id as "facilityId", id from recheck where asked_by is null',
  );
  expect(rechecks.length).toBe(wishes.length);
  for (const { facilityId, id } of rechecks)
    await recheck.handle({ id: 'x', name: 'recheck', data: { facilityId, recheckId: id } }, plant.parts);
  const open = await database.query(
    `select 1 from finding where rule = $1 and cleared_at is null and effect = 'block'`,
    [SUDDEN],
  );
  expect(open).toEqual([]);
  expect(
    await database.query('select 1 from export_obstacle where encounter_id = $1', [late[0]!.id]),
  ).toEqual([]);
});

test('whoever sets it again has decided: it is not stopped a second time', async () => {
  const answer = await plant.server.api.call(
    'POST',
    `/api/v1/rules/${SUDDEN}/settings`,
    office,
    { effect: 'warn', reason: 'đã sửa danh mục' },
    { 'Idempotency-Key': newId() },
  );
  expect(answer.status).toBe(201);
  for (const { id, code } of visits)
    await plantFinding(plant.server.database, code, id, {
      rule: SUDDEN,
      place: 'XML1',
      key: newId(),
      effect: 'warn',
    });
  await stopRules();
  expect((await stopped(SUDDEN)).map(({ number, effect }) => [number, effect])).toEqual([
    [1, 'count'],
    [2, 'warn'],
  ]);
});
