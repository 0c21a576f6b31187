import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planDay, type VisitPlan, wholeVisit } from '../../src/demo/visits/index.ts';
import { buildBatch } from '../../src/exports/index.ts';
import { loadDirectory } from '../../src/facilities/index.ts';
import { SYSTEM_CONTEXT } from '../../src/platform/database/index.ts';
import { addDays, instantAt } from '../../src/platform/dates.ts';
import { add, money, moneyText } from '../../src/platform/money.ts';
import {
  differencesOf,
  loadStatementForm,
  PLACES,
  proveMoney,
  type VisitMoney,
} from '../../src/reports/index.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { type Plant, startPlant } from '../harness/plant.ts';
import { demoProvince, tokenFor } from '../harness/province.ts';
import { HOSPITAL } from '../harness/visit.ts';

const VISITS = 2_000;
const AT_ONCE = 16;

let plant: Plant;
/** What the API answered when it settled, by visit. */
const answered = new Map<string, Readonly<Record<string, string>>>();
const proven: VisitMoney[] = [];

beforeAll(async () => {
  plant = await startPlant('postgres', {}, { ACCOUNT_CALLS_PER_MINUTE: 1_000_000 });
  const plans = plansOfDifferentPeople(plant);
  let next = 0;
  const clerk = async () => {
    for (let plan = plans[next++]; plan; plan = plans[next++]) await settle(plan);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, clerk));
  // The claims of one hospital are built; for all others they are made when they are looked at.
  const run = await plant.server.call('POST', '/api/v1/export-runs', { as: HOSPITAL, body: {} });
  await buildBatch(plant.parts, (run.body as { id: string }).id, facilityIdOf(HOSPITAL));
  const { database, day } = plant;
  const directory = await database.transaction(SYSTEM_CONTEXT, loadDirectory);
  const wanted = { from: instantAt(day), to: instantAt(addDays(day, 1)), facilityId: null };
  await proveMoney(
    database,
    directory,
    { form: loadStatementForm(), choices: plant.parts.claimChoices },
    wanted,
    (visit) => {
      if (!('money' in visit)) throw new Error(visit.finding);
      proven.push(visit);
    },
  );
}, 300_000);
afterAll(() => plant.stop());

function plansOfDifferentPeople({ day }: Plant): VisitPlan[] {
  const province = demoProvince();
  const facilities = province.facilities.slice(0, 240).map((line) => line.code);
  const days = planDay({ seed: 4, date: day, province, facilities, count: VISITS * 1.4 });
  const byPerson = new Map(days.flatMap((one) => [...one.visits()]).map((plan) => [plan.patientId, plan]));
  return [...byPerson.values()].slice(0, VISITS);
}

async function settle(plan: VisitPlan): Promise<void> {
  const path = '/api/v1/encounters/whole';
  const key = { 'Idempotency-Key': plan.id };
  const answer = await plant.server.api.call(
    'POST',
    path,
    tokenFor(plan.facilityCode),
    wholeVisit(plan),
    key,
  );
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  const { id, settlement } = answer.body as { id: string; settlement: { totals: Record<string, string> } };
  answered.set(id, settlement.totals);
}

describe('the money of two thousand settled visits', () => {
  test('each was settled, and each is looked at', () => {
    expect(answered.size).toBe(VISITS);
    expect(proven.map((visit) => visit.encounterId).toSorted()).toEqual([...answered.keys()].toSorted());
    // Built claims, claims made now, visits that the fund pays, visits that it does not.
    const isPaid = (visit: VisitMoney) => !money(visit.money.claim.insurerPays).eq('0');
    for (const what of [isPaid, (visit: VisitMoney) => visit.isDocument]) {
      const some = proven.filter(what).length;
      expect([some > 20, some < VISITS]).toEqual([true, true]);
    }
  });

  test('is what the API answered, in the statement, in XML1 and in the rows, to the đồng', () => {
    expect(proven.filter((visit) => Object.keys(differencesOf(visit)).length > 0)).toEqual([]);
    for (const { encounterId, money: places } of proven) {
      const {
        drugAmount: _drugs,
        supplyAmount: _supplies,
        patientPays,
        ...totals
      } = answered.get(encounterId)!;
      for (const place of PLACES) expect(places[place]).toMatchObject(totals);
      const { copay, selfPay } = places.statement;
      expect(moneyText(add(money(copay), money(selfPay)))).toBe(patientPays);
    }
  });

  test('a hundredth of a đồng elsewhere is a difference, wherever it is', () => {
    const [visit] = proven;
    for (const place of PLACES) {
      const grossAmount = moneyText(money(visit!.money[place].grossAmount).plus('0.01'));
      const changed = { ...visit!.money, [place]: { ...visit!.money[place], grossAmount } };
      expect(Object.keys(differencesOf({ ...visit!, money: changed }))).toEqual(['grossAmount']);
    }
  });
});
