import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Credential, Session } from '../../src/demo/client.ts';
import type { ActingContext } from '../../src/platform/database/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { addAccount, addSession, type TestAccount } from '../harness/accounts.ts';
import { tokenFor } from '../harness/province.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { arrival, HOSPITAL, person, STATION, wholeVisit } from '../harness/visit.ts';
import { refusalNotes, requestIdOf } from '../harness/written.ts';

/** A third place, where nobody knows these people. */
const ELSEWHERE = '40001';
const HOURS_MS = 3_600_000;

let server: TestServer;
/** Lives by the station; the first has come to the hospital too, the others never did. */
let related: string;
let stranger: string;
let another: string;
let visitId: string;
let doctor: TestAccount;
const at = new Map<string, Session>();
const as = (who: string) => at.get(who)!;

beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  const { database } = server;
  for (const [who, role, code] of [
    ['doctor', 'clinician', HOSPITAL],
    ['colleague', 'clinician', HOSPITAL],
    ['nurse', 'nurse', HOSPITAL],
    ['admin', 'facility-admin', HOSPITAL],
    ['station admin', 'facility-admin', STATION],
    ['admin elsewhere', 'facility-admin', ELSEWHERE],
    ['auditor', 'auditor', null],
    ['province', 'province-admin', null],
  ] as const) {
    const account = await addAccount(database, role, code, { username: who.replaceAll(' ', '.') });
    if (who === 'doctor') doctor = account;
    at.set(who, await addSession(database, account));
  }
  [related, stranger, another] = [
    await livesByTheStation(),
    await livesByTheStation(),
    await livesByTheStation(),
  ];
  await ok('POST', '/api/v1/encounters', tokenFor(HOSPITAL), arrival(related, { routeCode: '9' }));
});
afterAll(() => server.stop());

async function livesByTheStation(): Promise<string> {
  const { id } = await ok('POST', '/api/v1/patients', tokenFor(STATION), person());
  const visit = await ok('POST', '/api/v1/encounters/whole', tokenFor(STATION), wholeVisit(id, STATION));
  visitId ??= visit.id;
  return id;
}

function call(method: string, path: string, by: Credential, body?: object, headers: object = {}) {
  const key: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': newId() } : {};
  return server.api.call(method, path, by, body, { ...key, ...headers });
}

async function ok(method: string, path: string, by: Credential, body?: object): Promise<{ id: string }> {
  const answer = await call(method, path, by, body);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body as { id: string };
}

const history = (who: string, patientId: string, purpose?: string) =>
  call(
    'GET',
    `/api/v1/patients/${patientId}/history`,
    as(who),
    undefined,
    purpose === undefined ? {} : { 'X-Purpose': purpose },
  );
const declare = (who: string, patientId: string, body: object = { reason: 'bất tỉnh, không có người nhà' }) =>
  call('POST', `/api/v1/patients/${patientId}/emergency-access`, as(who), body);
const inShort = (answer: { status: number; body: unknown }) => [
  answer.status,
  (answer.body as { type?: string }).type?.split('/').at(-1),
];

interface Event {
  readonly action: string;
  readonly facilityCode: string | null;
  readonly actor: { readonly username: string | null };
  readonly purpose: string;
  readonly reason: string | null;
  readonly flag: string | null;
  readonly patientId: string | null;
}
async function trail(who: string, query: string): Promise<Event[]> {
  const answer = await call('GET', `/api/v1/audit-events?limit=200&${query}`, as(who));
  expect(answer.status).toBe(200);
  return (answer.body as { items: Event[] }).items;
}

describe('visits elsewhere of a person who is treated here', () => {
  test('are read for treatment or referral, which must be said: care is not enough', async () => {
    for (const purpose of [undefined, 'care', 'research', 'emergency'])
      expect([purpose, ...inShort(await history('doctor', related, purpose))]).toEqual([
        purpose,
        403,
        'purpose-required',
      ]);
    for (const purpose of ['treatment', 'referral']) {
      const { status, body } = await history('doctor', related, purpose);
      const { items } = body as {
        items: { facilityCode: string; encounterId: string; conditions: object[] }[];
      };
      expect(status).toBe(200);
      expect(items.map((item) => [item.facilityCode, item.encounterId])).toEqual([[STATION, visitId]]);
      expect(items[0]!.conditions).toEqual([expect.objectContaining({ role: 'primary', code: 'J00' })]);
    }
  });

  test('stand in the trail of every facility that knows the person: who, from where, why', async () => {
    for (const who of ['station admin', 'admin']) {
      const reads = (await trail(who, `patientId=${related}&action=patient.historyRead`)).map(
        ({ facilityCode, actor, purpose }) => [facilityCode, actor.username, purpose],
      );
      expect(reads).toEqual([
        [HOSPITAL, 'doctor', 'referral'],
        [HOSPITAL, 'doctor', 'treatment'],
      ]);
    }
    expect(await trail('admin elsewhere', `patientId=${related}`)).toEqual([]);
  });

  test('are not read without a relation, and the attempt is on record', async () => {
    const answer = await history('doctor', stranger, 'treatment');
    expect(inShort(answer)).toEqual([404, 'not-found']);
    expect(await refusalNotes(server.database, [requestIdOf(answer)])).toEqual([
      expect.objectContaining({ operation: 'readHistory', subjectId: stranger, actor: doctor.id }),
    ]);
    expect(inShort(await history('doctor', newId(), 'treatment'))).toEqual([404, 'not-found']);
  });

  test('are for clinicians alone', async () => {
    for (const who of ['nurse', 'admin', 'auditor', 'province'])
      expect([who, ...inShort(await history(who, related, 'treatment'))]).toEqual([who, 403, 'not-allowed']);
    const byMachine = await call(
      'GET',
      `/api/v1/patients/${related}/history`,
      tokenFor(HOSPITAL),
      undefined,
      {
        'X-Purpose': 'treatment',
      },
    );
    expect(inShort(byMachine)).toEqual([403, 'not-allowed']);
  });

  test('are kept by the database itself from a query that forgets relation, purpose or place', async () => {
    const visits = async (patientId: string, context: Partial<ActingContext>) => {
      const acting = {
        userId: doctor.id,
        facilityId: doctor.facilityId,
        purpose: 'treatment',
        requestId: 'test',
      };
      const rows = await server.app.transaction({ ...acting, ...context }, (tx) =>
        tx.query('select encounter_id from patient_history($1, 50)', [patientId]),
      );
      return rows.length;
    };
    expect(await visits(related, {})).toBe(1);
    expect(await visits(related, { purpose: 'care' })).toBe(0);
    expect(await visits(related, { purpose: '' })).toBe(0);
    expect(await visits(stranger, {})).toBe(0);
    expect(await visits(related, { facilityId: facilityIdOf(ELSEWHERE) })).toBe(0);
    for (const reach of ['province', 'audit', 'none'] as const)
      expect([reach, await visits(related, { facilityId: null, reach })]).toEqual([reach, 0]);
  });
});

describe('emergency access to a person who never came here', () => {
  let expiresAt: string;

  test('needs a reason', async () => {
    for (const body of [
      {},
      { reason: '' },
      { reason: ' \u00a0' },
      { reason: 7 },
      { reason: 'x'.repeat(501) },
    ])
      expect(inShort(await declare('doctor', stranger, body))).toEqual([422, 'invalid-body']);
    expect(inShort(await history('doctor', stranger, 'treatment'))).toEqual([404, 'not-found']);
  });

  test('is for clinicians alone, and for somebody who exists', async () => {
    for (const who of ['nurse', 'admin', 'auditor', 'province'])
      expect([who, ...inShort(await declare(who, stranger))]).toEqual([who, 403, 'not-allowed']);
    expect(inShort(await declare('doctor', newId()))).toEqual([404, 'not-found']);
    expect(await server.database.query('select 1 from emergency_access')).toEqual([]);
  });

  test('opens the visits elsewhere to the clinician who declared it, for that person, for some hours', async () => {
    const declared = await declare('doctor', stranger);
    expect(declared.status).toBe(201);
    ({ expiresAt } = declared.body as { expiresAt: string });
    const hours = (Date.parse(expiresAt) - Date.now()) / HOURS_MS;
    expect(hours).toBeGreaterThan(3.9);
    expect(hours).toBeLessThanOrEqual(4);

    expect(inShort(await history('doctor', stranger))).toEqual([403, 'purpose-required']);
    const read = await history('doctor', stranger, 'treatment');
    expect(read.status).toBe(200);
    expect((read.body as { items: unknown[] }).items).toHaveLength(1);
    expect(inShort(await history('doctor', another, 'treatment'))).toEqual([404, 'not-found']);
  });

  test('shows who the person is, and changes nothing about them', async () => {
    const seen = await call('GET', `/api/v1/patients/${stranger}`, as('doctor'));
    expect([seen.status, seen.body]).toEqual([
      200,
      expect.objectContaining({ id: stranger, patientNumber: '-', name: expect.any(String) }),
    ]);
    expect((await call('GET', `/api/v1/patients/${another}`, as('doctor'))).status).toBe(404);
    const changed = await call(
      'PATCH',
      `/api/v1/patients/${stranger}`,
      as('doctor'),
      { phone: '0900000000' },
      { 'If-Match': '"1"' },
    );
    expect(inShort(changed)).toEqual([404, 'not-found']);
    expect(inShort(await call('GET', `/api/v1/patients/${stranger}/coverages`, as('doctor')))).toEqual([
      404,
      'not-found',
    ]);
  });

  test('opens nothing to others of the facility', async () => {
    expect(inShort(await history('colleague', stranger, 'treatment'))).toEqual([404, 'not-found']);
    expect(inShort(await history('nurse', stranger, 'treatment'))).toEqual([403, 'not-allowed']);
    for (const who of ['colleague', 'nurse'])
      expect([who, (await call('GET', `/api/v1/patients/${stranger}`, as(who))).status]).toEqual([who, 404]);
    const acting = { facilityId: doctor.facilityId, purpose: 'treatment', requestId: 'test' };
    const seenBy = (userId: string) =>
      server.app.transaction({ ...acting, userId }, (tx) =>
        tx.query('select id from patient where id = $1', [stranger]),
      );
    expect(await seenBy(doctor.id)).toHaveLength(1);
    expect(await seenBy(newId())).toEqual([]);
  });

  test('is flagged for the auditors, with its reason, and so is what it was used for on record', async () => {
    const [flagged, ...more] = await trail('auditor', 'flaggedOnly=true');
    expect(more).toEqual([]);
    expect(flagged).toMatchObject({
      action: 'patient.emergencyAccess',
      flag: 'emergency-access',
      reason: 'bất tỉnh, không có người nhà',
      patientId: stranger,
      facilityCode: HOSPITAL,
      actor: { username: 'doctor' },
    });
  });

  test('stands in the trail of the person’s own facility, where its administrator sees who it was', async () => {
    const events = await trail('station admin', `patientId=${stranger}`);
    expect(
      events
        .filter((event) => event.facilityCode === HOSPITAL)
        .map(({ action, actor, flag }) => [action, actor.username, flag]),
    ).toEqual([
      ['patient.read', 'doctor', null],
      ['patient.historyRead', 'doctor', null],
      ['patient.emergencyAccess', 'doctor', 'emergency-access'],
    ]);
    expect(await trail('admin elsewhere', `patientId=${stranger}`)).toEqual([]);
  });

  test('cannot be taken back, lengthened or moved to another person by the application', async () => {
    const acting = { userId: doctor.id, facilityId: doctor.facilityId, purpose: 'care', requestId: 'test' };
    for (const sql of [
      `update emergency_access set expires_at = 'infinity'`,
      `update emergency_access set patient_id = '${another}'`,
      'delete from emergency_access',
    ])
      await expect(server.app.transaction(acting, (tx) => tx.query(sql))).rejects.toMatchObject({
        code: '42501',
      });
  });

  test('ends with its time', async () => {
    await server.database.query(
      `update emergency_access set granted_at = granted_at - interval '4 hours', expires_at = now() - interval '1 second'`,
    );
    expect(inShort(await history('doctor', stranger, 'treatment'))).toEqual([404, 'not-found']);
    expect((await call('GET', `/api/v1/patients/${stranger}`, as('doctor'))).status).toBe(404);
    expect((await declare('doctor', stranger)).status).toBe(201);
    expect((await history('doctor', stranger, 'treatment')).status).toBe(200);
    expect((await trail('auditor', 'flaggedOnly=true')).length).toBe(2);
  });
});
