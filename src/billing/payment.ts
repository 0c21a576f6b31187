import type { Id } from '../platform/ids.ts';
import { decimal, type Money, moneyText, scale, zero } from '../platform/money.ts';
import { Problem, type ProblemPlace, type ProblemType } from '../platform/problem.ts';

export type PaymentKind = 'payment' | 'deposit' | 'refund';
export type PaymentMethod = 'cash' | 'transfer' | 'card';

/** What the desk knows of a visit, read under the visit's lock. */
export interface VisitAccount {
  readonly state: 'open' | 'discharged' | 'settled';
  readonly isInpatient: boolean;
  /** The newest settlement; 0 = never settled. After reopening it is the one that stood last. */
  readonly settlementVersion: number;
  /** What that settlement says the patient pays; nothing before. */
  readonly due: Money;
  /** Payments and deposits less refunds, what was voided left out. */
  readonly held: Money;
  /** Cash is taken and given in multiples of this many đồng. */
  readonly cashStep: number;
  /** The open shift of whoever acts. */
  readonly shiftId: Id | null;
}

/** What somebody wants to take or give. */
export interface MoneyWish {
  readonly method: PaymentMethod;
  readonly amount: Money;
  /** The balance that they saw. */
  readonly expectedBalance: Money;
  readonly tendered?: Money | undefined;
  readonly reference?: string | undefined;
}

/** What is taken or given. */
export interface MoneyMove {
  readonly kind: PaymentKind;
  readonly method: PaymentMethod;
  readonly amount: Money;
  readonly cashRounding: Money;
  readonly tendered: Money | null;
  readonly change: Money | null;
  readonly reference: string | null;
}

/** More than zero: to collect; less: to give back. */
export const balanceOf = ({ due, held }: Pick<VisitAccount, 'due' | 'held'>): Money => due.minus(held);

/** The cash that is taken or given for an amount: the nearest multiple of the step, half away from zero. */
export function inCash(amount: Money, step: number): Money {
  const size = decimal(String(step));
  return scale(amount, '1', size, 0).times(size);
}

/**
 * Collects what a settlement says, all of it or a part.
 * @throws payment-too-early, balance-changed, balance-exceeded, shift-required, invalid-body
 */
export function takePayment(account: VisitAccount, wish: MoneyWish): MoneyMove {
  if (account.state !== 'settled') throw new Problem('payment-too-early');
  const balance = seen(account, wish);
  withinBalance(account, wish.amount);
  return moved('payment', account, wish, wish.amount.eq(balance));
}

/** @throws balance-exceeded */
export function withinBalance(account: VisitAccount, amount: Money): void {
  const balance = balanceOf(account);
  if (amount.gt(balance)) throw refusal('balance-exceeded', { amount, balance });
}

/**
 * Money that an in-patient leaves before the settlement.
 * @throws deposit-not-possible, balance-changed, shift-required, invalid-body
 */
export function takeDeposit(account: VisitAccount, wish: MoneyWish): MoneyMove {
  mayDeposit(account);
  seen(account, wish);
  return moved('deposit', account, wish, false);
}

/** @throws deposit-not-possible: a settled visit is paid, and an out-patient settles when they leave */
export function mayDeposit(account: VisitAccount): void {
  if (account.state === 'settled' || !account.isInpatient) throw new Problem('deposit-not-possible');
}

/** What can be given back: what is too much once the visit is settled, before that all that is held. */
export function returnable(account: VisitAccount): Money {
  const most = account.state === 'settled' ? zero.minus(balanceOf(account)) : account.held;
  return most.gt(zero) ? most : zero;
}

/** @throws balance-changed, refund-exceeded, shift-required, invalid-body */
export function giveBack(account: VisitAccount, wish: MoneyWish): MoneyMove {
  const balance = seen(account, wish);
  const most = returnable(account);
  if (wish.amount.gt(most)) throw refusal('refund-exceeded', { amount: wish.amount, most, balance });
  if (wish.tendered !== undefined) throw place('/tendered', 'notForRefund');
  return moved('refund', account, wish, wish.amount.eq(most));
}

/** Two windows: whoever decided on a balance that is gone decides anew. */
export function seen(account: VisitAccount, { expectedBalance }: Pick<MoneyWish, 'expectedBalance'>): Money {
  const balance = balanceOf(account);
  if (!balance.eq(expectedBalance)) throw refusal('balance-changed', { expected: expectedBalance, balance });
  return balance;
}

/** @param clears it brings the balance to zero: then cash is rounded, and only then */
function moved(kind: PaymentKind, account: VisitAccount, wish: MoneyWish, clears: boolean): MoneyMove {
  const { method, amount, tendered, reference } = wish;
  const move = { kind, method, amount, cashRounding: zero, tendered: null, change: null };
  if (method !== 'cash') {
    if (tendered !== undefined) throw place('/tendered', 'onlyCash');
    if (reference === undefined) throw place('/reference', 'required');
    return { ...move, reference };
  }
  if (reference !== undefined) throw place('/reference', 'notForCash');
  if (!account.shiftId) throw new Problem('shift-required');
  const cash = inCash(amount, account.cashStep);
  const cashRounding = cash.minus(amount);
  if (!clears && !cashRounding.eq(zero)) throw place('/amount', 'cashStep', { step: account.cashStep });
  if (kind === 'refund') return { ...move, cashRounding, reference: null };
  const given = tendered ?? cash;
  if (given.lt(cash)) throw place('/tendered', 'tenderTooSmall', { cash: moneyText(cash) });
  return { ...move, cashRounding, tendered: given, change: given.minus(cash), reference: null };
}

function place(pointer: string, message: string, values?: ProblemPlace['values']): Problem {
  return new Problem('invalid-body', {}, [
    { pointer, message: `problem.place.${message}`, ...(values ? { values } : {}) },
  ]);
}

function refusal(type: ProblemType, amounts: Readonly<Record<string, Money>>): Problem {
  return new Problem(
    type,
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, moneyText(amount)])),
  );
}

/** A payment as it stands, for its void. */
export interface StoredMove extends Pick<MoneyMove, 'kind' | 'method' | 'amount'> {
  readonly voids: Id | null;
  readonly voidedBy: Id | null;
  readonly recordedBy: Id;
  readonly shiftId: Id | null;
}

/**
 * May it be taken back? A cashier takes back what they took in the shift that is still open; an administrator anything.
 * @param mayAny an administrator's right
 * @throws payment-voided, not-allowed, void-not-possible
 */
export function checkVoid(
  account: VisitAccount,
  stored: StoredMove,
  by: { readonly accountId: Id; readonly mayAny: boolean },
): void {
  if (stored.voids !== null || stored.voidedBy !== null) throw new Problem('payment-voided');
  const isOwn = stored.recordedBy === by.accountId && stored.shiftId !== null;
  if (!by.mayAny && !(isOwn && stored.shiftId === account.shiftId)) throw new Problem('not-allowed');
  const after = stored.kind === 'refund' ? account.held : account.held.minus(stored.amount);
  if (after.lt(zero)) throw refusal('void-not-possible', { held: account.held, amount: stored.amount });
}
