import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { builtInsOf, checkClaimFile, PAPERS_TO_COME } from '../../src/assessment/index.ts';
import { loadPolicy } from '../../src/benefits/index.ts';
import { buildClaim, isObstacle, readSnapshots } from '../../src/claims/index.ts';
import { localDate } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/ids.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { arrival, at, card, doctorOf, HOSPITAL, leaving, line, person, placesOf } from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const builtIns = builtInsOf(loadPolicy());
const doctor = doctorOf(HOSPITAL);
const ordered = (itemCode: string, more: object = {}) => line({ itemCode, ...more });
const done = (lineId: string, ...observations: object[]) => ({
  lineId,
  performedAt: at('08:20'),
  performedByLicences: [doctor],
  resultAt: at('08:50'),
  observations: observations.map((seen) => ({ name: 'X', readByLicence: doctor, ...seen })),
});

/** The least that the API takes of a visit: each line kind of the ambulant and of the ward. */
const [blood, xray, ecg, dressing, operation] = Array.from({ length: 5 }, () => newId()) as [
  string,
  string,
  string,
  string,
  string,
];
const AMBULANT = {
  arrival: {},
  lines: [
    line(),
    ordered('22.0121.1369', { id: blood }),
    ordered('18.0119.0028', { id: xray }),
    ordered('02.0085.1778', { id: ecg }),
    ordered('10.9003.0200', { id: dressing }),
    ordered('T01', { quantity: '10', dose: '1 viên/lần * 2 lần/ngày * 5 ngày' }),
    ordered('N02.04.020', { partOfServiceCode: '10.9003.0200' }),
  ],
  results: [
    done(blood, { value: '7.2' }),
    done(xray, { description: 'Hai phổi sáng', conclusion: 'Bình thường' }),
    done(ecg, { conclusion: 'Nhịp xoang' }),
    done(dressing),
  ],
};
const IN_WARD = {
  arrival: { classCode: '03', admittedAt: at('08:05'), admissionReason: 'Mổ' },
  lines: [
    line(),
    ordered('10.0506.0459', { id: operation, anaesthesiaCode: '1' }),
    ordered('K19.1938', { bedCode: 'H001' }),
    ordered('T13', { dose: '1 lọ/lần * 1 lần/ngày' }),
    ordered('VC.40001', { quantity: '5', fuelCode: 'D5S2V1' }),
  ],
  results: [done(operation)],
};
const least = { reason: 'Đau', provisionalDiagnosis: 'Theo dõi', weightKg: '50' };
const conditions = [{ role: 'primary', code: 'J00' }];
const end = leaving({ endedAt: at('17:00') });

/** The errors that the project's own rules find in the claim of a settled visit. */
async function errorsIn(encounterId: string): Promise<string[]> {
  const facilityId = (
    await server.database.query<{ id: string }>(`select id from facility where code = $1`, [HOSPITAL])
  )[0]!.id;
  const context = { userId: facilityId, facilityId, purpose: 'test', requestId: 'test' };
  const snapshots = await server.app.transaction(
    context as Parameters<typeof server.app.transaction>[0],
    (tx) => readSnapshots(tx, facilityId, [encounterId]),
  );
  const built = buildClaim(snapshots[0]!, localDate(new Date()), 1, 'new');
  if (isObstacle(built)) return [built.reason, JSON.stringify(built.details)];
  return checkClaimFile(built.bytes, { builtIns })
    .findings.filter(({ severity, rule }) => severity === 'error' && !PAPERS_TO_COME.has(rule))
    .map(({ rule, table, row, field }) => `${rule} ${table}:${row} ${field}`);
}

async function patientWithCard() {
  const patient = await server.call('POST', '/api/v1/patients', { body: person() });
  const { id } = patient.body as { id: string };
  const coverage = await server.call('POST', `/api/v1/patients/${id}/coverages`, { body: card() });
  return { patientId: id, coverageIds: [(coverage.body as { id: string }).id] };
}

describe.each([
  ['ambulant', AMBULANT],
  ['in the ward', IN_WARD],
])('the least the API takes of a visit makes a claim without an error: %s', (_name, visit) => {
  test('step by step', async () => {
    const { patientId, coverageIds } = await patientWithCard();
    const { body } = await server.call('POST', '/api/v1/encounters', {
      body: arrival(patientId, { coverageIds, ...least, ...visit.arrival }),
    });
    const { id } = body as { id: string };
    const path = `/api/v1/encounters/${id}`;
    for (const [step, sent] of Object.entries({ conditions, orders: visit.lines, results: visit.results })) {
      const key = step === 'orders' ? 'lines' : step;
      const answer = await server.call('POST', `${path}/${step}`, { body: { [key]: sent } });
      expect([step, answer.status, placesOf(answer)]).toEqual([step, 201, {}]);
    }
    const { etag } = await server.call('GET', path);
    const left = await server.call('POST', `${path}/discharge`, {
      body: end,
      headers: { 'If-Match': etag! },
    });
    expect([left.status, placesOf(left)]).toEqual([200, {}]);
    await server.call('POST', `${path}/settlement`, { body: {}, headers: { 'If-Match': left.etag! } });
    expect(await errorsIn(id)).toEqual([]);
  });

  test('in one call', async () => {
    const { patientId, coverageIds } = await patientWithCard();
    const answer = await server.call('POST', '/api/v1/encounters/whole', {
      body: {
        ...arrival(patientId, { coverageIds, ...least, ...visit.arrival }),
        conditions,
        lines: visit.lines,
        results: visit.results,
        discharge: end,
      },
    });
    expect([answer.status, placesOf(answer)]).toEqual([201, {}]);
    expect(await errorsIn((answer.body as { id: string }).id)).toEqual([]);
  });
});
