import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  at,
  card,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  person,
  placesOf,
  STATION,
} from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const post = (path: string, body: object, as = HOSPITAL) => server.call('POST', path, { as, body });
const primary = { conditions: [{ role: 'primary', code: 'J00' }] };
const old = card({ validFrom: '2020-01-01', validThrough: '2020-12-31' });

/** Records a visit to its settlement. @returns claims that wait for it, and what the fund pays */
async function settled(lines: object[], more: Parameters<typeof openVisit>[1] = {}) {
  const visit = await openVisit(server, more);
  await post(`${visit.path}/conditions`, primary);
  if (lines.length > 0) await post(`${visit.path}/orders`, { lines });
  const { etag } = await server.call('GET', visit.path);
  const left = await server.call('POST', `${visit.path}/discharge`, {
    body: leaving(),
    headers: { 'If-Match': etag! },
  });
  if (left.status !== 200) return placesOf(left);
  const answer = await server.call('POST', `${visit.path}/settlement`, {
    body: {},
    headers: { 'If-Match': left.etag! },
  });
  const { totals } = answer.body as { totals: { insurerPays: string } };
  return { waiting: await waiting(visit.id), insurerPays: totals.insurerPays };
}

async function waiting(id: string): Promise<number> {
  const [work] = await server.database.query<{ n: number }>(
    'select count(*)::int as n from export_work where encounter_id = $1',
    [id],
  );
  return work!.n;
}

describe('which visits become claims', () => {
  test('one that the fund pays for', async () => {
    expect(await settled([line()])).toEqual({ waiting: 1, insurerPays: '48600.00' });
  });

  test('none of route 9, card or not', async () => {
    const nothing = { waiting: 0, insurerPays: '0.00' };
    expect(await settled([line()], { arrival: { routeCode: '9' } })).toEqual(nothing);
    expect(await settled([line()], { arrival: { routeCode: '9', coverageIds: [] } })).toEqual(nothing);
  });

  test('none in which nothing was ordered, nor one whose route leaves nothing', async () => {
    const nothing = { waiting: 0, insurerPays: '0.00' };
    expect(await settled([])).toEqual(nothing);
    expect(await settled([line()], { arrival: { routeCode: '8' } })).toEqual(nothing);
  });

  test('without a card the desk must have one shown, or choose route 9', async () => {
    const none = { '/coverageIds': 'chưa có thẻ BHYT: trình thẻ hoặc chọn đối tượng 9' };
    expect(await settled([line()], { arrival: { coverageIds: [] } })).toEqual(none);
  });

  test('with a card that is not in force too', async () => {
    const places = await settled([line()], { card: old });
    expect(Object.keys(places)).toEqual(['/coverageIds']);
    expect(await settled([line()], { card: old, arrival: { routeCode: '9' } })).toMatchObject({ waiting: 0 });
  });

  test('a whole visit with such a card is refused, and without lines it is none', async () => {
    const { patientId, coverageId } = await openVisit(server, { card: old });
    const whole = (more: object) =>
      post('/api/v1/encounters/whole', {
        ...arrival(patientId, { coverageIds: [coverageId] }),
        ...primary,
        lines: [line()],
        discharge: leaving(),
        ...more,
      });
    expect(Object.keys(placesOf(await whole({})))).toEqual(['/coverageIds']);
    const paid = await whole({ routeCode: '9' });
    expect(paid.status).toBe(201);
    expect(await waiting((paid.body as { id: string }).id)).toBe(0);
  });
});

describe('a person whom the province knows and the facility does not', () => {
  const wholeAt = async (patientId: string, coverages: object[]) =>
    post(
      '/api/v1/encounters/whole',
      {
        ...arrival(patientId, { routeCode: '1.2' }),
        coverages,
        ...primary,
        lines: [line({ orderedByLicence: doctorOf(STATION) })],
        discharge: leaving(),
      },
      STATION,
    );

  test('comes with a new card in a visit that is sent whole', async () => {
    const { patientId } = await openVisit(server);
    const answer = await wholeAt(patientId, [card({ cardNumber: 'DN4400000000123' })]);
    expect([answer.status, placesOf(answer)]).toEqual([201, {}]);
    expect((await server.call('GET', `/api/v1/patients/${patientId}`, { as: STATION })).status).toBe(200);
  });

  test('who is not known at all is refused as such', async () => {
    const answer = await wholeAt(newId(), [card({ cardNumber: 'DN4400000000124' })]);
    expect([answer.status, placesOf(answer)]).toEqual([404, { '/patientId': 'không có người bệnh này' }]);
  });

  test.each(['by steps', 'whole'])('gets another number when theirs is taken: %s', async (way) => {
    const { patientId } = await openVisit(server);
    const short = `BN${patientId.slice(-12).toUpperCase()}`;
    const taken = await post('/api/v1/patients', person({ patientNumber: short }), STATION);
    expect(taken.status).toBe(201);
    const answer =
      way === 'whole'
        ? await wholeAt(patientId, [card({ cardNumber: 'DN4400000000125' })])
        : await post('/api/v1/encounters', arrival(patientId), STATION);
    expect([answer.status, placesOf(answer)]).toEqual([201, {}]);
    const read = await server.call('GET', `/api/v1/patients/${patientId}`, { as: STATION });
    expect(read.body).toMatchObject({ patientNumber: `BN${patientId.replaceAll('-', '').toUpperCase()}` });
  });
});

describe('the visit is announced after its first cost', () => {
  const messages = async (id: string) =>
    (
      await server.database.query<{ sequence: number; line: string; jobs: number }>(
        `select c.sequence::int, c.line_id as line, (select count(*)::int from outbox o
           where o.job_id = 'check-in.' || c.encounter_id || '.' || c.sequence) as jobs
         from check_in c where c.encounter_id = $1 order by 1`,
        [id],
      )
    ).map(({ sequence, line: of, jobs }) => [sequence, of, jobs]);
  const change = async (path: string, body: object) => {
    const { etag } = await server.call('GET', path);
    return server.call('PATCH', path, { body, headers: { 'If-Match': etag! } });
  };
  const [first, second] = [line(), line({ orderedAt: at('08:40') })];

  test('not before the route is decided', async () => {
    const visit = await openVisit(server, { arrival: { routeCode: undefined } });
    await post(`${visit.path}/orders`, { lines: [first] });
    await post(`${visit.path}/orders`, { lines: [second] });
    expect(await messages(visit.id)).toEqual([]);
    expect((await change(visit.path, { routeCode: '1.1' })).status).toBe(200);
    expect(await messages(visit.id)).toEqual([[1, first.id, 1]]);
    await change(visit.path, { routeCode: '1.3' });
    expect(await messages(visit.id)).toEqual([[1, first.id, 1]]);
  });

  test('at discharge at the latest, when the route is decided there', async () => {
    const visit = await openVisit(server, { arrival: { routeCode: undefined } });
    await post(`${visit.path}/conditions`, primary);
    const ordered = await post(`${visit.path}/orders`, { lines: [first] });
    const left = await server.call('POST', `${visit.path}/discharge`, {
      body: leaving({ routeCode: '1.1' }),
      headers: { 'If-Match': ordered.etag! },
    });
    expect(left.status).toBe(200);
    expect(await messages(visit.id)).toEqual([[1, first.id, 1]]);
  });

  test('when the card is shown later', async () => {
    const visit = await openVisit(server, { arrival: { coverageIds: [] } });
    await post(`${visit.path}/orders`, { lines: [first] });
    expect(await messages(visit.id)).toEqual([]);
    await change(visit.path, { coverageIds: [visit.coverageId] });
    expect(await messages(visit.id)).toEqual([[1, first.id, 1]]);
  });

  test('again after the first cost in the ward, but not when it began there', async () => {
    const moved = await openVisit(server);
    await post(`${moved.path}/orders`, { lines: [first] });
    await post(`${moved.path}/orders`, { lines: [second] });
    await change(moved.path, { admittedAt: at('08:30') });
    expect(await messages(moved.id)).toEqual([
      [1, first.id, 1],
      [2, second.id, 1],
    ]);
    const direct = await openVisit(server, { arrival: { admittedAt: at('08:05') } });
    await post(`${direct.path}/orders`, { lines: [first] });
    await post(`${direct.path}/orders`, { lines: [second] });
    expect(await messages(direct.id)).toEqual([[1, first.id, 1]]);
  });

  test('never for an emergency or without insurance', async () => {
    for (const routeCode of ['2', '9']) {
      const visit = await openVisit(server, { arrival: { routeCode } });
      await post(`${visit.path}/orders`, { lines: [first] });
      expect(await messages(visit.id)).toEqual([]);
    }
  });
});
