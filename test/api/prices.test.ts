import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '../harness/database.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { arrival, card, doctorOf, HOSPITAL, leaving, line, person, STATION } from '../harness/visit.ts';

/** An examination and a drug of the demo province, priced by tier; the examination's prices change on 1 July 2026. */
const EXAM = '02.1896';
const DRUG = 'T01';
const on = (day: string, time = '08:10') => new Date(`${day}T${time}:00+07:00`).toISOString();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ as: HOSPITAL });
  await ownPrice(server.database, HOSPITAL, EXAM, '61234.5', '[2026-08-10,2026-08-12)');
});
afterAll(() => server.stop());

/** A price that one facility has for itself. */
async function ownPrice(database: TestDatabase, list: string, item: string, price: string, days: string) {
  await database.query(
    `insert into catalogue_price (item_id, price_list, unit_price, insured_unit_price, valid, source)
     select id, $1, $3, 48600, $4, 'Nghị quyết mẫu' from catalogue_item where item_code = $2 and valid && $4::daterange`,
    [list, item, price, days],
  );
}

interface Lines {
  readonly lines: readonly {
    readonly id: string;
    readonly unitPrice: string;
    readonly insuredUnitPrice: string;
  }[];
}

/** A stay with one line on each of these days, settled. @returns price of each line, then what it cost in all */
async function stay(at: TestServer, as: string, itemCode: string, days: readonly string[]) {
  const call: TestServer['call'] = (method, path, more) => at.call(method, path, { as, ...more });
  const patient = await call('POST', '/api/v1/patients', {
    body: person({ name: `Lê Thị Giá ${days[0]} ${as} ${itemCode}` }),
  });
  const patientId = (patient.body as { id: string }).id;
  cards += 1;
  const coverage = await call('POST', `/api/v1/patients/${patientId}/coverages`, {
    body: card({ cardNumber: `DN440000000${cards}` }),
  });
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const checkedIn = await call('POST', '/api/v1/encounters', {
    body: arrival(patientId, {
      arrivedAt: on(first, '07:00'),
      coverageIds: [(coverage.body as { id: string }).id],
      routeCode: as === STATION ? '1.2' : '1.1',
    }),
  });
  const path = `/api/v1/encounters/${(checkedIn.body as { id: string }).id}`;
  const lines = days.map((day) => ({
    ...line({ itemCode, orderedAt: on(day), orderedByLicence: doctorOf(as) }),
    ...(itemCode === DRUG ? { dose: '1 viên/lần' } : {}),
  }));
  const ordered = await call('POST', `${path}/orders`, { body: { lines } });
  if (ordered.status !== 201) return { refused: (ordered.body as { type: string }).type };
  const conditions = { conditions: [{ role: 'primary', code: 'J00' }] };
  const { etag } = await call('POST', `${path}/conditions`, { body: conditions });
  const left = await call('POST', `${path}/discharge`, {
    body: leaving({ endedAt: on(last, '10:00') }),
    headers: { 'If-Match': etag! },
  });
  const settled = await call('POST', `${path}/settlement`, {
    body: { settledAt: on(last, '10:05') },
    headers: { 'If-Match': left.etag! },
  });
  expect([settled.status, settled.body]).toEqual([201, expect.anything()]);
  const read = (await call('GET', path)).body as Lines;
  const byId = new Map(read.lines.map((one) => [one.id, one]));
  const prices = lines.map((one) => byId.get((one as { id: string }).id)!.unitPrice);
  const { totals } = settled.body as { totals: Record<string, string> };
  return { path, prices, grossAmount: totals.grossAmount, selfPay: totals.selfPay };
}
let cards = 1000;

describe('the price of a line', () => {
  test('is that of the day of its own order, also when prices change during the stay', async () => {
    expect(await stay(server, HOSPITAL, EXAM, ['2026-06-30', '2026-07-01'])).toMatchObject({
      prices: ['45000', '48600'],
      // The second examination of a visit is charged at 30 %.
      grossAmount: '59580.00',
    });
  });

  test('is that of the tier: the same days cost less at a station', async () => {
    expect(await stay(server, STATION, EXAM, ['2026-06-30', '2026-07-01'])).toMatchObject({
      prices: ['36500', '39400'],
    });
  });

  test('is the facility’s own where it has one, for as long as it has it; the fund knows its own price', async () => {
    const days = ['2026-08-09', '2026-08-10', '2026-08-11', '2026-08-12'];
    expect(await stay(server, HOSPITAL, EXAM, days)).toMatchObject({
      prices: ['48600', '61234.5', '61234.5', '48600'],
      // From the second on 30 %: 48,600 + 2 × 18,370.35 + 14,580; above 48,600 the patient pays.
      grossAmount: '99920.70',
      selfPay: '7580.70',
    });
    expect(await stay(server, STATION, EXAM, ['2026-08-10'])).toMatchObject({ prices: ['39400'] });
  });

  test('does not change any more once the line is ordered; one that is missing is a refusal, never nothing', async () => {
    const before = await stay(server, HOSPITAL, EXAM, ['2026-08-20']);
    await ownPrice(server.database, HOSPITAL, EXAM, '99999', '[2026-08-20,2026-08-21)');
    await server.database.query(
      `update catalogue_price set valid = daterange(lower(valid), '2026-08-21')
       where item_id in (select id from catalogue_item where item_code = $1) and valid @> date '2026-08-21'`,
      [DRUG],
    );
    // A process that has read the catalogue as it is now.
    const later = await startTestServer({ as: HOSPITAL, on: server.database });
    const read = (await later.call('GET', before.path!)).body as Lines;
    expect(read.lines.map((one) => one.unitPrice)).toEqual(['48600']);
    expect(await stay(later, HOSPITAL, EXAM, ['2026-08-20'])).toMatchObject({ prices: ['99999'] });
    expect(await stay(later, HOSPITAL, DRUG, ['2026-08-20'])).toMatchObject({ prices: ['245'] });
    expect(await stay(later, HOSPITAL, DRUG, ['2026-08-21'])).toEqual({ refused: '/problems/price-missing' });
    await later.stop();
  });
});
