import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/ids.ts';
import {
  balance,
  type Desk,
  endStay,
  inpatientVisit,
  OWED,
  payCash,
  settledVisit,
  startDesk,
} from '../harness/desk.ts';
import { writtenRows } from '../harness/written.ts';

const BANK = { bin: '970418', account: '31410001234567', accountName: 'BENH VIEN MAU' };
let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.by('hoa', 'POST', '/shifts', { float: '0.00' });
});
afterAll(() => desk.stop());

async function refusedWith(problem: string, doing: () => ReturnType<Desk['by']>) {
  const before = await writtenRows(desk.server.database);
  const answer = await doing();
  expect([answer.problem, answer.body]).toEqual([problem, expect.anything()]);
  expect(await writtenRows(desk.server.database)).toEqual(before);
  return answer;
}
const ask = (path: string, amount = OWED) => desk.by('hoa', 'POST', `${path}/transfer-requests`, { amount });
const confirm = (id: string, bankReference: string, who: 'hoa' | 'machine' = 'hoa') =>
  desk.by(who, 'POST', `/transfer-requests/${id}/confirm`, { bankReference });
const cancel = (id: string) => desk.by('hoa', 'POST', `/transfer-requests/${id}/cancel`, {});
const payments = async (path: string) => (await balance(desk, path)).payments;

test('without an account there is no code; the administrator names one, and the change is on record', async () => {
  const { path } = await settledVisit(desk);
  expect((await desk.by('desk', 'GET', '/settings/desk')).body).toEqual({ cashRounding: '500', bank: null });
  await refusedWith('bank-account-missing', () => ask(path));
  await refusedWith('not-allowed', () => desk.by('hoa', 'PUT', '/settings/desk', {}));
  const set = await desk.by('boss', 'PUT', '/settings/desk', { cashRounding: '1000', bank: BANK });
  expect(set.body).toEqual({ cashRounding: '1000', bank: BANK });
  expect((await balance(desk, path)).balanceInCash).toBe('49000.00');
  await desk.by('boss', 'PUT', '/settings/desk', { cashRounding: 'none', bank: BANK });
  expect((await balance(desk, path)).balanceInCash).toBe('49416.00');
  await desk.by('boss', 'PUT', '/settings/desk', { cashRounding: '500', bank: BANK });
  const changes = await desk.server.database.query<{ changes: object }>(
    `select changes from audit_event where action = 'setting.desk' order by at, id`,
  );
  expect(changes.map((row) => row.changes)).toMatchObject([
    { cashRounding: ['500', '1000'], bank: [null, BANK] },
    { cashRounding: ['1000', 'none'] },
    { cashRounding: ['none', '500'] },
  ]);
});

test('a code is shown, the bank confirms, one payment is made; again with the same reference it is the same', async () => {
  const { path } = await settledVisit(desk);
  const asked = await ask(path);
  const { id, reference } = asked.body;
  expect(asked).toMatchObject({ status: 201, body: { state: 'pending', amount: OWED, bank: BANK } });
  expect(reference).toMatch(/^LT[0-9A-F]{12}$/);
  expect(asked.body.qr).toContain('540849415.85');
  expect(asked.body.qr).toContain(`62180814${reference}`);
  expect(await payments(path)).toEqual([]);
  const bankReference = `FT${newId()}`;
  const first = await confirm(id, bankReference, 'machine');
  expect(first).toMatchObject({
    status: 200,
    body: { balance: '0.00', payment: { method: 'transfer', reference: bankReference, amount: OWED } },
  });
  const before = await writtenRows(desk.server.database, ['idempotency']);
  const again = await confirm(id, bankReference);
  expect(again.body).toEqual(first.body);
  expect(await writtenRows(desk.server.database, ['idempotency'])).toEqual(before);
  await refusedWith('transfer-closed', () => confirm(id, 'ANOTHER'));
  await refusedWith('transfer-closed', () => cancel(id));
  expect(await payments(path)).toHaveLength(1);
  expect((await balance(desk, path)).transfers).toMatchObject([{ id, state: 'confirmed' }]);
});

test('a bank reference makes one receipt; after its void it may be written again', async () => {
  const [one, two] = [await settledVisit(desk), await settledVisit(desk)];
  const wish = { amount: OWED, method: 'transfer', expectedBalance: OWED, reference: `FT${newId()}` };
  const pay = (path: string) => desk.by('hoa', 'POST', `${path}/payments`, wish);
  const first = await pay(one.path);
  expect(first.status).toBe(201);
  const used = await refusedWith('bank-reference-used', () => pay(two.path));
  expect(used.body.values).toEqual({ reference: wish.reference });
  const { id } = (await ask(two.path)).body;
  await refusedWith('bank-reference-used', () => confirm(id, wish.reference));
  await desk.by('hoa', 'POST', `/payments/${first.body.payment.id}/void`, { reason: 'nhầm người' });
  expect((await confirm(id, wish.reference)).status).toBe(200);
  await refusedWith('bank-reference-used', () => pay(one.path));
});

test('a request ends after half an hour, or when it is cancelled; late money is recorded by its reference', async () => {
  const { path } = await settledVisit(desk);
  const [late, dropped] = [(await ask(path)).body, (await ask(path, '10000.00')).body];
  expect((await cancel(dropped.id)).body).toMatchObject({ state: 'cancelled' });
  await refusedWith('transfer-closed', () => confirm(dropped.id, 'FT1'));
  desk.clock.forward({ minutes: 30 });
  const closed = await refusedWith('transfer-closed', () => confirm(late.id, 'FT2'));
  expect(closed.body.values).toEqual({ state: 'expired' });
  const paid = await desk.by('hoa', 'POST', `${path}/payments`, {
    amount: OWED,
    method: 'transfer',
    expectedBalance: OWED,
    reference: 'FT2',
  });
  expect(paid.body.balance).toBe('0.00');
});

test('asks for no more than is due, and takes no more when it comes', async () => {
  const { path } = await settledVisit(desk);
  await refusedWith('balance-exceeded', () => ask(path, '49415.86'));
  const { id } = (await ask(path)).body;
  await payCash(desk, path, '10000.00');
  const over = await refusedWith('balance-exceeded', () => confirm(id, 'FT3'));
  expect(over.body.values).toEqual({ amount: OWED, balance: '39415.85' });
});

test('before the settlement it is a deposit, of in-patients', async () => {
  const { path } = await inpatientVisit(desk);
  const { id } = (await ask(path, '30000.00')).body;
  expect((await confirm(id, 'FT4')).body).toMatchObject({
    balance: '-30000.00',
    payment: { kind: 'deposit' },
  });
  const { id: second } = (await ask(path, '19415.85')).body;
  await endStay(desk, path);
  expect((await confirm(second, 'FT5')).body).toMatchObject({
    balance: '0.00',
    payment: { kind: 'payment' },
  });
});
