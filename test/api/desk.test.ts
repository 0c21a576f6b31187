import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';
import {
  balance,
  type Desk,
  endStay,
  inpatientVisit,
  OWED,
  payCash,
  reopen,
  settle,
  settledVisit,
  startDesk,
  unsettledVisit,
} from '../harness/desk.ts';
import { placesOf } from '../harness/visit.ts';
import { writtenRows } from '../harness/written.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.by('hoa', 'POST', '/shifts', { float: '200000.00' });
});
afterAll(() => desk.stop());

/** Nothing but the note of a refusal is written. */
async function refusedWith(problem: string, doing: () => ReturnType<Desk['by']>) {
  const before = await writtenRows(desk.server.database);
  const answer = await doing();
  expect([answer.problem, answer.body]).toEqual([problem, expect.anything()]);
  expect(await writtenRows(desk.server.database)).toEqual(before);
  return answer;
}
const trail = async (id: string) =>
  (
    await desk.server.database.query<{ act: string }>(
      `select replace(action, 'encounter.', '') as act from audit_event where subject_id = $1
         and action ~* 'settled|reopened|paid|deposit|refund|void|debt|transfer' order by at, id`,
      [id],
    )
  ).map((row) => row.act);

describe('after the settlement', () => {
  test('cash clears the balance: rounded in its own field, change given, a receipt written, all on record', async () => {
    const { id, path } = await settledVisit(desk);
    expect(await balance(desk, path)).toMatchObject({
      due: OWED,
      held: '0.00',
      balance: OWED,
      balanceInCash: '49500.00',
      settlementVersion: 1,
    });
    const paid = await desk.by('hoa', 'POST', `${path}/payments`, {
      amount: OWED,
      method: 'cash',
      expectedBalance: OWED,
      tendered: '50000.00',
    });
    expect(paid).toMatchObject({
      status: 201,
      body: {
        balance: '0.00',
        payment: {
          kind: 'payment',
          amount: OWED,
          cashRounding: '84.15',
          tendered: '50000.00',
          change: '500.00',
          receipt: { series: 'PT', number: expect.any(Number) },
        },
      },
    });
    expect(await balance(desk, path)).toMatchObject({ held: OWED, balance: '0.00', balanceInCash: '0.00' });
    expect((await desk.by('desk', 'GET', `/receipts/${paid.body.payment.id}`)).body).toMatchObject({
      encounterId: id,
      claimKey: `40021-${id.replaceAll('-', '')}`,
      paid: '49500.00',
      payer: { name: 'Trần Thị Mẫu' },
      cashierName: 'hoa',
      balanceBefore: OWED,
      balanceAfter: '0.00',
      voided: null,
    });
    expect(await trail(id)).toEqual(['settled', 'paid']);
  });

  test('part in cash, part by card, the rest by transfer: only cash that clears is rounded', async () => {
    const { path } = await settledVisit(desk);
    const first = await payCash(desk, path, '10000.00');
    expect(first.body).toMatchObject({ balance: '39415.85', payment: { cashRounding: '0.00' } });
    const second = await desk.by('hoa', 'POST', `${path}/payments`, {
      amount: '20000.00',
      method: 'card',
      expectedBalance: '39415.85',
      reference: 'T1-000123',
    });
    expect(second.body).toMatchObject({ balance: '19415.85', payment: { reference: 'T1-000123' } });
    const third = await desk.by('hoa', 'POST', `${path}/payments`, {
      amount: '19415.85',
      method: 'transfer',
      expectedBalance: '19415.85',
      reference: `FT${newId()}`,
    });
    expect(third.body).toMatchObject({ balance: '0.00', payment: { cashRounding: '0.00' } });
  });

  test('the second window is refused with the new balance', async () => {
    const { path } = await settledVisit(desk);
    await payCash(desk, path, '10000.00');
    const second = await refusedWith('balance-changed', () =>
      desk.by('hoa', 'POST', `${path}/payments`, { amount: OWED, method: 'cash', expectedBalance: OWED }),
    );
    expect(second.body).toMatchObject({ status: 409, values: { expected: OWED, balance: '39415.85' } });
    expect(second.body.detail).toContain('39415.85');
  });

  test('a repeat with the same key is the same payment', async () => {
    const { path } = await settledVisit(desk);
    const headers = { 'Idempotency-Key': newId() };
    const body = { amount: OWED, method: 'cash', expectedBalance: OWED };
    const first = await desk.by('hoa', 'POST', `${path}/payments`, body, headers);
    const again = await desk.by('hoa', 'POST', `${path}/payments`, body, headers);
    expect(again.body).toEqual(first.body);
    expect((await balance(desk, path)).payments).toHaveLength(1);
  });

  test('what the desk does not take', async () => {
    const { path } = await settledVisit(desk);
    const pay = (body: object) => () =>
      desk.by('hoa', 'POST', `${path}/payments`, {
        amount: OWED,
        method: 'cash',
        expectedBalance: OWED,
        ...body,
      });
    const more = await refusedWith('balance-exceeded', pay({ amount: '49415.86' }));
    expect(more.body.values).toEqual({ amount: '49415.86', balance: OWED });
    const refusedAt = async (body: object) =>
      Object.keys(placesOf(await refusedWith('invalid-body', pay(body))));
    expect(await refusedAt({ tendered: '49000.00' })).toEqual(['/tendered']);
    expect(await refusedAt({ amount: '10000.50' })).toEqual(['/amount']);
    expect(await refusedAt({ reference: 'X1' })).toEqual(['/reference']);
    expect(await refusedAt({ method: 'card' })).toEqual(['/reference']);
    expect(await refusedAt({ method: 'card', reference: 'X1', tendered: '50000.00' })).toEqual(['/tendered']);
    await refusedWith('shift-required', () =>
      desk.by('lan', 'POST', `${path}/payments`, { amount: OWED, method: 'cash', expectedBalance: OWED }),
    );
    await refusedWith('deposit-not-possible', () =>
      desk.by('hoa', 'POST', `${path}/deposits`, {
        amount: '1000.00',
        method: 'cash',
        expectedBalance: OWED,
      }),
    );
    const none = await refusedWith('refund-exceeded', () =>
      desk.by('hoa', 'POST', `${path}/refunds`, { amount: '1000.00', method: 'cash', expectedBalance: OWED }),
    );
    expect(none.body.values).toMatchObject({ most: '0.00' });
    for (const who of ['boss', 'officer', 'desk', 'doctor'] as const)
      expect((await desk.by(who, 'POST', `${path}/payments`, {})).problem).toBe('not-allowed');
  });

  test('a machine pays by card and has no drawer for cash', async () => {
    const { path } = await settledVisit(desk);
    const wish = { amount: OWED, expectedBalance: OWED };
    await refusedWith('shift-required', () =>
      desk.by('machine', 'POST', `${path}/payments`, { ...wish, method: 'cash' }),
    );
    const paid = await desk.by('machine', 'POST', `${path}/payments`, {
      ...wish,
      method: 'card',
      reference: 'POS.1',
    });
    expect(paid.body.payment).toMatchObject({ shiftId: null });
  });
});

describe('before the settlement', () => {
  test('nothing is collected, and an out-patient leaves no deposit', async () => {
    const { path } = await unsettledVisit(desk);
    const wish = { amount: '1000.00', method: 'cash', expectedBalance: '0.00' };
    await refusedWith('payment-too-early', () => desk.by('hoa', 'POST', `${path}/payments`, wish));
    await refusedWith('deposit-not-possible', () => desk.by('hoa', 'POST', `${path}/deposits`, wish));
    await refusedWith('payment-too-early', () =>
      desk.by('hoa', 'POST', `${path}/debt`, { expectedBalance: '0.00', reason: 'x', promisedBy: 'y' }),
    );
  });

  test('an in-patient leaves a deposit; it counts, and the rest goes back after the settlement', async () => {
    const { id, path } = await inpatientVisit(desk);
    const wish = { method: 'cash', amount: '100000.00', expectedBalance: '0.00' };
    const taken = await desk.by('hoa', 'POST', `${path}/deposits`, wish);
    expect(taken).toMatchObject({
      status: 201,
      body: { balance: '-100000.00', payment: { kind: 'deposit' } },
    });
    await refusedWith('balance-changed', () => desk.by('hoa', 'POST', `${path}/deposits`, wish));
    const tooMuch = await refusedWith('refund-exceeded', () =>
      desk.by('hoa', 'POST', `${path}/refunds`, {
        ...wish,
        amount: '100500.00',
        expectedBalance: '-100000.00',
      }),
    );
    expect(tooMuch.body.values).toMatchObject({ most: '100000.00' });
    await endStay(desk, path);
    expect(await balance(desk, path)).toMatchObject({ due: OWED, balance: '-50584.15' });
    await refusedWith('balance-exceeded', () =>
      desk.by('hoa', 'POST', `${path}/payments`, { ...wish, expectedBalance: '-50584.15' }),
    );
    const back = await desk.by('hoa', 'POST', `${path}/refunds`, {
      amount: '50584.15',
      method: 'cash',
      expectedBalance: '-50584.15',
      reason: 'thừa tạm ứng',
    });
    expect(back.body).toMatchObject({
      balance: '0.00',
      payment: { kind: 'refund', cashRounding: '-84.15', receipt: { series: 'PC' } },
    });
    expect(await trail(id)).toEqual(['depositTaken', 'settled', 'refunded']);
  });
});

describe('a reopened visit', () => {
  test('keeps its payments; the next settlement says what is to be collected or returned', async () => {
    const { id, path } = await settledVisit(desk);
    await payCash(desk, path, OWED);
    const before = (await balance(desk, path)).payments;
    await reopen(desk, path);
    expect(await balance(desk, path)).toMatchObject({ state: 'discharged', held: OWED, balance: '0.00' });
    await refusedWith('payment-too-early', () => payCash(desk, path, '1000.00'));
    const undo = await desk.by(
      'machine',
      'POST',
      `${path}/discharge/undo`,
      { reason: 'sửa' },
      {
        'If-Match': (await desk.by('machine', 'GET', path)).etag!,
      },
    );
    expect(undo.status).toBe(200);
    await endStay(desk, path);
    expect(await balance(desk, path)).toMatchObject({
      settlementVersion: 2,
      // The second examination of a visit costs 30 %.
      due: '64811.70',
      held: OWED,
      balance: '15395.85',
      payments: before,
    });
    expect((await payCash(desk, path, '15395.85')).body).toMatchObject({
      balance: '0.00',
      payment: { settlementVersion: 2, cashRounding: '104.15' },
    });
    expect(await trail(id)).toEqual(['settled', 'paid', 'reopened', 'settled', 'paid']);
  });

  test('gives back what is held while nothing stands', async () => {
    const { path } = await settledVisit(desk);
    await payCash(desk, path, OWED);
    await reopen(desk, path);
    const back = await desk.by('hoa', 'POST', `${path}/refunds`, {
      amount: OWED,
      method: 'cash',
      expectedBalance: '0.00',
    });
    expect(back.body).toMatchObject({ balance: OWED, payment: { cashRounding: '84.15' } });
    await settle(desk, path);
    expect(await balance(desk, path)).toMatchObject({ held: '0.00', balance: OWED });
  });
});

describe('a void', () => {
  const voided = (id: string, who: Parameters<Desk['by']>[0] = 'hoa', more: object = {}) =>
    desk.by(who, 'POST', `/payments/${id}/void`, { reason: 'ghi nhầm', ...more });

  test('is a row of its own; the receipt stays and says why; the money is owed again', async () => {
    const { id, path } = await settledVisit(desk);
    const paid = (await payCash(desk, path, OWED)).body.payment;
    const answer = await voided(paid.id);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        balance: OWED,
        payment: { voids: paid.id, amount: OWED, cashRounding: '84.15', receipt: null },
      },
    });
    expect((await desk.by('hoa', 'GET', `/receipts/${paid.id}`)).body).toMatchObject({
      number: paid.receipt.number,
      voided: { reason: 'ghi nhầm', by: desk.accounts.hoa.id, byName: 'hoa' },
    });
    await refusedWith('payment-voided', () => voided(paid.id));
    await refusedWith('payment-voided', () => voided(answer.body.payment.id));
    expect((await payCash(desk, path, OWED)).body).toMatchObject({ balance: '0.00' });
    expect(await trail(id)).toEqual(['settled', 'paid', 'paymentVoided', 'paid']);
  });

  test('of a cashier’s own open shift only; an administrator voids any, out of the drawer that took it', async () => {
    const { path } = await settledVisit(desk);
    const { id, shiftId } = (await payCash(desk, path, OWED)).body.payment;
    await refusedWith('not-allowed', () => voided(id, 'lan'));
    await refusedWith('not-allowed', () => voided(id, 'machine'));
    expect((await voided(id, 'boss')).body.payment).toMatchObject({
      shiftId,
      recordedBy: desk.accounts.boss.id,
    });
  });

  test('is refused while the money was returned', async () => {
    const { path } = await inpatientVisit(desk);
    const deposit = await desk.by('hoa', 'POST', `${path}/deposits`, {
      amount: '50000.00',
      method: 'cash',
      expectedBalance: '0.00',
    });
    const refund = await desk.by('hoa', 'POST', `${path}/refunds`, {
      amount: '20000.00',
      method: 'cash',
      expectedBalance: '-50000.00',
    });
    const no = await refusedWith('void-not-possible', () => voided(deposit.body.payment.id));
    expect(no.body.values).toEqual({ held: '30000.00', amount: '50000.00' });
    expect((await voided(refund.body.payment.id)).body).toMatchObject({ balance: '-50000.00' });
    expect((await voided(deposit.body.payment.id)).body).toMatchObject({ balance: '0.00' });
  });
});

describe('a debt', () => {
  test('is recorded with who promised; it is listed until it is paid', async () => {
    const { id, path } = await settledVisit(desk);
    const debts = async () =>
      (await desk.by('desk', 'GET', '/debts?limit=200')).body.items.filter(
        (debt: { encounterId: string }) => debt.encounterId === id,
      );
    await payCash(desk, path, '9000.00');
    const promise = { reason: 'quên mang tiền', promisedBy: 'Trần Văn Anh (con)', promisedFor: '2027-01-05' };
    await refusedWith('balance-changed', () =>
      desk.by('hoa', 'POST', `${path}/debt`, { ...promise, expectedBalance: OWED }),
    );
    const recorded = await desk.by('hoa', 'POST', `${path}/debt`, {
      ...promise,
      expectedBalance: '40415.85',
    });
    expect(recorded).toMatchObject({ status: 201, body: { amount: '40415.85', promisedFor: '2027-01-05' } });
    expect(await debts()).toMatchObject([{ ...promise, amount: '40415.85', balance: '40415.85' }]);
    await payCash(desk, path, '40000.00');
    expect(await debts()).toMatchObject([{ amount: '40415.85', balance: '415.85' }]);
    await payCash(desk, path, '415.85');
    expect(await debts()).toEqual([]);
    await refusedWith('nothing-due', () =>
      desk.by('hoa', 'POST', `${path}/debt`, { ...promise, expectedBalance: '0.00' }),
    );
    expect((await balance(desk, path)).debt).toMatchObject(promise);
    expect(await trail(id)).toEqual(['settled', 'paid', 'debtRecorded', 'paid', 'paid']);
  });

  test('the list goes on from its cursor', async () => {
    for (let n = 0; n < 3; n += 1) {
      const { path } = await settledVisit(desk);
      desk.clock.forward({ seconds: 1 });
      const promise = { reason: 'thiếu tiền', promisedBy: 'bản thân', expectedBalance: OWED };
      await desk.by('hoa', 'POST', `${path}/debt`, promise);
    }
    const found: string[] = [];
    let cursor = '';
    do {
      const page = (await desk.by('hoa', 'GET', `/debts?limit=2${cursor}`)).body;
      found.push(...page.items.map((debt: { id: string }) => debt.id));
      cursor = page.next ? `&cursor=${page.next}` : '';
    } while (cursor);
    const all = (await desk.by('hoa', 'GET', '/debts?limit=200')).body.items;
    expect(found).toEqual(all.map((debt: { id: string }) => debt.id));
    expect(found.length).toBeGreaterThanOrEqual(3);
  });
});
