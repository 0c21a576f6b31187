import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { facilityIdOf } from '../../src/seed/index.ts';
import { type Desk, inpatientVisit, OWED, payCash, settledVisit, startDesk } from '../harness/desk.ts';
import { expectNoGaps } from '../harness/race.ts';
import { HOSPITAL } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.by('hoa', 'POST', '/shifts', { float: '0.00' });
});
afterAll(() => desk.stop());

const books = async () => (await desk.by('hoa', 'GET', '/receipt-books')).body.items;
const paidReceipt = async () => {
  const { path } = await settledVisit(desk);
  return (await payCash(desk, path, OWED)).body.payment.receipt;
};

test('the first receipt opens the book of the year; a new book begins at 1; old ones stay', async () => {
  const year = new Date().getFullYear();
  expect(await paidReceipt()).toMatchObject({ series: 'PT', year, number: 1 });
  expect(await paidReceipt()).toMatchObject({ series: 'PT', year, number: 2 });
  desk.clock.forward({ minutes: 1 });
  const opened = await desk.by('boss', 'POST', '/receipt-books', { kind: 'receipt', series: 'PT2' });
  expect(opened).toMatchObject({ status: 201, body: { series: 'PT2', year, lastNumber: 0 } });
  expect((await desk.by('boss', 'POST', '/receipt-books', { kind: 'receipt', series: 'PT' })).problem).toBe(
    'already-exists',
  );
  expect((await desk.by('hoa', 'POST', '/receipt-books', { kind: 'receipt', series: 'PT3' })).problem).toBe(
    'not-allowed',
  );
  expect(await paidReceipt()).toMatchObject({ series: 'PT2', number: 1 });
  expect(await books()).toMatchObject([
    { series: 'PT2', lastNumber: 1 },
    { series: 'PT', lastNumber: 2 },
  ]);
});

test('money that is given back has books of its own', async () => {
  const { path } = await inpatientVisit(desk);
  const wish = { method: 'cash', amount: '1000.00' };
  await desk.by('hoa', 'POST', `${path}/deposits`, { ...wish, expectedBalance: '0.00' });
  const back = await desk.by('hoa', 'POST', `${path}/refunds`, {
    ...wish,
    expectedBalance: '-1000.00',
    reason: 'xin rút',
  });
  expect(back.body.payment.receipt).toMatchObject({ series: 'PC', number: 1 });
  expect((await desk.by('hoa', 'GET', `/receipts/${back.body.payment.id}`)).body).toMatchObject({
    book: { kind: 'payout' },
    kind: 'refund',
    reason: 'xin rút',
    paid: '1000.00',
  });
});

test('a new year has new books', async () => {
  const visits = [await settledVisit(desk), await settledVisit(desk)];
  await desk.server.database.query(
    `update session set expires_at = now() + interval '1 year', last_seen_at = now() + interval '1 year'`,
  );
  const now = desk.clock.now();
  desk.clock.set(`${now.getFullYear()}-12-31T23:59:00+07:00`);
  const before = (await payCash(desk, visits[0]!.path, OWED)).body.payment.receipt;
  desk.clock.forward({ minutes: 2 });
  const after = (await payCash(desk, visits[1]!.path, OWED)).body.payment.receipt;
  expect(after).toMatchObject({ series: 'PT', year: before.year + 1, number: 1 });
  desk.clock.set(now);
});

test('a book is read page by page, voided receipts among the others', async () => {
  const book = (await books()).find((one: { series: string }) => one.series === 'PT2').id as string;
  desk.clock.forward({ minutes: 1 });
  for (let n = 0; n < 4; n += 1) await paidReceipt();
  const all = (await desk.by('hoa', 'GET', `/receipts?book=${book}`)).body.items;
  await desk.by('hoa', 'POST', `/payments/${all[1].id}/void`, { reason: 'ghi nhầm' });
  const found: { number: number; voided: object | null }[] = [];
  let cursor = '';
  do {
    const page = (await desk.by('hoa', 'GET', `/receipts?book=${book}&limit=2${cursor}`)).body;
    found.push(...page.items);
    cursor = page.next ? `&cursor=${page.next}` : '';
  } while (cursor);
  expect(found.map((receipt) => receipt.number)).toEqual(found.map((_, index) => found.length - index));
  expect(found.filter((receipt) => receipt.voided)).toMatchObject([{ voided: { reason: 'ghi nhầm' } }]);
});

test('what is printed stays as it was printed, whatever becomes of the person’s name', async () => {
  const { path, patientId } = await settledVisit(desk);
  const { id } = (await payCash(desk, path, OWED)).body.payment;
  const { etag } = await desk.by('machine', 'GET', `/patients/${patientId}`);
  await desk.by('machine', 'PATCH', `/patients/${patientId}`, { name: 'Lê Thị Khác' }, { 'If-Match': etag! });
  expect((await desk.by('hoa', 'GET', `/receipts/${id}`)).body.payer.name).toBe('Trần Thị Mẫu');
});

test('the application can write no gap, no second number, and change or remove nothing', async () => {
  await expectNoGaps(desk);
  const client = new pg.Client({ connectionString: desk.server.database.urls.his_app });
  await client.connect();
  const before = await writtenRows(desk.server.database);
  try {
    const outcome = async (sql: string) => {
      await client.query('begin');
      try {
        await client.query(`select set_config('app.facility', $1, true), set_config('app.user', $2, true)`, [
          facilityIdOf(HOSPITAL),
          desk.accounts.hoa.id,
        ]);
        const { rowCount } = await client.query(sql);
        return String(rowCount);
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await client.query('rollback');
      }
    };
    const DENIED = '42501';
    for (const table of ['payment', 'receipt', 'visit_debt'])
      for (const sql of [`update ${table} set id = id`, `delete from ${table}`, `truncate ${table}`])
        expect([sql, await outcome(sql)]).toEqual([sql, DENIED]);
    for (const table of ['receipt_book', 'cashier_shift', 'transfer_request', 'desk_setting'])
      expect([table, await outcome(`delete from ${table}`)]).toEqual([table, DENIED]);
    expect(await outcome('update cashier_shift set opening_float = 0')).toBe(DENIED);
    expect(await outcome(`update transfer_request set amount = 1`)).toBe(DENIED);
    // A closed shift is out of reach.
    const shift = (await desk.by('hoa', 'GET', '/shifts/current')).body;
    const recount = `update cashier_shift set counted_cash = 1, difference_reason = 'x' where id = '${shift.id}'`;
    expect(await outcome(recount)).toBe('23514');
    const copy = (number: string) =>
      `insert into receipt (facility_id, id, book_id, number, issued_at, payer_name, payer_address, record_number,
         facility_name, cashier_name)
       select r.facility_id, p.id, r.book_id, ${number}, r.issued_at, 'x', 'x', 'x', 'x', 'x'
       from receipt r join receipt_book b on b.facility_id = r.facility_id and b.id = r.book_id,
         payment p where r.number = b.last_number and b.series = 'PT2' and p.voids is not null limit 1`;
    expect(await outcome(copy('r.number + 2'))).toBe('23503');
    expect(await outcome(copy('r.number'))).toBe('23505');
    expect(await outcome(copy('r.number + 1'))).toBe('1');
  } finally {
    await client.end();
  }
  expect(await writtenRows(desk.server.database)).toEqual(before);
});
