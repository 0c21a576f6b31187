import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  balance,
  type Desk,
  inpatientVisit,
  leaveWard,
  OWED,
  reopen,
  settle,
  startDesk,
} from '../harness/desk.ts';
import { expectNoGaps, expectOneStory } from '../harness/race.ts';

const STEP = 500_00n;
const DUE = 49_415_85n;
let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  expect(OWED).toBe('49415.85');
});
afterAll(() => desk.stop());

/** Hundredths of a đồng as text; the model knows nothing of the code's decimals. */
const text = (amount: bigint): string => {
  const digits = String(amount < 0n ? -amount : amount).padStart(3, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
/** To the nearest 500 đ, half up, of an amount that is not negative. */
const rounded = (amount: bigint) => ((amount + STEP / 2n) / STEP) * STEP;

type Step =
  | { readonly do: 'settle' | 'reopen' }
  | { readonly do: 'void'; readonly which: number }
  | {
      readonly do: 'payment' | 'deposit' | 'refund';
      readonly how: 'all' | 'part' | 'over';
      readonly notes: number;
      readonly method: 'cash' | 'card';
    };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('settle' as const, 'reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), which: fc.nat(8) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('payment' as const, 'deposit' as const, 'refund' as const),
      how: fc.constantFrom('all' as const, 'part' as const, 'over' as const),
      notes: fc.integer({ min: 1, max: 60 }),
      method: fc.constantFrom('cash' as const, 'card' as const),
    }),
  },
);

interface Move {
  readonly id: string;
  readonly kind: 'payment' | 'deposit' | 'refund';
  readonly amount: bigint;
  /** What moved in the drawer; nothing by card. */
  readonly cash: bigint;
  voided: boolean;
}

/** The same visit and drawer, told in whole numbers. */
class Model {
  isSettled = false;
  due = 0n;
  drawer = 0n;
  receipts = 0;
  readonly moves: Move[] = [];

  get held(): bigint {
    return this.moves
      .filter((move) => !move.voided)
      .reduce((sum, move) => (move.kind === 'refund' ? sum - move.amount : sum + move.amount), 0n);
  }
  get balance(): bigint {
    return this.due - this.held;
  }
  /** The most that the desk may move. */
  most(kind: Move['kind']): bigint {
    if (kind === 'deposit') return this.isSettled ? 0n : 1_000_000_00n;
    if (kind === 'payment') return this.isSettled && this.balance > 0n ? this.balance : 0n;
    const most = this.isSettled ? -this.balance : this.held;
    return most > 0n ? most : 0n;
  }
}

async function take(path: string, model: Model, wish: Extract<Step, { how: string }>): Promise<void> {
  const { do: kind, how, notes, method } = wish;
  const most = model.most(kind);
  const part = BigInt(notes) * STEP;
  const isPart = how === 'part' || kind === 'deposit' || (how === 'all' && most === 0n);
  const amount = isPart ? part : most + (how === 'over' ? STEP : 0n);
  const clears = kind !== 'deposit' && amount === most;
  const isWhole = method === 'card' || clears || amount % STEP === 0n;
  const answer = await desk.by('hoa', 'POST', `${path}/${kind}s`, {
    amount: text(amount),
    method,
    expectedBalance: text(model.balance),
    ...(method === 'card' ? { reference: 'T1' } : {}),
  });
  const isTaken = amount <= most && isWhole;
  expect([wish, text(amount), answer.status < 300, answer.problem]).toEqual([
    wish,
    text(amount),
    isTaken,
    isTaken ? null : expect.any(String),
  ]);
  if (!isTaken) return;
  const cash = method === 'card' ? 0n : clears ? rounded(amount) : amount;
  const sign = kind === 'refund' ? -1n : 1n;
  model.moves.push({ id: answer.body.payment.id, kind, amount, cash: sign * cash, voided: false });
  model.drawer += sign * cash;
  model.receipts += 1;
  expect(answer.body.payment.cashRounding).toBe(text(method === 'card' ? 0n : cash - amount));
}

async function takeBack(model: Model, which: number): Promise<void> {
  const move = model.moves[which % Math.max(1, model.moves.length)];
  if (!move) return;
  const answer = await desk.by('hoa', 'POST', `/payments/${move.id}/void`, { reason: 'nhầm' });
  const after = move.kind === 'refund' ? model.held : model.held - move.amount;
  const isTaken = !move.voided && after >= 0n;
  expect([answer.status < 300, answer.problem]).toEqual([isTaken, isTaken ? null : expect.any(String)]);
  if (!isTaken) return;
  move.voided = true;
  model.drawer -= move.cash;
}

test('any sequence of deposits, settlements, payments, refunds and voids: balance, receipts and drawer are right', async () => {
  let receipts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      const shift = (await desk.by('hoa', 'POST', '/shifts', { float: '0.00' })).body.id as string;
      const visit = await inpatientVisit(desk);
      await leaveWard(desk, visit.path);
      const model = new Model();
      for (const one of steps) {
        if ('how' in one) await take(visit.path, model, one);
        else if ('which' in one) await takeBack(model, one.which);
        else if (one.do === 'settle') {
          expect((await settle(desk, visit.path)).status < 300).toBe(!model.isSettled);
          Object.assign(model, { isSettled: true, due: DUE });
        } else {
          expect((await reopen(desk, visit.path)).status < 300).toBe(model.isSettled);
          model.isSettled = false;
        }
        expect(await balance(desk, visit.path)).toMatchObject({
          held: text(model.held),
          due: text(model.due),
          balance: text(model.balance),
        });
        const { cashInDrawer, receipts: ranges } = (await desk.by('hoa', 'GET', '/shifts/current')).body;
        expect(cashInDrawer).toBe(text(model.drawer));
        const written = ranges.reduce((sum: number, range: { count: number }) => sum + range.count, 0);
        expect(written).toBe(model.receipts);
      }
      await expectOneStory(desk, visit);
      await expectNoGaps(desk);
      // More may go out than came in during this shift: money that was taken by card and is returned in cash.
      const counted = model.drawer < 0n ? '0.00' : text(model.drawer);
      const closed = await desk.by('hoa', 'POST', `/shifts/${shift}/close`, {
        countedCash: counted,
        reason: 'đếm',
      });
      expect(closed.body.expectedCash).toBe(text(model.drawer));
      receipts += model.receipts;
    }),
    { numRuns: 12, seed: 20_261_126 },
  );
  expect(receipts).toBeGreaterThan(20);
});
