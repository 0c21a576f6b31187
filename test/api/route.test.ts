import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VisitRecord } from '../../src/encounters/index.ts';
import { addDays, localDate } from '../../src/platform/dates.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  card,
  HOSPITAL,
  leaving,
  line,
  openVisit,
  person,
  placesOf,
  wholeVisit,
} from '../harness/visit.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const ELSEWHERE = { registeredFacilityCode: '40101' };
/** No reason unless the test gives one. */
const came = (more: object = {}) => ({ routeReason: undefined, ...more });

let cards = 100;
async function somebody(more: object = {}) {
  const patient = await server.call('POST', '/api/v1/patients', { body: person() });
  const patientId = (patient.body as { id: string }).id;
  cards += 1;
  const coverage = await server.call('POST', `/api/v1/patients/${patientId}/coverages`, {
    body: card({ cardNumber: `DN440000000${cards}0`, ...more }),
  });
  return { patientId, coverageIds: [(coverage.body as { id: string }).id] };
}
const checkIn = async (who: { patientId: string; coverageIds?: string[] }, more: object = {}) => {
  const { patientId, ...cardsOf } = who;
  const answer = await server.call('POST', '/api/v1/encounters', {
    body: arrival(patientId, came({ ...cardsOf, ...more })),
  });
  const { id, proposedRouteCode } = answer.body as { id: string; proposedRouteCode: string | null };
  return { status: answer.status, places: placesOf(answer), id, proposedRouteCode, etag: answer.etag };
};
const routeOf = async (id: string) => {
  const read = (await server.call('GET', `/api/v1/encounters/${id}`)).body as VisitRecord;
  const { routeCode, proposedRouteCode, routeReason } = read.encounter;
  return { routeCode, proposedRouteCode, routeReason };
};

describe('check-in', () => {
  test('keeps the code that the facts show', async () => {
    const visit = await checkIn(await somebody());
    expect([visit.status, visit.proposedRouteCode]).toEqual([201, '1.1']);
    expect(await routeOf(visit.id)).toEqual({
      routeCode: '1.1',
      proposedRouteCode: '1.1',
      routeReason: null,
    });
  });

  test('proposes from the card, the paper, what was said at the door, and no card', async () => {
    const registeredElsewhere = await somebody(ELSEWHERE);
    const undecided = { routeCode: undefined };
    const proposed = async (more: object) =>
      (await checkIn(registeredElsewhere, { ...undecided, ...more })).proposedRouteCode;
    expect(await proposed({})).toBe('1.13');
    expect(await proposed({ classCode: '03' })).toBe('1.15');
    expect(await proposed({ referral: { fromFacilityCode: '40101', paperNumber: '12' } })).toBe('1.3');
    expect(await proposed({ referral: { fromFacilityCode: HOSPITAL, paperNumber: 'HK1' } })).toBe('1.5');
    expect(await proposed({ routeFacts: { isEmergency: true } })).toBe('2');
    expect(await proposed({ routeFacts: { hasChangedResidence: true } })).toBe('1.4');
    expect(await proposed({ routeFacts: { isWithdrawn: true } })).toBe('8');
    expect(await proposed({ routeFacts: { pickUp: 'appointment' } })).toBe('10');
    expect((await checkIn({ patientId: registeredElsewhere.patientId }, undecided)).proposedRouteCode).toBe(
      '9',
    );
  });

  test('keeps the reason for another code, in the visit and in the trail', async () => {
    const who = await somebody(ELSEWHERE);
    expect((await checkIn(who, { routeCode: '2' })).places).toEqual({
      '/routeReason': 'Hãy ghi lý do chọn mã khác với mã được đề xuất.',
    });
    const visit = await checkIn(who, { routeCode: '2', routeReason: 'Ngất tại cổng' });
    expect(await routeOf(visit.id)).toEqual({
      routeCode: '2',
      proposedRouteCode: '1.13',
      routeReason: 'Ngất tại cổng',
    });
    const [audited] = await server.database.query<{ reason: string }>(
      `select reason from audit_event where subject_id = $1 and action = 'encounter.checkedIn'`,
      [visit.id],
    );
    expect(audited).toEqual({ reason: 'Ngất tại cổng' });
  });

  test('refuses what is impossible, whatever the reason', async () => {
    const who = await somebody();
    const with_ = async (routeCode: string, more: object = {}) =>
      (await checkIn(who, { routeCode, routeReason: 'Bác sĩ yêu cầu', ...more })).places;
    expect(await with_('1.15')).toEqual({
      '/routeCode': expect.stringContaining('nội trú hay ngoại trú'),
    });
    expect(Object.keys(await with_('1.13', { classCode: '03' }))).toEqual(['/routeCode']);
    expect(Object.keys(await with_('3.6', { classCode: '03' }))).toEqual(['/coverageIds']);
    expect(await with_('1.3')).toEqual({});
  });
});

describe('a follow-up', () => {
  test('on the day of the slip is proposed, with the number of the visit before', async () => {
    const today = localDate(new Date());
    const before = await openVisit(server, { card: { cardNumber: 'DN4400000007770', ...ELSEWHERE } });
    await server.call('POST', `${before.path}/conditions`, {
      body: { conditions: [{ role: 'primary', code: 'J00' }] },
    });
    const ordered = await server.call('POST', `${before.path}/orders`, { body: { lines: [line()] } });
    const left = await server.call('POST', `${before.path}/discharge`, {
      body: leaving({ followUpDates: [today, addDays(today, 7)] }),
      headers: { 'If-Match': ordered.etag! },
    });
    expect(left.status).toBe(200);
    const again = await checkIn(
      { patientId: before.patientId, coverageIds: [before.coverageId] },
      { arrivedAt: new Date().toISOString(), routeCode: undefined },
    );
    expect(again.proposedRouteCode).toBe('1.5');
  });
});

describe('a change', () => {
  test('of the code needs a reason; of the facts renews the proposal', async () => {
    const visit = await checkIn(await somebody(ELSEWHERE), { routeCode: '1.13' });
    const change = async (body: object) => {
      const { etag } = await server.call('GET', `/api/v1/encounters/${visit.id}`);
      return server.call('PATCH', `/api/v1/encounters/${visit.id}`, { body, headers: { 'If-Match': etag! } });
    };
    expect(placesOf(await change({ routeCode: '2' }))).toHaveProperty('/routeReason');
    expect((await change({ routeFacts: { isEmergency: true } })).status).toBe(200);
    expect(await routeOf(visit.id)).toEqual({ routeCode: '1.13', proposedRouteCode: '2', routeReason: null });
    expect((await change({ routeCode: '2' })).status).toBe(200);
    expect(await routeOf(visit.id)).toEqual({ routeCode: '2', proposedRouteCode: '2', routeReason: null });
    expect((await change({ routeCode: '1.13', routeReason: 'Không phải cấp cứu' })).status).toBe(200);
    expect(placesOf(await change({ classCode: '03' }))).toEqual({
      '/routeCode': expect.stringContaining('nội trú hay ngoại trú'),
    });
    expect((await change({ classCode: '03', routeCode: '1.15', routeReason: 'Nhập viện' })).status).toBe(200);
  });
});

describe('the end of a visit', () => {
  async function ready(more: object, cardMore: object = ELSEWHERE) {
    const visit = await checkIn(await somebody(cardMore), more);
    const path = `/api/v1/encounters/${visit.id}`;
    await server.call('POST', `${path}/conditions`, {
      body: { conditions: [{ role: 'primary', code: 'J00' }] },
    });
    await server.call('POST', `${path}/orders`, { body: { lines: [line()] } });
    const discharge = async (body: object = {}) => {
      const { etag } = await server.call('GET', path);
      return server.call('POST', `${path}/discharge`, {
        body: leaving(body),
        headers: { 'If-Match': etag! },
      });
    };
    return { ...visit, path, discharge };
  }

  test('a code that no longer agrees needs its reason now', async () => {
    const visit = await ready({ routeCode: '1.13' });
    const { etag } = await server.call('GET', visit.path);
    await server.call('PATCH', visit.path, {
      body: { routeFacts: { isEmergency: true } },
      headers: { 'If-Match': etag! },
    });
    expect(placesOf(await visit.discharge())).toHaveProperty('/routeReason');
    const ended = await visit.discharge({ routeReason: 'Đã hết cấp cứu' });
    expect([ended.status, await routeOf(visit.id)]).toEqual([
      200,
      { routeCode: '1.13', proposedRouteCode: '2', routeReason: 'Đã hết cấp cứu' },
    ]);
  });

  test('the reason of check-in lasts', async () => {
    const visit = await ready({ routeCode: '2', routeReason: 'Ngất' });
    expect((await visit.discharge()).status).toBe(200);
    expect(await routeOf(visit.id)).toEqual({
      routeCode: '2',
      proposedRouteCode: '1.13',
      routeReason: 'Ngất',
    });
  });

  test('a whole visit in one call is asked the same', async () => {
    const who = await somebody(ELSEWHERE);
    const whole = (more: object) =>
      server.call('POST', '/api/v1/encounters/whole', {
        body: wholeVisit(who.patientId, HOSPITAL, came({ coverageIds: who.coverageIds, ...more })),
      });
    expect(placesOf(await whole({ routeCode: '2' }))).toHaveProperty('/routeReason');
    expect(placesOf(await whole({ discharge: leaving({ routeCode: '2' }) }))).toHaveProperty(
      '/discharge/routeReason',
    );
    const done = await whole({ routeCode: '2', routeFacts: { isEmergency: true } });
    expect([done.status, (done.body as { proposedRouteCode: string }).proposedRouteCode]).toEqual([201, '2']);
    const reasoned = await whole({ discharge: leaving({ routeCode: '2', routeReason: 'Ngất' }) });
    expect(await routeOf((reasoned.body as { id: string }).id)).toEqual({
      routeCode: '2',
      proposedRouteCode: '1.13',
      routeReason: 'Ngất',
    });
  });
});

describe('the proposal of a visit', () => {
  test('says the code, the law behind it in both languages, and what was chosen', async () => {
    const visit = await checkIn(await somebody(ELSEWHERE), { routeCode: '2', routeReason: 'Ngất' });
    const { status, body } = await server.call('GET', `/api/v1/encounters/${visit.id}/route-proposal`);
    expect([status, body]).toEqual([
      200,
      {
        routeCode: '1.13',
        because: {
          rule: 'ROUTE-1.13',
          article: expect.stringContaining('NĐ 188/2025'),
          vi: expect.stringContaining('từ 50 đến dưới 70 điểm'),
          en: expect.stringContaining('50 to under 70 points'),
        },
        alsoFit: expect.any(Array),
        chosen: '2',
        reason: 'Ngất',
      },
    ]);
  });
});

describe('cards that come later', () => {
  test('cover from when they were shown; those shown before keep their moment', async () => {
    const who = await somebody();
    const visit = await checkIn(who);
    const path = `/api/v1/encounters/${visit.id}`;
    const shown = async () =>
      ((await server.call('GET', path)).body as VisitRecord).coverages.map((one) =>
        new Date(one.presentedAt).toISOString(),
      );
    const [first] = await shown();
    const second = await server.call('POST', `/api/v1/patients/${who.patientId}/coverages`, {
      body: card({ cardNumber: 'HT3440000000990' }),
    });
    const both = [...who.coverageIds, (second.body as { id: string }).id];
    const change = async (body: object) => {
      const { etag } = await server.call('GET', path);
      return server.call('PATCH', path, { body, headers: { 'If-Match': etag! } });
    };
    expect(placesOf(await change({ coverageIds: both, presentedAt: '2026-01-01T00:00:00Z' }))).toHaveProperty(
      '/presentedAt',
    );
    expect(placesOf(await change({ coverageIds: both, presentedAt: '2100-01-01T00:00:00Z' }))).toHaveProperty(
      '/presentedAt',
    );
    const at = new Date(Date.parse(first!) + 3_600_000).toISOString();
    expect((await change({ coverageIds: both, presentedAt: at })).status).toBe(200);
    expect(await shown()).toEqual([first, at]);
  });
});
