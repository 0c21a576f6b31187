import type { Law } from '../benefits/index.ts';
import { type Recording, recordAct } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import { type Id, newId } from '../platform/ids.ts';
import { type Money, moneyText, zero } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import { type DebtRecord, insertDebt, latestDebt, visitHead } from './account.repo.ts';
import { type PaymentRecord, paymentsOf, readHeld } from './payment.repo.ts';
import { isInpatient, lockAccount } from './payment.service.ts';
import { balanceOf, inCash, seen } from './payment.ts';
import { type TransferRequest, transfersOf } from './transfer.repo.ts';

/** Where a visit stands at the desk: what is due, what is held, and how it came to that. */
export interface AccountStatement {
  readonly encounterId: Id;
  readonly state: 'open' | 'discharged' | 'settled';
  readonly isInpatient: boolean;
  /** The newest settlement; 0 = never settled. Of a reopened visit the one that stood last. */
  readonly settlementVersion: number;
  readonly due: string;
  readonly held: string;
  /** More than zero: to collect; less: to give back. */
  readonly balance: string;
  /** The same in cash. */
  readonly balanceInCash: string;
  readonly cashStep: number;
  readonly payments: readonly PaymentRecord[];
  readonly transfers: readonly TransferRequest[];
  /** The debt that was recorded last; it is paid when the balance is. */
  readonly debt: DebtRecord | null;
}

/** @throws not-found */
export async function readAccount(
  tx: Transaction,
  rec: Recording,
  law: Law,
  encounterId: Id,
): Promise<AccountStatement> {
  const { facility, recordedBy, now } = rec;
  const visit = await visitHead(tx, facility.id, encounterId);
  if (!visit) throw new Problem('not-found', { what: 'encounter' });
  const { due, held, cashStep } = await readHeld(tx, facility.id, visit, recordedBy, false);
  const balance = balanceOf({ due, held });
  recordAct(tx, visit, 'balanceRead');
  return {
    encounterId,
    state: visit.state,
    isInpatient: isInpatient(law, visit),
    settlementVersion: visit.settlementVersion,
    due: moneyText(due),
    held: moneyText(held),
    balance: moneyText(balance),
    balanceInCash: moneyText(inCash(balance, cashStep)),
    cashStep,
    payments: await paymentsOf(tx, facility.id, encounterId),
    transfers: await transfersOf(tx, facility.id, encounterId, now),
    debt: await latestDebt(tx, facility.id, encounterId),
  };
}

/**
 * The person leaves without paying all: who promised to pay, until when, and why.
 * @throws not-found, payment-too-early, balance-changed, nothing-due
 */
export async function recordDebt(
  tx: Transaction,
  rec: Recording,
  law: Law,
  encounterId: Id,
  wish: {
    readonly expectedBalance: Money;
    readonly reason: string;
    readonly promisedBy: string;
    readonly promisedFor: LocalDate | null;
  },
): Promise<DebtRecord> {
  const account = await lockAccount(tx, rec, law, encounterId);
  if (account.state !== 'settled') throw new Problem('payment-too-early');
  const balance = seen(account, wish);
  if (!balance.gt(zero)) throw new Problem('nothing-due', { balance: moneyText(balance) });
  const { reason, promisedBy, promisedFor } = wish;
  const debt = {
    id: newId(rec.now.getTime()),
    amount: moneyText(balance),
    reason,
    promisedBy,
    promisedFor,
    recordedAt: rec.now.toISOString(),
    recordedBy: rec.recordedBy,
  };
  await insertDebt(tx, rec.facility.id, encounterId, debt);
  recordAct(tx, { id: encounterId, patientId: account.patientId }, 'debtRecorded', {
    detail: { debt: debt.id, amount: debt.amount, promisedFor },
    reason,
  });
  return debt;
}
