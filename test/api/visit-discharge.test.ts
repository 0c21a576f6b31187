import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  at,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  placesOf,
  yesterday,
} from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

type Visit = { readonly path: string };
const post = (path: string, body: object) => server.call('POST', path, { body });
const doctor = doctorOf(HOSPITAL);
const blood = (more: object = {}) => line({ itemCode: '22.0121.1369', ...more });
const done = (more: object = {}) => ({
  performedAt: at('08:30'),
  performedByLicences: [doctor],
  resultAt: at('09:00'),
  ...more,
});

async function withPrimary(more: Parameters<typeof openVisit>[1] = {}) {
  const visit = await openVisit(server, more);
  await post(`${visit.path}/conditions`, { conditions: [{ role: 'primary', code: 'J00' }] });
  return visit;
}

async function discharge({ path }: Visit, more: object = {}) {
  const { etag } = await server.call('GET', path);
  return server.call('POST', `${path}/discharge`, { body: leaving(more), headers: { 'If-Match': etag! } });
}
const asked = async (visit: Visit, more: object = {}) => Object.keys(placesOf(await discharge(visit, more)));

describe('a discharge asks for what the claim must say', () => {
  test.each([
    ['a provisional diagnosis', { provisionalDiagnosis: undefined }, ['/provisionalDiagnosis']],
    ['the paper of a referral', { routeCode: '1.3' }, ['/referral']],
    ['the follow-up slip', { routeCode: '1.5' }, ['/referral']],
    ['the admission to a ward', { classCode: '03' }, ['/admittedAt']],
    ['the reason of the admission', { classCode: '03', admittedAt: at('09:00') }, ['/admissionReason']],
    ['the route', { routeCode: undefined }, ['/routeCode']],
    [
      'all of it at once',
      { weightKg: undefined, provisionalDiagnosis: undefined },
      ['/weightKg', '/provisionalDiagnosis'],
    ],
  ])('%s', async (_name, more, places) => {
    expect(await asked(await withPrimary({ arrival: more }))).toEqual(places);
  });

  test('what was missing can be added, and then the visit ends', async () => {
    const visit = await withPrimary({ arrival: { routeCode: '1.3', provisionalDiagnosis: undefined } });
    const { etag } = await server.call('GET', visit.path);
    const changed = await server.call('PATCH', visit.path, {
      body: {
        provisionalDiagnosis: 'Cảm',
        referral: { fromFacilityCode: '40101', paperNumber: '12/GCT' },
      },
      headers: { 'If-Match': etag! },
    });
    expect(changed.status).toBe(200);
    expect((await discharge(visit)).status).toBe(200);
    expect((await server.call('GET', visit.path)).body).toMatchObject({
      encounter: { referral: { fromFacilityCode: '40101', paperNumber: '12/GCT' } },
    });
  });

  test('a visit without insurance is asked for nothing of this', async () => {
    const bare = { provisionalDiagnosis: undefined, weightKg: undefined, routeCode: '9', coverageIds: [] };
    const visit = await withPrimary({ arrival: bare });
    await post(`${visit.path}/orders`, { lines: [blood()] });
    expect((await discharge(visit)).status).toBe(200);
  });

  test('who did a test, when, and what came of it; or that it was not done', async () => {
    const visit = await withPrimary();
    const test_ = blood({ orderedAt: at('08:11') });
    await post(`${visit.path}/orders`, { lines: [line(), test_] });
    expect(await asked(visit)).toEqual([
      '/lines/1/performedAt',
      '/lines/1/resultAt',
      '/lines/1/performedByLicences',
      '/lines/1/results',
    ]);
    const { etag } = await server.call('GET', visit.path);
    await server.call('POST', `${visit.path}/orders/${test_.id}/cancel`, {
      body: { reason: 'không làm' },
      headers: { 'If-Match': etag! },
    });
    expect((await discharge(visit)).status).toBe(200);
  });

  test('the service to which a supply belongs', async () => {
    const visit = await withPrimary();
    await post(`${visit.path}/orders`, {
      lines: [line({ itemCode: 'N02.04.020', partOfServiceCode: '15.0222.0898' })],
    });
    expect(await asked(visit)).toEqual(['/lines/0/partOfServiceCode']);
  });

  test('no return and no transfer of the dead', async () => {
    const visit = await withPrimary();
    const places = await asked(visit, {
      outcomeCode: '5',
      dischargeCode: '2',
      destinationFacilityCode: '40001',
      followUpDates: [yesterday()],
    });
    expect(places).toEqual(['/dischargeCode', '/followUpDates']);
  });
});

describe('the end of a visit', () => {
  const ends: readonly (readonly [string, object, (visit: Visit) => Promise<unknown>])[] = [
    ['the admission to the ward', { admittedAt: at('10:30'), admissionReason: 'Nặng' }, async () => null],
    [
      'the last note',
      {},
      (visit) =>
        post(`${visit.path}/notes`, { notes: [{ at: at('10:30'), text: 'Ổn', authorLicence: doctor }] }),
    ],
    [
      'the last result',
      {},
      (visit) => post(`${visit.path}/orders`, { lines: [blood(done({ resultAt: at('10:30') }))] }),
    ],
  ];
  test.each(ends)('is not before %s', async (_name, more, record) => {
    const visit = await withPrimary({ arrival: more });
    await record(visit);
    expect(await asked(visit)).toEqual(['/endedAt']);
  });

  test('is a minute after the arrival at least, as the claim counts', async () => {
    const visit = await withPrimary({ arrival: { arrivedAt: at('10:00') } });
    const seconds = new Date(Date.parse(at('10:00')) + 59_000).toISOString();
    expect(await asked(visit, { endedAt: seconds })).toEqual(['/endedAt']);
    expect((await discharge(visit, { endedAt: at('10:01') })).status).toBe(200);
  });

  test('the patient was born by then', async () => {
    const visit = await withPrimary({
      person: { birthDate: yesterday() },
      arrival: { arrivedAt: '2026-11-01T08:00:00+07:00' },
    });
    expect(await asked(visit)).toEqual(['/arrivedAt']);
  });

  test('whoever signs works here', async () => {
    expect(await asked(await withPrimary(), { signerLicence: '999999/XX' })).toEqual(['/signerLicence']);
    const { patientId } = await openVisit(server);
    const checkedIn = await post('/api/v1/encounters', arrival(patientId, { signerLicence: '999999/XX' }));
    expect(placesOf(checkedIn)).toHaveProperty('/signerLicence');
  });
});

describe('a visit that comes whole is asked the same', () => {
  test.each([
    ['a provisional diagnosis', { provisionalDiagnosis: undefined }, ['/provisionalDiagnosis']],
    ['results of a test', { lines: [blood(done())] }, ['/lines/0/results']],
    [
      'a note within the stay',
      { notes: [{ at: at('10:30'), text: 'Ổn', authorLicence: doctor }] },
      ['/discharge/endedAt'],
    ],
    ['an admission within the stay', { admittedAt: at('10:30') }, ['/discharge/endedAt']],
    ['a card', { coverageIds: [] }, ['/coverageIds']],
  ])('%s', async (_name, more, places) => {
    const { patientId, coverageId } = await openVisit(server);
    const answer = await post('/api/v1/encounters/whole', {
      ...arrival(patientId, { coverageIds: [coverageId] }),
      conditions: [{ role: 'primary', code: 'J00' }],
      lines: [line()],
      discharge: leaving(),
      ...more,
    });
    expect([answer.status, Object.keys(placesOf(answer))]).toEqual([422, places]);
  });
});

describe('an order says what only the order can', () => {
  test.each([
    ['the dose of a drug', { itemCode: 'T01' }, '/lines/0/dose'],
    [
      'the anaesthesia of an operation',
      { itemCode: '10.0506.0459', departmentCode: 'K19' },
      '/lines/0/anaesthesiaCode',
    ],
    ['the bed of a bed-day', { itemCode: 'K03.1917', departmentCode: 'K03' }, '/lines/0/bedCode'],
    ['the fuel of a transport', { itemCode: 'VC.40001' }, '/lines/0/fuelCode'],
    ['one examination a line', { quantity: '2' }, '/lines/0/quantity'],
    ['no half examination', { quantity: '0.5' }, '/lines/0/quantity'],
  ])('%s', async (_name, more, place) => {
    const visit = await openVisit(server);
    const answer = await post(`${visit.path}/orders`, { lines: [line(more)] });
    expect([answer.status, Object.keys(placesOf(answer))]).toEqual([422, [place]]);
  });

  test('one examination may be written with decimals', async () => {
    const visit = await openVisit(server);
    expect((await post(`${visit.path}/orders`, { lines: [line({ quantity: '1.000' })] })).status).toBe(201);
  });
});

describe('a result', () => {
  const ordered = async (itemCode: string, more: object = {}) => {
    const visit = await openVisit(server);
    const id = newId();
    await post(`${visit.path}/orders`, { lines: [line({ id, itemCode, ...more })] });
    return (result: object) =>
      post(`${visit.path}/results`, {
        results: [{ lineId: id, resultAt: at('09:00'), observations: [], ...result }],
      });
  };
  const seen = (more: object) => ({ observations: [{ name: 'X', readByLicence: doctor, ...more }] });

  test('comes after the test was done, whichever call said when', async () => {
    const record = await ordered('22.0121.1369', { performedAt: at('08:40') });
    expect(placesOf(await record({ resultAt: at('08:39') }))).toHaveProperty('/results/0/resultAt');
    expect((await record({ resultAt: at('08:40') })).status).toBe(201);
  });

  test('says something', async () => {
    const record = await ordered('22.0121.1369');
    expect(placesOf(await record(seen({})))).toHaveProperty('/results/0/observations/0');
    expect((await record(seen({ conclusion: 'Bình thường' }))).status).toBe(201);
  });

  test('of imaging is told in words', async () => {
    const record = await ordered('18.0119.0028');
    expect(placesOf(await record(seen({ value: '1' })))).toHaveProperty('/results/0/observations/0');
    const words = seen({ description: 'Phổi sáng', conclusion: 'Bình thường' });
    expect((await record(words)).status).toBe(201);
  });
});
