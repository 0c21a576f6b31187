import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Session } from '../../src/demo/client.ts';
import type { Role } from '../../src/identity/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { addAccount, addSession } from '../harness/accounts.ts';
import { plantFinding } from '../harness/planted-findings.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { doctorOf, HOSPITAL, openVisit, STATION } from '../harness/visit.ts';

/** A drug of the demo's catalogue. */
const DRUG = '40.48';
let server: TestServer;
const sessions = new Map<string, Session>();
const visits: string[] = [];
let elsewhere: string;

beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  for (const [role, code] of [
    ['insurance-officer', HOSPITAL],
    ['insurance-officer', STATION],
    ['province-admin', null],
  ] as readonly [Role, string | null][])
    sessions.set(
      code ?? 'office',
      await addSession(server.database, await addAccount(server.database, role, code)),
    );
  for (let n = 0; n < 3; n += 1)
    visits.push((await openVisit(server, { card: { cardNumber: `DN440500000000${n}` } })).id);
  const station = {
    ...server,
    call: ((method, path, more) => server.call(method, path, { as: STATION, ...more })) as TestServer['call'],
  };
  elsewhere = (await openVisit(station, { card: { cardNumber: 'DN4405000000009' } })).id;
  await plantAll();
});
afterAll(() => server.stop());

async function plantAll(): Promise<void> {
  const [a, b, c] = visits as [string, string, string];
  const drug = ['drug', DRUG] as const;
  const plant = (id: string, more: object, code = HOSPITAL) => plantFinding(server.database, code, id, more);
  // One row found by two rules is money once; a row and another row add up.
  await plant(a, { cause: drug, amount: '300.00' });
  await plant(a, { cause: drug, amount: '300.00', rule: 'DRG_PRICE', effect: 'warn' });
  await plant(a, { cause: drug, amount: '200.00', place: 'XML2:2' });
  // What is about the whole visit is the visit's money, and the rows are in it.
  await plant(b, { cause: drug, amount: '5000.00', place: 'XML1', effect: 'warn' });
  await plant(b, { cause: drug, amount: '100.00' });
  await plant(c, { cause: ['practitioner', doctorOf(HOSPITAL)], amount: '50.00', effect: 'warn' });
  await plant(c, { cause: ['person', '123'], amount: '60.00', place: 'XML1' });
  // Nobody works on what is only counted, gone, or without a cause.
  await plant(c, { cause: ['machine', 'M1'], effect: 'count', rule: 'SVC_MACHINE_FORMAT' });
  await plant(c, { cause: null, rule: 'MON_SUM_BHTT' });
  await plant(c, { cause: ['machine', 'M2'], rule: 'SVC_MACHINE_CAPACITY', place: 'XML3:1' });
  await server.database.query(`update finding set cleared_at = now() where cause_key = 'M2'`);
  await plant(elsewhere, { cause: drug, amount: '7.00' }, STATION);
}

interface Cause {
  readonly kind: string;
  readonly key: string;
  readonly name: string | null;
  readonly rules: string[];
  readonly findings: number;
  readonly visits: number;
  readonly blocking: number;
  readonly amount: string;
}
const get = (who: string, path: string) => server.api.call('GET', `/api/v1${path}`, sessions.get(who)!);
const causes = async (who: string, query = ''): Promise<Cause[]> =>
  ((await get(who, `/finding-causes${query}`)).body as { items: Cause[] }).items;
const inShort = (list: readonly Cause[]) =>
  list.map((one) => `${one.kind} ${one.findings}/${one.visits}/${one.blocking} ${one.amount}`);

describe('findings by cause', () => {
  test('the most money first; each row once, each visit at most its own money', async () => {
    expect(inShort(await causes(HOSPITAL))).toEqual([
      'drug 5/2/2 5500.00',
      'person 1/1/1 60.00',
      'practitioner 1/1/0 50.00',
    ]);
  });

  test('with the rules that spoke, and the name of the catalogue row or practitioner', async () => {
    const [drug, person, doctor] = await causes(HOSPITAL);
    expect(drug).toMatchObject({ key: DRUG, rules: ['DRG_CODE_IN_CATALOGUE', 'DRG_PRICE'] });
    expect(drug?.name).toMatch(/\S/);
    expect(person?.name).toBeNull();
    expect(doctor?.name).toMatch(/\S/);
  });

  test('of one kind, as many as wanted', async () => {
    expect(inShort(await causes(HOSPITAL, '?kind=practitioner'))).toEqual(['practitioner 1/1/0 50.00']);
    expect((await causes(HOSPITAL, '?limit=1')).length).toBe(1);
  });

  test('a facility sees its own; the office all of them, and no person', async () => {
    expect(inShort(await causes(STATION))).toEqual(['drug 1/1/1 7.00']);
    expect(inShort(await causes('office'))).toEqual(['drug 6/3/3 5507.00', 'practitioner 1/1/0 50.00']);
    expect(inShort(await causes('office', `?facilityCode=${STATION}`))).toEqual(['drug 1/1/1 7.00']);
    expect((await get(STATION, `/finding-causes?facilityCode=${HOSPITAL}`)).status).toBe(404);
  });

  test('the visits behind one, page by page, found last first', async () => {
    const page = async (query: string) =>
      (await get(HOSPITAL, `/finding-causes/drug/${DRUG}?limit=1${query}`)).body as {
        items: { encounterId: string; amount: string; findings: number; blocking: number }[];
        next: string | null;
      };
    const first = await page('');
    expect(first.items).toMatchObject([
      { encounterId: visits[1], amount: '5000.00', findings: 2, blocking: 1 },
    ]);
    const second = await page(`&cursor=${first.next}`);
    expect(second.items).toMatchObject([
      { encounterId: visits[0], amount: '500.00', findings: 3, blocking: 2 },
    ]);
    expect(second.next).toBeNull();
  });

  test('of a kind that is none nothing is there; of a person nothing for the office', async () => {
    expect((await get(HOSPITAL, '/finding-causes/weather/rain')).status).toBe(404);
    expect((await get(HOSPITAL, '/finding-causes/person/123')).status).toBe(200);
    expect((await get('office', '/finding-causes/person/123')).status).toBe(404);
    expect((await get(STATION, '/finding-causes/person/123')).status).toBe(404);
  });

  test('what a person let stand is no longer to be worked on', async () => {
    const [key] = await server.database.query<{ key: string }>(
      `select key from finding where cause_kind = 'practitioner'`,
    );
    await server.api.call(
      'POST',
      `/api/v1/encounters/${visits[2]}/findings/${key!.key}/decision`,
      sessions.get(HOSPITAL)!,
      { decision: 'falsePositive', reason: 'bác sĩ trực' },
      { 'Idempotency-Key': newId() },
    );
    expect(inShort(await causes(HOSPITAL, '?kind=practitioner'))).toEqual([]);
  });
});
