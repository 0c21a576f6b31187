import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadPolicy } from '../../src/benefits/index.ts';
import { moveMoney } from '../../src/billing/index.ts';
import type { Recording } from '../../src/encounters/index.ts';
import { newId } from '../../src/platform/ids.ts';
import { money } from '../../src/platform/money.ts';
import { facilityIdOf } from '../../src/seed/index.ts';
import {
  type Desk,
  type DeskAnswer,
  inpatientVisit,
  OWED,
  payCash,
  settledVisit,
  startDesk,
  unsettledVisit,
} from '../harness/desk.ts';
import { expectNoGaps, expectOneStory, race } from '../harness/race.ts';
import { HOSPITAL } from '../harness/visit.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  for (const who of ['hoa', 'lan'] as const) await desk.by(who, 'POST', '/shifts', { float: '0.00' });
});
afterAll(() => desk.stop());

const done = (answers: readonly DeskAnswer[]) => answers.filter((answer) => answer.status < 300);
const problems = (answers: readonly DeskAnswer[]) => [
  ...new Set(answers.flatMap((answer) => answer.problem ?? [])),
];
const shiftCash = async (who: 'hoa' | 'lan') =>
  (await desk.by(who, 'GET', '/shifts/current')).body.cashInDrawer as string;
const pay = (path: string, amount: string, expectedBalance: string, more: object = {}) =>
  desk.by('hoa', 'POST', `${path}/payments`, { amount, method: 'cash', expectedBalance, ...more });

test('50 settle and pay calls on one visit: settled once, paid once', async () => {
  for (let round = 0; round < 2; round += 1) {
    const visit = await unsettledVisit(desk);
    const { path, etag } = visit;
    const before = Number(await shiftCash('hoa'));
    const answers = await race({
      settle: [20, () => desk.by('hoa', 'POST', `${path}/settlement`, {}, { 'If-Match': etag })],
      pay: [30, () => pay(path, OWED, OWED)],
    });
    expect(done(answers.settle)).toHaveLength(1);
    expect(problems(answers.settle)).toEqual(['version-conflict']);
    // Whoever came before the settlement was sent away, whoever came after the payment, too.
    if (done(answers.pay).length === 0) await payCash(desk, path, OWED);
    else expect(done(answers.pay)).toHaveLength(1);
    for (const problem of problems(answers.pay))
      expect(['payment-too-early', 'balance-changed']).toContain(problem);
    const { account, events } = await expectOneStory(desk, visit);
    expect(events.map((event) => event.action)).toEqual(['settled', 'paid']);
    expect(account).toMatchObject({ balance: '0.00', held: OWED });
    expect(Number(await shiftCash('hoa')) - before).toBe(49_500);
  }
  await expectNoGaps(desk);
});

test('double click, two windows, a retry: one payment', async () => {
  const visit = await settledVisit(desk);
  const key = newId();
  const wish = { amount: OWED, method: 'cash', expectedBalance: OWED };
  const answers = await race({
    retry: [10, () => desk.by('hoa', 'POST', `${visit.path}/payments`, wish, { 'Idempotency-Key': key })],
    window: [10, () => desk.by('hoa', 'POST', `${visit.path}/payments`, wish)],
    colleague: [10, () => desk.by('lan', 'POST', `${visit.path}/payments`, wish)],
  });
  const paid = new Set(
    Object.values(answers).flatMap((list) => done(list).map(({ body }) => body.payment.id)),
  );
  expect(paid.size).toBe(1);
  const { account } = await expectOneStory(desk, visit);
  expect(account.payments).toHaveLength(1);
});

test('settle, reopen, pay, refund and void, 50 at once, several times over: one story', async () => {
  const visit = await unsettledVisit(desk);
  const { path } = visit;
  const fresh = async () => {
    const { balance, payments } = (await desk.by('hoa', 'GET', `${path}/balance`)).body;
    return { balance, payments } as { balance: string; payments: { id: string }[] };
  };
  const etag = async () => (await desk.by('machine', 'GET', path)).etag!;
  const taken: Record<string, number> = {};
  for (let round = 0; round < 4; round += 1) {
    const answers = await race({
      settle: [
        10,
        async () => desk.by('hoa', 'POST', `${path}/settlement`, {}, { 'If-Match': await etag() }),
      ],
      reopen: [
        5,
        async () =>
          desk.by('officer', 'POST', `${path}/reopen`, { reason: 'x' }, { 'If-Match': await etag() }),
      ],
      pay: [20, async (n) => pay(path, n % 2 ? OWED : '10000.00', (await fresh()).balance)],
      refund: [
        5,
        async () =>
          desk.by('hoa', 'POST', `${path}/refunds`, {
            amount: '5000.00',
            method: 'cash',
            expectedBalance: (await fresh()).balance,
          }),
      ],
      void: [
        10,
        async (n) => {
          const { payments } = await fresh();
          const id = payments[n % Math.max(1, payments.length)]?.id ?? newId();
          return desk.by('hoa', 'POST', `/payments/${id}/void`, { reason: 'nhầm' });
        },
      ],
    });
    for (const [kind, list] of Object.entries(answers)) {
      taken[kind] = (taken[kind] ?? 0) + done(list).length;
      expect(list.filter((answer) => answer.status >= 500)).toEqual([]);
    }
    await expectOneStory(desk, visit);
    await expectNoGaps(desk);
  }
  expect(taken.settle).toBeGreaterThan(0);
  expect(taken.pay).toBeGreaterThan(0);
});

/** Written, numbered, and cut off before its end. */
async function payAndFail(encounterId: string): Promise<DeskAnswer> {
  const facilityId = facilityIdOf(HOSPITAL);
  const { id: recordedBy } = desk.accounts.hoa;
  const rec = { facility: { id: facilityId }, recordedBy, now: desk.clock.now() } as unknown as Recording;
  const wish = { method: 'cash', amount: money(OWED), expectedBalance: money(OWED) } as const;
  const acting = { userId: recordedBy, facilityId, purpose: 'care', requestId: 'cut' };
  await expect(
    desk.server.app.transaction(acting, async (tx) => {
      const { payment } = await moveMoney(tx, rec, loadPolicy(), encounterId, 'payment', wish);
      throw new Error(`cut off at ${payment.receipt!.number}`);
    }),
  ).rejects.toThrow(/cut off at \d+/);
  return { status: 503, problem: 'cut', body: {}, etag: null };
}

test('50 payments of as many visits at once: consecutive numbers, whatever fails in between', async () => {
  const visits = await Promise.all(Array.from({ length: 50 }, () => settledVisit(desk)));
  const [before] = await desk.server.database.query<{ last: number }>(
    `select last_number as last from receipt_book where series = 'PT'`,
  );
  const used = `FT${newId()}`;
  const answers = await race({
    cash: [30, (n) => pay(visits[n]!.path, OWED, OWED)],
    // The same bank reference ten times: nine fail while they are written.
    transfer: [10, (n) => pay(visits[30 + n]!.path, OWED, OWED, { method: 'transfer', reference: used })],
    stale: [10, (n) => pay(visits[n]!.path, OWED, '1.00')],
    cut: [10, (n) => payAndFail(visits[40 + n]!.id)],
  });
  expect(
    [done(answers.cash), done(answers.transfer), done(answers.stale)].map((list) => list.length),
  ).toEqual([30, 1, 0]);
  expect(problems(answers.transfer)).toEqual(['bank-reference-used']);
  const numbers = [...done(answers.cash), ...done(answers.transfer)].map(
    ({ body }) => body.payment.receipt.number as number,
  );
  expect(numbers.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 31 }, (_, index) => before!.last + 1 + index),
  );
  await expectNoGaps(desk);
});

test('ten confirmations of one transfer make one payment; ten deposits on one balance make one', async () => {
  await desk.by('boss', 'PUT', '/settings/desk', {
    cashRounding: '500',
    bank: { bin: '970418', account: '1', accountName: 'X' },
  });
  const visit = await settledVisit(desk);
  const asked = await desk.by('hoa', 'POST', `${visit.path}/transfer-requests`, { amount: OWED });
  const bankReference = `FT${newId()}`;
  const confirmed = await race({
    confirm: [
      10,
      () => desk.by('machine', 'POST', `/transfer-requests/${asked.body.id}/confirm`, { bankReference }),
    ],
    cancel: [2, () => desk.by('hoa', 'POST', `/transfer-requests/${asked.body.id}/cancel`, {})],
  });
  const { account } = await expectOneStory(desk, visit);
  const isPaid = done(confirmed.cancel).length === 0;
  expect(account.payments).toHaveLength(isPaid ? 1 : 0);
  expect(done(confirmed.confirm)).toHaveLength(isPaid ? 10 : 0);

  const ward = await inpatientVisit(desk);
  const deposits = await race({
    deposit: [
      10,
      () =>
        desk.by('hoa', 'POST', `${ward.path}/deposits`, {
          amount: '500000.00',
          method: 'cash',
          expectedBalance: '0.00',
        }),
    ],
  });
  expect(done(deposits.deposit)).toHaveLength(1);
  expect(problems(deposits.deposit)).toEqual(['balance-changed']);
});

test('a shift is opened once, however often at once', async () => {
  const open = await desk.by('hoa', 'GET', '/shifts/current');
  await desk.by('hoa', 'POST', `/shifts/${open.body.id}/close`, { countedCash: open.body.cashInDrawer });
  const answers = await race({ open: [10, () => desk.by('hoa', 'POST', '/shifts', { float: '0.00' })] });
  expect(done(answers.open)).toHaveLength(1);
  expect(problems(answers.open)).toEqual(['shift-open']);
});
