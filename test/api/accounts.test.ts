import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ensureAdministrator, PERMISSION_NAMES } from '../../src/identity/index.ts';
import { SYSTEM_CONTEXT } from '../../src/platform/database/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { openDatabase } from '../../src/runtime/databases.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import { stillClock } from '../harness/clock.ts';
import { type Answer, addPerson, type Browser, browserAt, enrol, PASSWORD } from '../harness/people.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { doctorOf, HOSPITAL, STATION } from '../harness/visit.ts';

const clock = stillClock();
const today = localDate(clock.now());
let server: TestServer;
/** The administrators of two facilities and of the province, each in a browser of their own. */
let admin: Browser;
let stationAdmin: Browser;
let office: Browser;
let adminId: string;

beforeAll(async () => {
  server = await startTestServer({
    as: HOSPITAL,
    clock,
    settings: { UNRECOGNISED_CALLS_PER_MINUTE: 100_000 },
  });
  const demo = { isDemo: true };
  ({ id: adminId } = await addPerson(server, 'admin.a', [{ role: 'facility-admin', at: HOSPITAL }], demo));
  await addPerson(server, 'admin.b', [{ role: 'facility-admin', at: STATION }], demo);
  await addPerson(server, 'office.a', [{ role: 'province-admin', at: null }], demo);
  admin = await signedIn('admin.a');
  stationAdmin = await signedIn('admin.b');
  office = await signedIn('office.a');
});
afterAll(() => server.stop());

async function signedIn(username: string, password = PASSWORD): Promise<Browser> {
  const one = browserAt(server);
  expect((await one.signIn(username, password)).status).toBe(201);
  return one;
}
const ACCOUNTS = '/api/v1/accounts';
const create = (by: Browser, body: object) => by.call('POST', ACCOUNTS, body);
const nurse = (username: string, more: object = {}) => ({
  username,
  name: 'Trần Thị Mẫu',
  duty: { role: 'nurse' },
  ...more,
});
const idOf = (answer: Answer) => answer.body.account.id as string;
const because = { reason: 'Thử' };
const trail = (accountId: string) =>
  server.database.query<{ action: string; detail: object }>(
    'select action, detail from audit_event where subject_id = $1 order by id',
    [accountId],
  );

describe('a new account', () => {
  test('gets a duty at the administrator’s own facility from today and a one-time password', async () => {
    const made = await create(admin, nurse('moi.a'));
    expect(made.status).toBe(201);
    expect(made.body.oneTimePassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/);
    expect(made.body.account).toMatchObject({
      kind: 'person',
      username: 'moi.a',
      state: 'active',
      duties: [{ role: 'nurse', facilityCode: HOSPITAL, validFrom: today, validThrough: null }],
    });
    expect(made.headers.get('location')).toBe(`${ACCOUNTS}/${idOf(made)}`);
    expect((await admin.call('GET', `${ACCOUNTS}/${idOf(made)}`)).body).toEqual(made.body.account);
    const one = browserAt(server);
    expect((await one.signIn('moi.a', made.body.oneTimePassword)).body.state).toBe('set-password');
    expect(await trail(idOf(made))).toMatchObject([{ action: 'account.created', detail: { role: 'nurse' } }]);
  });

  test('a repeat with the same key makes none and does not show the password again: it is stored nowhere', async () => {
    const key = { 'Idempotency-Key': newId() };
    const made = await admin.call('POST', ACCOUNTS, nurse('moi.b'), key);
    const again = await admin.call('POST', ACCOUNTS, nurse('moi.b'), key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual({ account: made.body.account });
    const machine = await create(admin, nurse('may.moi', { kind: 'machine', duty: { role: 'machine' } }));
    const dump = await everythingStored();
    expect(dump).toContain('moi.b');
    expect(dump).not.toContain(made.body.oneTimePassword);
    expect(dump).not.toContain(machine.body.secret);
  });

  test('a name is given once in the province, and is written in plain small letters', async () => {
    expect((await create(admin, nurse('admin.b'))).problem).toBe('already-exists');
    for (const username of [
      'Moi.C',
      'mới',
      'a',
      '.abc',
      'a b c',
      "x'; drop table account --",
      'x'.repeat(65),
    ])
      expect((await create(admin, nurse(username))).problem).toBe('invalid-body');
  });

  test('a licence of the facility is linked to its person, one that is not there is refused whole', async () => {
    const licenceNumber = doctorOf(HOSPITAL);
    const made = await create(admin, nurse('bacsi.moi', { duty: { role: 'clinician' }, licenceNumber }));
    expect(made.status).toBe(201);
    expect(
      await server.database.query('select account_id as id from practitioner where licence_number = $1', [
        licenceNumber,
      ]),
    ).toEqual([{ id: idOf(made) }]);
    const elsewhere = await create(admin, nurse('bacsi.sai', { licenceNumber: doctorOf(STATION) }));
    expect([elsewhere.status, elsewhere.body.places[0].pointer]).toEqual([422, '/licenceNumber']);
    expect(await server.database.query(`select 1 from account where username = 'bacsi.sai'`)).toEqual([]);
  });

  test.each([
    ['an office role', { role: 'auditor' }],
    ['the office by name', { role: 'province-admin', facilityCode: null }],
    ['another facility', { role: 'nurse', facilityCode: STATION }],
    ['no facility at all', { role: 'nurse', facilityCode: null }],
  ])('a facility’s administrator cannot give %s', async (_name, duty) => {
    const answer = await create(admin, nurse('khong.duoc', { duty }));
    expect([answer.status, answer.problem]).toEqual([403, 'not-allowed']);
    expect(await server.database.query(`select 1 from account where username = 'khong.duoc'`)).toEqual([]);
  });

  test.each([
    ['an office role at a facility', { role: 'auditor', facilityCode: HOSPITAL }],
    ['work at the bedside in the office', { role: 'nurse', facilityCode: null }],
    ['a person as a machine', { role: 'machine', facilityCode: HOSPITAL }],
  ])('nobody can give %s', async (_name, duty) => {
    expect((await create(office, nurse('khong.the', { duty }))).body.places).toMatchObject([
      { pointer: '/duty/role' },
    ]);
  });

  test('unknown and read-only fields are refused, not ignored', async () => {
    for (const more of [
      { state: 'active' },
      { isDemo: true },
      { id: newId() },
      { roles: ['auditor'] },
      { passwordHash: 'x' },
    ])
      expect((await create(admin, nurse('thua.a', more))).problem).toBe('invalid-body');
    const duty = { role: 'nurse', grantedBy: newId() };
    expect((await create(admin, nurse('thua.a', { duty }))).problem).toBe('invalid-body');
  });
});

/** The text of every row of every table. */
async function everythingStored(): Promise<string> {
  const tables = await server.database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
     and tablename not in ('diagnosis_code', 'catalogue_item', 'catalogue_price', 'ward')`,
  );
  const texts = await Promise.all(
    tables.map(({ name }) =>
      server.database.query<{ text: string }>(`select t::text as text from ${name} t`),
    ),
  );
  return texts
    .flat()
    .map(({ text }) => text)
    .join('\n');
}

describe('duties', () => {
  const grant = (by: Browser, id: string, duty: object) => by.call('POST', `${ACCOUNTS}/${id}/duties`, duty);

  test('are given with their first and last day, once at a time', async () => {
    const id = idOf(await create(admin, nurse('viec.a')));
    const given = await grant(admin, id, {
      role: 'cashier',
      validFrom: '2026-03-10',
      validThrough: '2026-03-20',
    });
    expect(given.body.duties).toMatchObject([
      { role: 'nurse' },
      { role: 'cashier', validFrom: '2026-03-10', validThrough: '2026-03-20' },
    ]);
    const again = { role: 'cashier', validFrom: '2026-03-20' };
    expect((await grant(admin, id, again)).problem).toBe('already-exists');
    expect((await grant(admin, id, { ...again, validFrom: '2026-03-21' })).status).toBe(201);
    const oneDay = { role: 'pharmacist', validFrom: '2026-03-20', validThrough: '2026-03-20' };
    expect((await grant(admin, id, oneDay)).status).toBe(201);
    const backwards = { role: 'receptionist', validFrom: '2026-03-20', validThrough: '2026-03-19' };
    expect((await grant(admin, id, backwards)).body.places).toMatchObject([{ pointer: '/validThrough' }]);
  });

  test('end today: the last day was yesterday, and the person is out at once', async () => {
    const made = await create(
      admin,
      nurse('viec.b', { duty: { role: 'nurse', validFrom: addDays(today, -10) } }),
    );
    const one = await signedIn('viec.b', made.body.oneTimePassword);
    expect((await one.call('POST', '/api/v1/session/password', { next: PASSWORD })).body.state).toBe(
      'active',
    );
    expect((await one.call('GET', '/api/v1/patients?name=mau')).status).toBe(200);
    const [duty] = made.body.account.duties as { id: string }[];
    const revoke = () => admin.call('POST', `${ACCOUNTS}/${idOf(made)}/duties/${duty!.id}/revoke`, because);
    expect((await revoke()).body.duties).toMatchObject([{ validThrough: addDays(today, -1) }]);
    expect((await one.call('GET', '/api/v1/patients?name=mau')).problem).toBe('not-allowed');
    expect((await browserAt(server).signIn('viec.b')).problem).toBe('no-duty');
    expect((await revoke()).status).toBe(200);
    const revoked = (await trail(idOf(made))).filter(({ action }) => action === 'account.dutyRevoked');
    expect(revoked).toMatchObject([{ detail: { role: 'nurse', reason: 'Thử' } }]);
  });

  test('that began today keep today as their last day; of a later one only its first day is left', async () => {
    const made = await create(admin, nurse('viec.c'));
    const later = { role: 'cashier', validFrom: addDays(today, 5), validThrough: addDays(today, 9) };
    const given = await grant(admin, idOf(made), later);
    const duties = given.body.duties as { id: string; role: string }[];
    for (const { id } of duties)
      await admin.call('POST', `${ACCOUNTS}/${idOf(made)}/duties/${id}/revoke`, because);
    expect((await admin.call('GET', `${ACCOUNTS}/${idOf(made)}`)).body.duties).toMatchObject([
      { role: 'nurse', validThrough: today },
      { role: 'cashier', validThrough: addDays(today, 5) },
    ]);
  });

  test('at another facility are not this administrator’s to see, give or end', async () => {
    const made = await create(stationAdmin, nurse('tram.a'));
    const path = `${ACCOUNTS}/${idOf(made)}`;
    const [duty] = made.body.account.duties as { id: string }[];
    expect((await admin.call('GET', path)).problem).toBe('not-found');
    expect((await grant(admin, idOf(made), { role: 'nurse' })).problem).toBe('not-found');
    expect((await admin.call('POST', `${path}/duties/${duty!.id}/revoke`, because)).problem).toBe(
      'not-found',
    );
    for (const what of ['lock', 'unlock', 'reset'])
      expect((await admin.call('POST', `${path}/${what}`, because)).problem).toBe('not-found');
    await grant(office, idOf(made), { role: 'nurse', facilityCode: HOSPITAL });
    const seen = (await admin.call('GET', path)).body.duties as { facilityCode: string }[];
    expect(seen.map(({ facilityCode }) => facilityCode)).toEqual([HOSPITAL]); // and not what they do elsewhere
    expect((await admin.call('POST', `${path}/duties/${duty!.id}/revoke`, because)).problem).toBe(
      'not-found',
    );
    expect((await office.call('GET', path)).body.duties).toHaveLength(2);
  });
});

describe('lock and reset', () => {
  test('a lock puts a person out, unlocking lets them in again', async () => {
    await addPerson(server, 'khoa.a', [{ role: 'nurse', at: HOSPITAL }]);
    const one = await signedIn('khoa.a');
    const id = (await one.call('GET', '/api/v1/session')).body.accountId as string;
    const locked = await admin.call('POST', `${ACCOUNTS}/${id}/lock`, because);
    expect(locked.body).toMatchObject({ state: 'locked', stateReason: 'Thử', version: 2 });
    expect((await one.call('GET', '/api/v1/session')).problem).toBe('not-signed-in');
    expect((await browserAt(server).signIn('khoa.a')).problem).toBe('sign-in-failed');
    expect((await admin.call('POST', `${ACCOUNTS}/${id}/lock`, because)).body.version).toBe(2);
    await admin.call('POST', `${ACCOUNTS}/${id}/unlock`, because);
    expect((await one.call('GET', '/api/v1/session')).problem).toBe('not-signed-in');
    await signedIn('khoa.a');
    expect((await trail(id)).map(({ action }) => action)).toEqual([
      'account.locked',
      'sign-in.failed',
      'account.unlocked',
    ]);
  });

  test('a reset gives a one-time password; the old one holds until a new one is set', async () => {
    const { id } = await addPerson(server, 'quen.a', [{ role: 'nurse', at: HOSPITAL }]);
    const reset = await admin.call('POST', `${ACCOUNTS}/${id}/reset`, because);
    await signedIn('quen.a');
    const one = await signedIn('quen.a', reset.body.oneTimePassword);
    expect(
      (await one.call('POST', '/api/v1/session/password', { next: 'ruộng ngô bên sông Lam' })).status,
    ).toBe(200);
    expect((await browserAt(server).signIn('quen.a')).problem).toBe('sign-in-failed');
  });

  test('whoever lost phone and recovery codes sets up a second factor anew, on record', async () => {
    const { id } = await addPerson(server, 'mat.may', [{ role: 'insurance-officer', at: HOSPITAL }]);
    const before = await signedIn('mat.may');
    await enrol(before, clock.now());
    const wish = { ...because, removesSecondFactor: true };
    const reset = await admin.call('POST', `${ACCOUNTS}/${id}/reset`, wish);
    expect((await before.call('GET', '/api/v1/session')).status).toBe(401);
    const again = await signedIn('mat.may', reset.body.oneTimePassword);
    const set = await again.call('POST', '/api/v1/session/password', { next: 'ruộng ngô bên sông Lam' });
    expect(set.body.state).toBe('set-second-factor');
    const events = await server.database.query(
      'select action, reason from audit_event where subject_id = $1 and action like $2',
      [id, 'account.reset%'],
    );
    expect(events).toEqual([{ action: 'account.resetWithSecondFactor', reason: because.reason }]);
  });

  test('nobody takes away the second factor of whom they do not manage, whatever they ask the database', async () => {
    const { id } = await addPerson(server, 'o.tram', [{ role: 'insurance-officer', at: STATION }]);
    const context = { userId: adminId, facilityId: facilityIdOf(HOSPITAL), reach: 'facility' };
    const ask = (reach: string) =>
      server.app.transaction({ ...SYSTEM_CONTEXT, ...context, reach } as never, async (tx) =>
        tx.query('select remove_second_factor($1) as removed', [id]),
      );
    expect(await ask('facility')).toEqual([{ removed: false }]);
    expect(await ask('none')).toEqual([{ removed: false }]);
    expect(await ask('province')).toEqual([{ removed: true }]);
  });

  test('somebody who works elsewhere too is the province’s to lock and to reset', async () => {
    const { id } = await addPerson(server, 'hainoi.a', [
      { role: 'nurse', at: HOSPITAL },
      { role: 'nurse', at: STATION },
    ]);
    for (const what of ['lock', 'reset'])
      expect((await admin.call('POST', `${ACCOUNTS}/${id}/${what}`, because)).problem).toBe(
        'works-elsewhere',
      );
    expect((await office.call('POST', `${ACCOUNTS}/${id}/lock`, because)).body.state).toBe('locked');
    const officer = await addPerson(server, 'hainoi.b', [
      { role: 'nurse', at: HOSPITAL },
      { role: 'auditor', at: null },
    ]);
    expect((await admin.call('POST', `${ACCOUNTS}/${officer.id}/reset`, because)).problem).toBe(
      'works-elsewhere',
    );
  });

  test('nobody does any of it to themselves', async () => {
    const me = `${ACCOUNTS}/${adminId}`;
    const [duty] = (await admin.call('GET', me)).body.duties as { id: string }[];
    for (const [path, body] of [
      ['lock', because],
      ['unlock', because],
      ['reset', because],
      ['duties', { role: 'clinician' }],
      [`duties/${duty!.id}/revoke`, because],
    ] as const)
      expect([path, (await admin.call('POST', `${me}/${path}`, body)).problem]).toEqual([
        path,
        'not-on-yourself',
      ]);
    const self = (await office.call('GET', '/api/v1/session')).body.accountId as string;
    const chart = { role: 'clinician', facilityCode: HOSPITAL };
    expect((await office.call('POST', `${ACCOUNTS}/${self}/duties`, chart)).problem).toBe('not-on-yourself');
  });

  test('the list shows the people of one’s own facility, page by page', async () => {
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await admin.call('GET', `${ACCOUNTS}?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      names.push(...page.body.items.map((one: { username: string }) => one.username));
      cursor = page.body.next as string | null;
    }
    const own = await server.database.query<{ username: string }>(
      `select distinct a.username from account a join account_duty d on d.account_id = a.id
       join facility f on f.id = d.facility_id where f.code = $1`,
      [HOSPITAL],
    );
    expect(names).toEqual([...new Set(own.map(({ username }) => username))].toSorted());
    expect(names).not.toContain('admin.b');
  });
});

describe('machines', () => {
  const tokens = browserAt; // any caller without a cookie
  const ask = (body: object) => tokens(server).call('POST', '/api/v1/token', body);
  const bearer = (token: string, method: string, path: string, body?: object) =>
    tokens(server).call(method, path, body, { Authorization: `Bearer ${token}` });
  const machine = async (username: string, by = admin) => {
    const duty = { role: 'machine' };
    const made = await create(by, { username, name: 'Máy xét nghiệm', kind: 'machine', duty });
    expect(made.body.oneTimePassword).toBeUndefined();
    return { id: idOf(made), secret: made.body.secret as string };
  };

  test('exchange a secret for a token of a quarter of an hour', async () => {
    const { secret } = await machine('may.a');
    expect(secret).toMatch(/^[\w-]{43}$/);
    const { body } = await ask({ username: 'may.a', secret });
    expect(body).toMatchObject({ tokenType: 'Bearer', expiresInSeconds: 900 });
    expect(body.scopes).toEqual(PERMISSION_NAMES.filter((name) => body.scopes.includes(name)));
    expect((await bearer(body.accessToken, 'GET', '/api/v1/patients?name=mau')).status).toBe(200);
    clock.forward({ minutes: 14, seconds: 59 });
    expect((await bearer(body.accessToken, 'GET', '/api/v1/patients?name=mau')).status).toBe(200);
    clock.forward({ seconds: 1 });
    expect((await bearer(body.accessToken, 'GET', '/api/v1/patients?name=mau')).problem).toBe(
      'not-signed-in',
    );
  });

  test('a token does what its scopes name and nothing else', async () => {
    const { secret } = await machine('may.b');
    const { body } = await ask({ username: 'may.b', secret, scopes: ['patient.read'] });
    expect(body.scopes).toEqual(['patient.read']);
    expect((await bearer(body.accessToken, 'GET', '/api/v1/patients?name=mau')).status).toBe(200);
    expect((await bearer(body.accessToken, 'GET', '/api/v1/claims')).problem).toBe('not-allowed');
    for (const scope of ['account.manage', 'audit.read', 'patient.history', 'hasOwnProperty', ''])
      expect((await ask({ username: 'may.b', secret, scopes: [scope] })).status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['a wrong secret', { secret: 'x'.repeat(43) }],
    ['another machine’s secret', {}],
    ['a name that nobody has', { username: 'may.khong' }],
    ['a person’s name and password', { username: 'admin.a', secret: PASSWORD }],
  ])('%s gives none', async (name, wish) => {
    const [one, other] = [await machine(`may.c${name.length}`), await machine(`may.d${name.length}`)];
    expect(one.secret).not.toBe(other.secret);
    const answer = await ask({ username: `may.c${name.length}`, secret: other.secret, ...wish });
    expect([answer.status, answer.problem]).toEqual([401, 'sign-in-failed']);
  });

  test('a machine works at its facilities only, and says which when there are several', async () => {
    const { id, secret } = await machine('may.e');
    const at = (facilityCode?: string) =>
      ask({ username: 'may.e', secret, ...(facilityCode ? { facilityCode } : {}) });
    expect((await at(STATION)).problem).toBe('no-duty');
    expect((await at(HOSPITAL)).status).toBe(200);
    await office.call('POST', `${ACCOUNTS}/${id}/duties`, { role: 'machine', facilityCode: STATION });
    expect((await at()).problem).toBe('no-duty');
    const token = (await at(STATION)).body.accessToken as string;
    const visit = {
      wardCode: '16681',
      name: 'Lê Mẫu',
      birthDate: '1990-02-01',
      sexCode: '1',
      ethnicityCode: '01',
      provinceCode: '40',
      address: 'Xóm 1',
    };
    const registered = await bearer(token, 'POST', '/api/v1/patients', visit);
    expect(registered.status).toBe(201);
    const home = (await at(HOSPITAL)).body.accessToken as string;
    expect((await bearer(home, 'GET', `/api/v1/patients/${registered.body.id}`)).problem).toBe('not-found');
  });

  test('is never a person: no session, no password, no account work', async () => {
    const { secret } = await machine('may.f');
    expect((await browserAt(server).signIn('may.f', secret)).problem).toBe('sign-in-failed');
    const { accessToken } = (await ask({ username: 'may.f', secret })).body;
    for (const [method, path, body] of [
      ['GET', '/api/v1/session'],
      ['POST', '/api/v1/session/facility', { facilityCode: HOSPITAL }],
      ['POST', '/api/v1/session/password', { next: 'ruộng ngô bên sông Lam' }],
      ['POST', '/api/v1/session/second-factor', { code: '123456' }],
      ['POST', '/api/v1/session/second-factor/enrolment', {}],
      ['POST', '/api/v1/session/second-factor/confirmation', { code: '123456' }],
      ['POST', '/api/v1/session/recovery-codes', {}],
      ['POST', '/api/v1/session/end', {}],
      ['POST', '/api/v1/session/end-all', {}],
      ['GET', '/api/v1/accounts'],
      ['POST', '/api/v1/accounts', nurse('may.tao')],
    ] as const)
      expect([path, (await bearer(accessToken, method, path, body)).problem]).toEqual([path, 'not-allowed']);
  });

  test('a reset puts an end to the old secret and to tokens had with it, a lock to all of them for good', async () => {
    const { id, secret } = await machine('may.g');
    const old = (await ask({ username: 'may.g', secret })).body.accessToken as string;
    const reset = await admin.call('POST', `${ACCOUNTS}/${id}/reset`, because);
    expect((await ask({ username: 'may.g', secret })).problem).toBe('sign-in-failed');
    expect((await bearer(old, 'GET', '/api/v1/claims')).problem).toBe('not-signed-in');
    const fresh = (await ask({ username: 'may.g', secret: reset.body.secret })).body.accessToken as string;
    expect((await bearer(fresh, 'GET', '/api/v1/claims')).status).toBe(200);
    await admin.call('POST', `${ACCOUNTS}/${id}/lock`, because);
    expect((await bearer(fresh, 'GET', '/api/v1/claims')).problem).toBe('not-signed-in');
    expect((await ask({ username: 'may.g', secret: reset.body.secret })).problem).toBe('sign-in-failed');
    await admin.call('POST', `${ACCOUNTS}/${id}/unlock`, because);
    expect((await bearer(fresh, 'GET', '/api/v1/claims')).problem).toBe('not-signed-in');
    expect((await ask({ username: 'may.g', secret: reset.body.secret })).status).toBe(200);
  });
});

describe('the first administrator', () => {
  test('is made once, also when two servers start at the same moment, and sets everything up from there', async () => {
    await server.database.query(`delete from account_duty where role = 'province-admin'`);
    const doors = [1, 2].map(() => openDatabase(server.database.urls.his_identity, 1, () => undefined));
    const start = (n: number) =>
      doors[n]!.transaction(SYSTEM_CONTEXT, (tx) =>
        ensureAdministrator(tx, 'quantri', 'Văn phòng', clock.now()),
      );
    const made = await Promise.all([start(0), start(1)]);
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await start(1)).toBeNull();
    for (const door of doors) await door.close();
    const first = await signedIn('quantri', made.find(Boolean)!.oneTimePassword);
    const next = 'ruộng ngô bên sông Lam';
    expect((await first.call('POST', '/api/v1/session/password', { next })).body).toMatchObject({
      state: 'set-second-factor',
      roles: ['province-admin'],
      facility: null,
    });
  });
});

test('what docs/operations.md tells the operator to do opens the door again to whoever lost everything', async () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [sql] = /^insert into one_time_password[^`]*/m.exec(page)!;
  await addPerson(server, 'lost.all', [{ role: 'auditor', at: null }]);
  clock.set(new Date());
  const before = await signedIn('lost.all');
  await enrol(before, clock.now());
  await asOwner(sql.replaceAll("'quantri'", "'lost.all'"));
  const again = await signedIn('lost.all', 'a-long-word-said-on-the-phone');
  const next = 'đò ngang bến cũ chiều nay';
  const set = await again.call('POST', '/api/v1/session/password', { next });
  expect(set.body.state).toBe('set-second-factor');
  await enrol(again, clock.now());
  expect((await again.call('GET', '/api/v1/session')).body.state).toBe('active');
});

async function asOwner(sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: server.database.urls.his_owner });
  await owner.connect();
  try {
    await owner.query(sql);
  } finally {
    await owner.end();
  }
}
