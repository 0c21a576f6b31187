import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tableOf } from '../../src/claims/index.ts';
import { VISIT_LIMITS } from '../../src/encounters/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { arrival, at, doctorOf, HOSPITAL, leaving, line, openVisit, placesOf } from '../harness/visit.ts';

/** Licences and department codes as long as they may be: of ten, or of three, none fits into a claim. */
const LICENCES = Array.from({ length: 6 }, (_, n) => `${'L'.repeat(49)}${n}`);
const DEPARTMENTS = ['A', 'B', 'C'].map((letter) => letter.repeat(20));

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  const facility = `(select id from facility where code = '${HOSPITAL}')`;
  for (const licence of LICENCES)
    await server.database.query(
      `insert into practitioner (facility_id, id, licence_number, name, title, valid)
       values (${facility}, $1, $2, 'Người Thử', 'BS', '[2020-01-01,)')`,
      [newId(), licence],
    );
  for (const code of DEPARTMENTS)
    await server.database.query(
      `insert into department (facility_id, id, code, name, valid)
       values (${facility}, $1, $2, 'Khoa Thử', '[2020-01-01,)')`,
      [newId(), code],
    );
  await server.database.query('update reference_revision set revision = revision + 1');
});
afterAll(() => server.stop());

const secondary = (count: number) =>
  Array.from({ length: count }, () => ({ role: 'secondary', code: 'I10' }));
const post = (path: string, body: object) => server.call('POST', path, { body });

test('what a visit may carry is what the claim tables hold', () => {
  const field = (table: 'XML1' | 'XML3', name: string) =>
    tableOf(table).fields.find((one) => one.name === name);
  expect({
    secondary: field('XML1', 'MA_BENH_KT')?.maxItems,
    traditional: field('XML1', 'MA_BENH_YHCT')?.maxItems,
    performers: field('XML3', 'NGUOI_THUC_HIEN')?.maxLength,
    departments: field('XML1', 'MA_KHOA')?.maxLength,
    daysOfCare: 10 ** field('XML1', 'SO_NGAY_DTRI')!.maxLength! - 1,
  }).toEqual(VISIT_LIMITS);
});

describe('a list that no claim could hold is refused when it is recorded', () => {
  test('secondary diagnoses: twelve in the visit, in how many calls ever', async () => {
    const visit = await openVisit(server);
    const first = await post(`${visit.path}/conditions`, { conditions: secondary(7) });
    const second = await post(`${visit.path}/conditions`, { conditions: secondary(5) });
    const third = await post(`${visit.path}/conditions`, { conditions: secondary(1) });
    expect([first.status, second.status, third.status]).toEqual([201, 201, 422]);
    expect(placesOf(third)).toEqual({ '/conditions': 'quá 12 mục trong cả lượt khám (thành 13)' });
    const primary = await post(`${visit.path}/conditions`, {
      conditions: [{ role: 'primary', code: 'J00' }],
    });
    expect(primary.status).toBe(201);
  });

  test('traditional diagnoses: thirteen', async () => {
    const visit = await openVisit(server);
    const traditional = Array.from({ length: 14 }, () => ({ role: 'traditional', code: 'I10' }));
    const path = `${visit.path}/conditions`;
    expect(placesOf(await post(path, { conditions: traditional }))).toHaveProperty('/conditions');
    expect((await post(path, { conditions: traditional.slice(1) })).status).toBe(201);
  });

  test('performers of an order, and of a result', async () => {
    const visit = await openVisit(server);
    const orders = (performedByLicences: string[]) =>
      post(`${visit.path}/orders`, { lines: [line({ itemCode: '22.0121.1369', performedByLicences })] });
    expect(placesOf(await orders(LICENCES))).toHaveProperty('/lines/0/performedByLicences');
    // Five of fifty characters with four separators are 254.
    const ordered = await orders(LICENCES.slice(1));
    expect(ordered.status).toBe(201);
    const [lineId] = (ordered.body as { ids: string[] }).ids;
    const result = { lineId, resultAt: at('09:00'), observations: [], performedByLicences: LICENCES };
    const answer = await post(`${visit.path}/results`, { results: [result] });
    expect(placesOf(answer)).toHaveProperty('/results/0/performedByLicences');
  });

  test('departments of the whole visit', async () => {
    const visit = await openVisit(server);
    const orders = (...codes: string[]) =>
      post(`${visit.path}/orders`, { lines: codes.map((departmentCode) => line({ departmentCode })) });
    expect((await orders(...DEPARTMENTS.slice(0, 2))).status).toBe(201);
    expect((await orders(DEPARTMENTS[0]!, 'K01')).status).toBe(201);
    expect(placesOf(await orders('K01', DEPARTMENTS[2]!))).toEqual({
      '/lines/1/departmentCode': 'dài quá 50 (nhận được 66)',
    });
  });

  test('secondary diagnoses of a visit that comes whole', async () => {
    const { patientId, coverageId } = await openVisit(server);
    const body = {
      ...arrival(patientId, { coverageIds: [coverageId] }),
      conditions: [{ role: 'primary', code: 'J00' }, ...secondary(13)],
      lines: [line()],
      discharge: leaving(),
    };
    expect(placesOf(await post('/api/v1/encounters/whole', body))).toHaveProperty('/conditions');
  });
});

test('height is kept as it was given; a weight or height of nothing is none', async () => {
  const { patientId } = await openVisit(server);
  const checkIn = (more: object) => post('/api/v1/encounters', arrival(patientId, more));
  const visit = await checkIn({ heightCm: '162.5' });
  const { id } = visit.body as { id: string };
  const read = await server.call('GET', `/api/v1/encounters/${id}`);
  expect(read.body).toMatchObject({ encounter: { heightCm: '162.5' } });
  for (const more of [{ heightCm: '162.55' }, { heightCm: '0' }, { weightKg: '0.00' }])
    expect(placesOf(await checkIn(more))).toHaveProperty(`/${Object.keys(more)[0]}`);
});

describe('what is doubled is named', () => {
  const whatOf = (answer: { status: number; body: unknown }) => [
    answer.status,
    (answer.body as { detail: string }).detail,
  ];

  test.each([
    ['line', 'chỉ định', 'orders', { lines: [line()] }],
    [
      'diagnosis',
      'chẩn đoán',
      'conditions',
      { conditions: [{ id: newId(), role: 'secondary', code: 'I10' }] },
    ],
    [
      'note',
      'ghi chép',
      'notes',
      { notes: [{ id: newId(), at: at('09:00'), text: 'Ổn', authorLicence: doctorOf(HOSPITAL) }] },
    ],
  ])('a %s', async (_name, what, step, body) => {
    const visit = await openVisit(server);
    expect((await post(`${visit.path}/${step}`, body)).status).toBe(201);
    expect(whatOf(await post(`${visit.path}/${step}`, body))).toEqual([409, `Đã có ${what} mang mã này.`]);
  });

  test('an observation', async () => {
    const visit = await openVisit(server);
    const test_ = line({ itemCode: '22.0121.1369' });
    await post(`${visit.path}/orders`, { lines: [test_] });
    const seen = { id: newId(), name: 'WBC', value: '7', readByLicence: doctorOf(HOSPITAL) };
    const results = [{ lineId: test_.id, resultAt: at('09:00'), observations: [seen] }];
    expect((await post(`${visit.path}/results`, { results })).status).toBe(201);
    expect(whatOf(await post(`${visit.path}/results`, { results }))).toEqual([
      409,
      'Đã có kết quả mang mã này.',
    ]);
  });

  test('a card at check-in, and when cards are changed', async () => {
    const visit = await openVisit(server);
    const coverageIds = [visit.coverageId, visit.coverageId];
    const twice = [409, 'Đã có thẻ bảo hiểm y tế mang mã này.'];
    expect(whatOf(await post('/api/v1/encounters', arrival(visit.patientId, { coverageIds })))).toEqual(
      twice,
    );
    const changed = await server.call('PATCH', visit.path, {
      body: { coverageIds },
      headers: { 'If-Match': '"1"' },
    });
    expect(whatOf(changed)).toEqual(twice);
  });

  test('a visit', async () => {
    const { patientId, id } = await openVisit(server);
    expect(whatOf(await post('/api/v1/encounters', arrival(patientId, { id })))).toEqual([
      409,
      'Đã có lượt khám mang mã này.',
    ]);
  });
});
