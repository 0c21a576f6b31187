import { recordAudit } from '../audit/index.ts';
import type { Law } from '../benefits/index.ts';
import { type Recording, recordAct } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, newId } from '../platform/ids.ts';
import { type Money, money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { findPayment } from './payment.repo.ts';
import { type LockedAccount, lockAccount, type Taken, writeMove } from './payment.service.ts';
import { balanceOf, mayDeposit, takeDeposit, takePayment, withinBalance } from './payment.ts';
import { endTransfer, findTransfer, insertTransfer, type TransferRequest } from './transfer.repo.ts';
import { vietQr } from './vietqr.ts';

/** A bank answers within seconds; who has not paid by then asks for another code. */
const VALID_MINUTES = 30;

/** A request and the account that the money goes to, as people read it. */
export interface RequestedTransfer extends TransferRequest {
  readonly bank: NonNullable<LockedAccount['bank']>;
}

/**
 * A code that asks for a transfer: what is to be collected of a settled visit, a deposit before.
 * @throws not-found, bank-account-missing, balance-exceeded, deposit-not-possible
 */
export async function requestTransfer(
  tx: Transaction,
  rec: Recording,
  law: Law,
  encounterId: Id,
  amount: Money,
): Promise<RequestedTransfer> {
  const { facility, now, recordedBy } = rec;
  const account = await lockAccount(tx, rec, law, encounterId);
  const { bank } = account;
  if (!bank) throw new Problem('bank-account-missing');
  if (account.state === 'settled') withinBalance(account, amount);
  else mayDeposit(account);
  const id = newId(now.getTime());
  // The random end of the id: unique here for ever, and a word that every bank carries.
  const reference = `LT${id.slice(-12).toUpperCase()}`;
  await insertTransfer(tx, facility.id, {
    id,
    encounterId,
    amount: moneyText(amount),
    reference,
    qr: vietQr(bank, amount, reference),
    requestedAt: now.toISOString(),
    requestedBy: recordedBy,
    expiresAt: new Date(now.getTime() + VALID_MINUTES * 60_000).toISOString(),
  });
  record(tx, account, 'transferRequested', { transfer: id, amount: moneyText(amount) });
  return { ...(await known(tx, rec, id)), bank };
}

/**
 * The bank says that the money has come. The same bank reference a second time answers the payment that it made.
 * @throws not-found, transfer-closed, bank-reference-used, and what taking money throws
 */
export async function confirmTransfer(
  tx: Transaction,
  rec: Recording,
  law: Law,
  id: Id,
  bankReference: string,
): Promise<Taken> {
  const { encounterId } = await known(tx, rec, id);
  const account = await lockAccount(tx, rec, law, encounterId);
  // Under the visit's lock: whoever confirmed or cancelled before is seen.
  const request = await known(tx, rec, id);
  const { state, paymentId } = request;
  if (paymentId !== null) {
    const payment = await findPayment(tx, rec.facility.id, paymentId);
    if (payment?.reference === bankReference) return { payment, balance: moneyText(balanceOf(account)) };
  }
  if (state !== 'pending') throw new Problem('transfer-closed', { state });
  const wish = {
    method: 'transfer',
    amount: money(request.amount),
    expectedBalance: balanceOf(account),
    reference: bankReference,
  } as const;
  const move = account.state === 'settled' ? takePayment(account, wish) : takeDeposit(account, wish);
  const taken = await writeMove(tx, rec, account, move, null);
  await endTransfer(tx, rec.facility.id, id, {
    outcome: 'confirmed',
    at: rec.now.toISOString(),
    by: rec.recordedBy,
    paymentId: taken.payment.id,
  });
  record(tx, account, 'transferConfirmed', { transfer: id, payment: taken.payment.id });
  return taken;
}

/** @throws not-found, transfer-closed */
export async function cancelTransfer(
  tx: Transaction,
  rec: Recording,
  law: Law,
  id: Id,
): Promise<TransferRequest> {
  const { encounterId } = await known(tx, rec, id);
  const account = await lockAccount(tx, rec, law, encounterId);
  const { state } = await known(tx, rec, id);
  if (state !== 'pending' && state !== 'expired') throw new Problem('transfer-closed', { state });
  await endTransfer(tx, rec.facility.id, id, {
    outcome: 'cancelled',
    at: rec.now.toISOString(),
    by: rec.recordedBy,
    paymentId: null,
  });
  record(tx, account, 'transferCancelled', { transfer: id });
  return known(tx, rec, id);
}

/** A request that somebody prints, on record. @throws not-found */
export async function openTransfer(tx: Transaction, rec: Recording, id: Id): Promise<TransferRequest> {
  const request = await known(tx, rec, id);
  recordAudit(tx, {
    action: 'transfer.read',
    subjectType: 'encounter',
    subjectId: request.encounterId,
    detail: { transfer: id },
  });
  return request;
}

async function known(tx: Transaction, rec: Recording, id: Id): Promise<TransferRequest> {
  const request = await findTransfer(tx, rec.facility.id, id, rec.now);
  if (!request) throw new Problem('not-found', { what: 'transfer-request' });
  return request;
}

function record(
  tx: Transaction,
  { encounterId, patientId }: LockedAccount,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): void {
  recordAct(tx, { id: encounterId, patientId }, action, { detail });
}
