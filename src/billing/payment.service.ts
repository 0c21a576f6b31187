import type { Law } from '../benefits/index.ts';
import { lockVisit, type Recording, recordAct, selectingDate } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { localDate } from '../platform/dates.ts';
import { type Id, newId } from '../platform/ids.ts';
import { type Money, money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import {
  findPayment,
  type Held,
  insertPayment,
  insertVoid,
  type NewPayment,
  type PaymentRecord,
  readHeld,
  storedMove,
} from './payment.repo.ts';
import {
  balanceOf,
  checkVoid,
  giveBack,
  type MoneyMove,
  type MoneyWish,
  takeDeposit,
  takePayment,
  type VisitAccount,
} from './payment.ts';
import { bookKindOf, currentBook } from './receipt.repo.ts';
import { shareShift } from './shift.repo.ts';

/** A visit's account under the visit's lock: settling, reopening and paying follow one another. */
export interface LockedAccount extends VisitAccount, Pick<Held, 'bank'> {
  readonly encounterId: Id;
  readonly patientId: Id;
}

/** @throws not-found */
export async function lockAccount(
  tx: Transaction,
  rec: Recording,
  law: Law,
  encounterId: Id,
): Promise<LockedAccount> {
  const visit = await lockVisit(tx, rec.facility.id, encounterId, null);
  const { state, settlementVersion, patientId } = visit;
  const held = await readHeld(tx, rec.facility.id, visit, rec.recordedBy, true);
  return { encounterId, patientId, state, settlementVersion, isInpatient: isInpatient(law, visit), ...held };
}

/** What the law of the day of arrival calls in-patient care. */
export function isInpatient(
  law: Law,
  { classCode, arrivedAt }: { readonly classCode: string; readonly arrivedAt: string },
): boolean {
  const day = selectingDate('law', { arrivedAt, endedAt: null });
  const { value } = law.trace(day, 'DEPOSIT', 'inpatient', (policy) =>
    policy.codes('care-setting.inpatient'),
  );
  return value.includes(classCode);
}

/** What was taken or given, and where the visit stands now. */
export interface Taken {
  readonly payment: PaymentRecord;
  readonly balance: string;
}

const DECIDE = { payment: takePayment, deposit: takeDeposit, refund: giveBack } as const;

/**
 * A payment, deposit or refund with its receipt. Nobody takes money on a balance that they did not see.
 * @throws not-found and what the decision throws
 */
export async function moveMoney(
  tx: Transaction,
  rec: Recording,
  law: Law,
  encounterId: Id,
  kind: keyof typeof DECIDE,
  wish: MoneyWish & { readonly reason?: string | undefined },
): Promise<Taken> {
  const account = await lockAccount(tx, rec, law, encounterId);
  return writeMove(tx, rec, account, DECIDE[kind](account, wish), wish.reason ?? null);
}

export async function writeMove(
  tx: Transaction,
  rec: Recording,
  account: LockedAccount,
  move: MoneyMove,
  reason: string | null,
): Promise<Taken> {
  const { facility } = rec;
  const after = move.kind === 'refund' ? account.held.minus(move.amount) : account.held.plus(move.amount);
  const row = newRow(rec, account, move, { after, voids: null, reason, shiftId: account.shiftId });
  const book = await currentBook(tx, facility.id, {
    id: newId(rec.now.getTime()),
    kind: bookKindOf(move.kind),
    year: Number(localDate(rec.now).slice(0, 4)),
    openedAt: rec.now.toISOString(),
    openedBy: rec.recordedBy,
  });
  const number = await insertPayment(tx, facility.id, row, book);
  record(tx, account, ACT[move.kind], row, { number });
  return taken(tx, rec, row);
}

const ACT = { payment: 'paid', deposit: 'depositTaken', refund: 'refunded' } as const;

/**
 * Takes a payment back, with a reason: a row of its own; the receipt stays and says that it is void. Cash leaves the
 * drawer of the shift that took it while that is open; afterwards it is a correction of a shift that is open now.
 * @param wish.shiftId the open shift whose drawer the cash goes out of (or into); absent = as above
 * @throws not-found, payment-voided, not-allowed, void-not-possible, shift-required, shift-closed
 */
export async function voidPayment(
  tx: Transaction,
  rec: Recording,
  law: Law,
  id: Id,
  wish: { readonly reason: string; readonly shiftId?: Id | undefined; readonly mayAny: boolean },
): Promise<Taken> {
  const { facility, recordedBy } = rec;
  const known = await findPayment(tx, facility.id, id);
  if (!known) throw new Problem('not-found', { what: 'payment' });
  const account = await lockAccount(tx, rec, law, known.encounterId);
  // Under the lock nobody else takes it back.
  const stored = storedMove((await findPayment(tx, facility.id, id)) ?? known);
  checkVoid(account, stored, { accountId: recordedBy, mayAny: wish.mayAny });
  const shiftId = await shiftOfVoid(tx, facility.id, known, account.shiftId, wish.shiftId);
  const { kind, method, amount } = stored;
  const move: MoneyMove = {
    kind,
    method,
    amount,
    cashRounding: money(known.cashRounding),
    tendered: null,
    change: null,
    reference: known.reference,
  };
  const after = kind === 'refund' ? account.held.plus(amount) : account.held.minus(amount);
  const row = newRow(rec, account, move, { after, voids: id, reason: wish.reason, shiftId });
  await insertVoid(tx, facility.id, row);
  record(tx, account, 'paymentVoided', row, { voids: id, of: known.shiftId });
  return taken(tx, rec, row);
}

async function shiftOfVoid(
  tx: Transaction,
  facilityId: Id,
  stored: Pick<PaymentRecord, 'method' | 'shiftId'>,
  own: Id | null,
  wanted: Id | undefined,
): Promise<Id | null> {
  if (wanted !== undefined) {
    if (await shareShift(tx, facilityId, wanted)) return wanted;
    throw new Problem('shift-closed');
  }
  if (stored.shiftId && (await shareShift(tx, facilityId, stored.shiftId))) return stored.shiftId;
  if (own === null && stored.method === 'cash') throw new Problem('shift-required');
  return own;
}

function newRow(
  rec: Recording,
  account: LockedAccount,
  move: MoneyMove,
  more: Pick<NewPayment, 'voids' | 'reason' | 'shiftId'> & { readonly after: Money },
): NewPayment {
  const { after, ...rest } = more;
  return {
    ...move,
    ...rest,
    id: newId(rec.now.getTime()),
    encounterId: account.encounterId,
    at: rec.now.toISOString(),
    by: rec.recordedBy,
    settlementVersion: account.settlementVersion,
    balanceBefore: balanceOf(account),
    balanceAfter: balanceOf({ due: account.due, held: after }),
  };
}

function record(
  tx: Transaction,
  account: LockedAccount,
  action: string,
  row: NewPayment,
  detail: Readonly<Record<string, unknown>>,
): void {
  recordAct(tx, { id: account.encounterId, patientId: account.patientId }, action, {
    detail: {
      payment: row.id,
      kind: row.kind,
      method: row.method,
      amount: moneyText(row.amount),
      cashRounding: moneyText(row.cashRounding),
      settlement: row.settlementVersion,
      balance: moneyText(row.balanceAfter),
      shift: row.shiftId,
      ...detail,
    },
    reason: row.reason,
  });
}

async function taken(tx: Transaction, rec: Recording, row: NewPayment): Promise<Taken> {
  const payment = await findPayment(tx, rec.facility.id, row.id);
  if (!payment) throw new Error(`payment ${row.id} cannot be read`);
  return { payment, balance: payment.balanceAfter };
}
