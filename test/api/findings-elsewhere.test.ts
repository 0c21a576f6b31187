import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Finding } from '../../schemas/api/findings.ts';
import { addDays } from '../../src/platform/dates.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  arrival,
  at,
  card,
  doctorOf,
  HOSPITAL,
  leaving,
  line,
  person,
  STATION,
  yesterday,
} from '../harness/visit.ts';

/** What another facility recorded of a person makes a rule speak here: what is shown of it is where and when. */
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
});
afterAll(() => server.stop());

const POST = async (path: string, body: object, as = HOSPITAL, headers: Record<string, string> = {}) => {
  const answer = await server.call('POST', path, { as, body, headers });
  if (answer.status >= 300) throw new Error(`${path} ${answer.status} ${JSON.stringify(answer.body)}`);
  return {
    etag: answer.etag,
    ...(answer.body as { id: string; claimKey: string; findings: readonly Finding[] }),
  };
};

const days = (ago: number) => (time: string) =>
  new Date(`${addDays(yesterday(), -ago)}T${time}:00+07:00`).toISOString();
const day8 = (ago: number) => addDays(yesterday(), -ago).replaceAll('-', '');
let people = 0;
/** One person, registered at each place under the same national id and card, with another name there. */
async function twice(elsewhere: object = {}) {
  people += 1;
  const nationalId = `040190${String(people).padStart(6, '0')}`;
  const cardNumber = `DN44000${String(people).padStart(2, '0')}234567`.padEnd(15, '8');
  const made = async (as: string, more: object = {}) => {
    const { id } = await POST('/api/v1/patients', person({ nationalId, ...more }), as);
    const { id: coverageId } = await POST(`/api/v1/patients/${id}/coverages`, card({ cardNumber }), as);
    return { id, coverageIds: [coverageId] };
  };
  return { here: await made(HOSPITAL), there: await made(STATION, elsewhere), nationalId };
}

/** A visit at the station some days ago: a test with its result, and a drug for ten days. */
async function visitThere(
  who: { id: string; coverageIds: string[] },
  ago: number,
  more: { leaving?: object; arrival?: object } = {},
) {
  const then = days(ago);
  const doctor = doctorOf(STATION);
  const visit = await POST(
    '/api/v1/encounters',
    arrival(who.id, { coverageIds: who.coverageIds, arrivedAt: then('08:00'), ...more.arrival }),
    STATION,
  );
  const path = `/api/v1/encounters/${visit.id}`;
  await POST(`${path}/conditions`, { conditions: [{ role: 'primary', code: 'J00' }] }, STATION);
  const drug = line({
    itemCode: 'T01',
    quantity: '20',
    dose: '1 viên/lần * 2 lần/ngày * 10 ngày',
    orderedByLicence: doctor,
    orderedAt: then('09:00'),
  });
  const ordered = await POST(`${path}/orders`, { lines: [drug] }, STATION);
  const ended = leaving({ endedAt: then('10:00'), ...more.leaving });
  await POST(`${path}/discharge`, ended, STATION, { 'If-Match': ordered.etag! });
  return visit;
}
const comes = (who: { id: string; coverageIds: string[] }, more: object = {}) =>
  POST('/api/v1/encounters', arrival(who.id, { coverageIds: who.coverageIds, ...more }));
const of = (findings: readonly Finding[], rule: string) => findings.filter((one) => one.rule === rule);

/** Nothing that only the other place knows stands in an answer. */
function expectNothingOf(secrets: readonly string[], answer: unknown) {
  const text = JSON.stringify(answer);
  for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false]);
}

test('a drug that still lasts: the day, the place, and the drug that is ordered here', async () => {
  const { here, there } = await twice({ name: 'Trần Thị Khác' });
  const other = await visitThere(there, 3);
  const visit = await comes(here);
  const drug = line({
    itemCode: 'T01',
    quantity: '10',
    dose: '1 viên/lần * 2 lần/ngày * 5 ngày',
    orderedAt: at('09:00'),
  });
  const ordered = await POST(`/api/v1/encounters/${visit.id}/orders`, { lines: [drug] });
  expect(of(ordered.findings, 'XENC_REVISIT_WITHIN_SUPPLY')).toMatchObject([
    { lineId: drug.id, values: { code: '40.48', date: day8(3), facility: STATION } },
  ]);
  expectNothingOf(['Trần Thị Khác', other.id, other.claimKey, '10 ngày'], ordered.findings);
});

test('the same complaint again within days, on the same day elsewhere, at two places at once', async () => {
  const { here, there } = await twice();
  const other = await visitThere(there, 0, { leaving: { endedAt: at('12:00') } });
  const visit = await comes(here, { arrivedAt: at('11:00') });
  expect(of(visit.findings, 'XENC_SAME_DAY_VISITS')).toMatchObject([{ values: { facility: STATION } }]);
  const path = `/api/v1/encounters/${visit.id}`;
  await POST(`${path}/conditions`, { conditions: [{ role: 'primary', code: 'J00' }] });
  const ordered = await POST(`${path}/orders`, { lines: [line({ orderedAt: at('11:10') })] });
  const left = await POST(`${path}/discharge`, leaving({ endedAt: at('13:00') }), HOSPITAL, {
    'If-Match': ordered.etag!,
  });
  expect(of(left.findings, 'XENC_TWO_FACILITIES')).toMatchObject([
    {
      severity: 'error',
      effect: 'block',
      values: { facility: STATION, from: `${day8(0)}0800`, to: `${day8(0)}1200` },
    },
  ]);
  expectNothingOf([other.id, other.claimKey], [visit.findings, left.findings]);
});

test('somebody whose death was recorded elsewhere', async () => {
  const { here, there } = await twice();
  await visitThere(there, 5, { leaving: { outcomeCode: '5', dischargeCode: '1' } });
  const visit = await comes(here);
  expect(of(visit.findings, 'XENC_AFTER_DEATH')).toMatchObject([{ values: { date: day8(5) } }]);
});

test('a card that somebody else showed elsewhere: that there are two, not who the other is', async () => {
  const { here, there } = await twice();
  const stranger = { name: 'Lê Văn Lạ', birthDate: '1971-03-04', sexCode: '1' };
  const { id } = await POST('/api/v1/patients', person(stranger), STATION);
  const known = await server.database.query<{ card: string }>(
    'select card_number as card from coverage where id = $1',
    [there.coverageIds[0]],
  );
  const coverage = await POST(
    `/api/v1/patients/${id}/coverages`,
    card({ cardNumber: `HC${known[0]!.card.slice(2)}` }),
    STATION,
  );
  await visitThere({ id, coverageIds: [coverage.id] }, 0);
  const visit = await comes(here);
  expect(of(visit.findings, 'XENC_CARD_TWO_PERSONS')).toMatchObject([{ values: { count: '2' } }]);
  expectNothingOf(['Lê Văn Lạ', 'Lạ', '1971'], visit.findings);
});

test('of whom another facility treats, the database tells nobody who does not treat them', async () => {
  const { there } = await twice();
  const other = await visitThere(there, 1);
  const asked = (facility: string) =>
    server.database.query<{ around: object | null }>(
      `with acting as (select set_config('app.facility', $2, true) as facility)
       select neighbours_of_person($1, true, true) as around from acting`,
      [other.id, facility],
    );
  const facilities = await server.database.query<{ id: string; code: string }>(
    'select id, code from facility where code = any($1)',
    [[HOSPITAL, STATION]],
  );
  const idOf = (code: string) => facilities.find((one) => one.code === code)!.id;
  expect((await asked(idOf(HOSPITAL)))[0]!.around).toBeNull();
  expect((await asked(idOf(STATION)))[0]!.around).not.toBeNull();
});
