import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { balance, type Desk, OWED, type Person, payCash, settledVisit, startDesk } from '../harness/desk.ts';
import { writtenRows } from '../harness/written.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());
beforeEach(async () => {
  for (const who of ['hoa', 'lan'] as const) {
    const open = await desk.by(who, 'GET', '/shifts/current');
    if (open.status === 200) await close(who, open.body.id, { countedCash: open.body.cashInDrawer });
  }
  desk.clock.forward({ minutes: 1 });
});

async function refusedWith(problem: string, doing: () => ReturnType<Desk['by']>) {
  const before = await writtenRows(desk.server.database);
  const answer = await doing();
  expect([answer.problem, answer.body]).toEqual([problem, expect.anything()]);
  expect(await writtenRows(desk.server.database)).toEqual(before);
  return answer;
}
const open = (who: Person, float = '100000.00') => desk.by(who, 'POST', '/shifts', { float });
const close = (who: Person, id: string, body: object) => desk.by(who, 'POST', `/shifts/${id}/close`, body);
const read = async (id: string) => (await desk.by('boss', 'GET', `/shifts/${id}`)).body;

test('a cashier has one open shift; cash needs it; a closed one takes nothing more', async () => {
  const { path } = await settledVisit(desk);
  await refusedWith('not-found', () => desk.by('hoa', 'GET', '/shifts/current'));
  await refusedWith('shift-required', () => payCash(desk, path, OWED));
  const { id } = (await open('hoa')).body;
  await refusedWith('shift-open', () => open('hoa'));
  expect((await open('lan')).status).toBe(201);
  expect((await desk.by('hoa', 'GET', '/shifts/current')).body).toMatchObject({
    id,
    cashier: desk.accounts.hoa.id,
    openingFloat: '100000.00',
    cashInDrawer: '100000.00',
    closedAt: null,
  });
  await refusedWith('not-allowed', () => close('lan', id, { countedCash: '100000.00' }));
  expect((await close('hoa', id, { countedCash: '100000.00' })).body).toMatchObject({ difference: '0.00' });
  await refusedWith('shift-closed', () => close('hoa', id, { countedCash: '100000.00' }));
  await refusedWith('shift-required', () => payCash(desk, path, OWED));
  expect((await open('hoa')).status).toBe(201);
});

test('the report tells payments, methods, receipts from and to, voids, refunds and the cash there must be', async () => {
  const { id } = (await open('hoa')).body;
  const visits = [await settledVisit(desk), await settledVisit(desk), await settledVisit(desk)];
  const first = (await payCash(desk, visits[0]!.path, OWED)).body.payment;
  await payCash(desk, visits[1]!.path, '10000.00');
  const card = { amount: '39415.85', method: 'card', expectedBalance: '39415.85', reference: 'T1' };
  await desk.by('hoa', 'POST', `${visits[1]!.path}/payments`, card);
  const wrong = (await payCash(desk, visits[2]!.path, '20000.00')).body.payment;
  await desk.by('hoa', 'POST', `/payments/${wrong.id}/void`, { reason: 'ghi nhầm' });
  const report = await read(id);
  expect(report).toMatchObject({
    cashInDrawer: '159500.00',
    totals: [
      { kind: 'payment', method: 'card', isVoid: false, count: 1, amount: '39415.85' },
      { kind: 'payment', method: 'cash', isVoid: false, count: 3, amount: '79415.85', cashRounding: '84.15' },
      { kind: 'payment', method: 'cash', isVoid: true, count: 1, amount: '20000.00' },
    ],
    receipts: [{ series: 'PT', from: first.receipt.number, to: first.receipt.number + 3, count: 4 }],
    voids: [{ voids: wrong.id, number: wrong.receipt.number, reason: 'ghi nhầm', isCorrection: false }],
  });

  const short = await refusedWith('difference-unexplained', () =>
    close('hoa', id, { countedCash: '159000.00' }),
  );
  expect(short.body.values).toEqual({ expected: '159500.00', counted: '159000.00', difference: '-500.00' });
  await refusedWith('invalid-body', () =>
    close('hoa', id, { countedCash: '159500.00', denominations: [{ value: 500, count: 1 }] }),
  );
  const denominations = [
    { value: 100_000, count: 1 },
    { value: 50_000, count: 1 },
    { value: 1000, count: 9 },
  ];
  const closed = await close('hoa', id, {
    countedCash: '159000.00',
    denominations,
    reason: 'thối nhầm 500 đ',
  });
  expect(closed.body).toMatchObject({
    expectedCash: '159500.00',
    countedCash: '159000.00',
    difference: '-500.00',
    differenceReason: 'thối nhầm 500 đ',
    denominations,
    closedBy: desk.accounts.hoa.id,
  });
  expect(await read(id)).toEqual(closed.body);
  const trail = await desk.server.database.query(
    `select action, reason from audit_event where subject_type = 'shift' and subject_id = $1 and action <> 'shift.read'
     order by at, id`,
    [id],
  );
  expect(trail).toEqual([
    { action: 'shift.opened', reason: null },
    { action: 'shift.closed', reason: 'thối nhầm 500 đ' },
  ]);
});

test('a receipt of a closed shift is voided as a correction of an open one, by an administrator', async () => {
  const { path } = await settledVisit(desk);
  const old = (await open('hoa')).body.id;
  const { id } = (await payCash(desk, path, OWED)).body.payment;
  const closed = (await close('hoa', old, { countedCash: '149500.00' })).body;
  const today = (await open('hoa')).body.id;
  const wish = { reason: 'thu nhầm người' };
  const take = (who: Person, more: object = {}) =>
    desk.by(who, 'POST', `/payments/${id}/void`, { ...wish, ...more });
  await refusedWith('not-allowed', () => take('hoa'));
  await refusedWith('shift-required', () => take('boss'));
  await refusedWith('shift-closed', () => take('boss', { shiftId: old }));
  expect((await take('boss', { shiftId: today })).body.payment).toMatchObject({ shiftId: today, voids: id });
  expect(await read(today)).toMatchObject({
    cashInDrawer: '50500.00',
    voids: [{ voids: id, isCorrection: true, reason: wish.reason }],
  });
  expect(await read(old)).toEqual(closed);
  expect(await balance(desk, path)).toMatchObject({ balance: OWED });
});

test('an administrator closes the shift of somebody who left', async () => {
  const { id } = (await open('lan', '0.00')).body;
  expect((await close('boss', id, { countedCash: '0.00' })).body).toMatchObject({
    cashier: desk.accounts.lan.id,
    closedBy: desk.accounts.boss.id,
  });
});

test('closing waits for the payments on their way, and counts them', async () => {
  for (let round = 0; round < 3; round += 1) {
    desk.clock.forward({ minutes: 1 });
    const { id } = (await open('hoa', '0.00')).body;
    const visits = await Promise.all(Array.from({ length: 6 }, () => settledVisit(desk)));
    const wish = { amount: OWED, method: 'cash', expectedBalance: OWED };
    const [closed, ...paid] = await Promise.all([
      close('hoa', id, { countedCash: '1.00', reason: 'đua' }),
      ...visits.map(({ path }) => desk.by('hoa', 'POST', `${path}/payments`, wish)),
    ]);
    const taken = paid.filter((answer) => answer.status === 201).length;
    expect(paid.map((answer) => answer.problem).filter((problem) => problem !== null)).toEqual(
      Array.from({ length: 6 - taken }, () => 'shift-required'),
    );
    expect(closed.body).toMatchObject({ expectedCash: `${49_500 * taken}.00` });
    expect((await read(id)).cashInDrawer).toBe(closed.body.expectedCash);
  }
});
