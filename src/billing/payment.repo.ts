import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { type Money, money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import type { MoneyMove, StoredMove } from './payment.ts';

/** What the desk reads of a visit besides its state. */
export interface Held {
  readonly due: Money;
  readonly held: Money;
  readonly cashStep: number;
  readonly shiftId: Id | null;
  readonly bank: { readonly bin: string; readonly account: string; readonly accountName: string } | null;
}

/**
 * Cash of a facility that decided nothing: the smallest note that desks still keep, so a patient gains or loses at most
 * 250 đồng (docs/decisions/0015).
 */
export const USUAL_CASH_STEP = 500;

const HELD = `
select coalesce((select s.patient_pays from settlement s where s.facility_id = $1 and s.encounter_id = $2
    and s.version = $3), 0)::numeric(18, 2)::text as due,
  (select coalesce(sum(p.direction * p.amount), 0)::numeric(18, 2)::text from payment p
    where p.facility_id = $1 and p.encounter_id = $2) as held,
  (select s.id from cashier_shift s where s.facility_id = $1 and s.cashier = $4 and s.closed_at is null
    SHARE_LOCK) as "shiftId",
  (select json_build_object('cashStep', d.cash_step, 'bin', d.bank_bin, 'account', d.bank_account,
    'accountName', d.bank_account_name) from desk_setting d where d.facility_id = $1) as setting`;

/**
 * @param cashier whose open shift is found; it cannot be closed until the transaction ends
 * @param isLocked false for looking only
 */
export async function readHeld(
  tx: Transaction,
  facilityId: Id,
  visit: { readonly id: Id; readonly settlementVersion: number },
  cashier: Id,
  isLocked: boolean,
): Promise<Held> {
  const rows = await tx.query<{
    due: string;
    held: string;
    shiftId: Id | null;
    setting: { cashStep: number; bin: string | null; account: string; accountName: string } | null;
  }>(
    HELD.replace('SHARE_LOCK', isLocked ? 'for share' : ''),
    [facilityId, visit.id, visit.settlementVersion, cashier],
    isLocked ? 'lock-held' : 'read-held',
  );
  const { due, held, shiftId, setting } = rows[0]!;
  const { bin = null, account = '', accountName = '' } = setting ?? {};
  return {
    due: money(due),
    held: money(held),
    shiftId,
    cashStep: setting?.cashStep ?? USUAL_CASH_STEP,
    bank: bin === null ? null : { bin, account, accountName },
  };
}

/** A row of the desk's book that is about to be written. */
export interface NewPayment extends MoneyMove {
  readonly id: Id;
  readonly encounterId: Id;
  readonly at: string;
  readonly by: Id;
  readonly shiftId: Id | null;
  readonly settlementVersion: number;
  readonly balanceBefore: Money;
  readonly balanceAfter: Money;
  readonly voids: Id | null;
  readonly reason: string | null;
}

/** A bank reference counts once until it is voided; the same number twice violates the index. */
const PAYMENT = `insert into payment (facility_id, id, encounter_id, sequence, kind, method, amount, cash_rounding, tendered, change,
    reference, reference_use, at, recorded_by, shift_id, settlement_version, balance_before, balance_after, voids, reason)
  select $1, $2, $3,
    (select coalesce(max(p.sequence), 0) + 1 from payment p where p.facility_id = $1 and p.encounter_id = $3), $4, $5, $6, $7, $8, $9, $10,
    (select count(*) from payment p join payment v on v.facility_id = p.facility_id and v.voids = p.id
      where p.facility_id = $1 and p.method = 'transfer' and p.voids is null and p.reference = $10),
    $11, $12, $13, $14, $15, $16, $17, $18`;

function columns(facilityId: Id, row: NewPayment): unknown[] {
  const amount = (value: Money | null) => (value === null ? null : moneyText(value));
  return [
    facilityId,
    row.id,
    row.encounterId,
    row.kind,
    row.method,
    moneyText(row.amount),
    moneyText(row.cashRounding),
    amount(row.tendered),
    amount(row.change),
    row.reference,
    row.at,
    row.by,
    row.shiftId,
    row.settlementVersion,
    moneyText(row.balanceBefore),
    moneyText(row.balanceAfter),
    row.voids,
    row.reason,
  ];
}

/** A void: no paper of its own, the voided receipt says it. */
export async function insertVoid(tx: Transaction, facilityId: Id, row: NewPayment): Promise<void> {
  await tx.query(PAYMENT, columns(facilityId, row), 'insert-void');
}

/**
 * The payment and its receipt in one statement. The number is the next of the book, whose row is locked from here to
 * the end of the transaction: whoever rolls back gives the number back.
 * @throws bank-reference-used
 */
export async function insertPayment(
  tx: Transaction,
  facilityId: Id,
  row: NewPayment,
  bookId: Id,
): Promise<number> {
  try {
    const rows = await tx.query<{ number: number }>(
      `with paid as (${PAYMENT} returning id),
       book as (update receipt_book set last_number = last_number + 1 where facility_id = $1 and id = $19
         returning last_number)
       insert into receipt (facility_id, id, book_id, number, issued_at, payer_name, payer_address, patient_number,
         record_number, facility_name, cashier_name)
       select $1, $2, $19, book.last_number, $11, p.name, p.address, l.patient_number, e.record_number, f.name, a.name
       from book, encounter e join patient p on p.id = e.patient_id join facility f on f.id = e.facility_id
         join account a on a.id = $12
         left join patient_facility l on l.facility_id = e.facility_id and l.patient_id = e.patient_id
       where e.facility_id = $1 and e.id = $3
       returning number`,
      [...columns(facilityId, row), bookId],
      'insert-payment',
    );
    const number = rows[0]?.number;
    if (number === undefined) throw new Error(`payment ${row.id}: no receipt was written`);
    return number;
  } catch (error) {
    if (!isDatabaseError(error, '23505', 'payment_bank_reference')) throw error;
    throw new Problem('bank-reference-used', { reference: row.reference ?? '' });
  }
}

/** A payment as the API shows it. */
export interface PaymentRecord {
  readonly id: Id;
  readonly encounterId: Id;
  /** The order in which it was decided. */
  readonly sequence: number;
  readonly kind: MoneyMove['kind'];
  readonly method: MoneyMove['method'];
  readonly amount: string;
  readonly cashRounding: string;
  readonly tendered: string | null;
  readonly change: string | null;
  readonly reference: string | null;
  readonly at: string;
  readonly recordedBy: Id;
  readonly shiftId: Id | null;
  readonly settlementVersion: number;
  readonly balanceAfter: string;
  readonly receipt: {
    readonly bookId: Id;
    readonly series: string;
    readonly year: number;
    readonly number: number;
  } | null;
  /** The payment that this one takes back. */
  readonly voids: Id | null;
  /** The void that took this one back. */
  readonly voidedBy: Id | null;
  readonly reason: string | null;
}

const RECORD = `p.id, p.encounter_id as "encounterId", p.sequence, p.kind, p.method, p.amount::text, p.cash_rounding::text as "cashRounding",
  p.tendered::text, p.change::text, p.reference, to_json(p.at)#>>'{}' as at, p.recorded_by as "recordedBy",
  p.shift_id as "shiftId", p.settlement_version as "settlementVersion", p.balance_after::text as "balanceAfter",
  case when r.id is not null then json_build_object('bookId', b.id, 'series', b.series, 'year', b.year, 'number', r.number)
    end as receipt,
  p.voids, (select v.id from payment v where v.facility_id = p.facility_id and v.voids = p.id) as "voidedBy", p.reason`;
const FROM = `from payment p left join receipt r on r.facility_id = p.facility_id and r.id = p.id
  left join receipt_book b on b.facility_id = r.facility_id and b.id = r.book_id`;

/** In the order in which they were recorded. */
export function paymentsOf(tx: Transaction, facilityId: Id, encounterId: Id): Promise<PaymentRecord[]> {
  return tx.query<PaymentRecord>(
    `select ${RECORD} ${FROM} where p.facility_id = $1 and p.encounter_id = $2 order by p.sequence`,
    [facilityId, encounterId],
    'payments-of-visit',
  );
}

export async function findPayment(
  tx: Transaction,
  facilityId: Id,
  id: Id,
): Promise<PaymentRecord | undefined> {
  const rows = await tx.query<PaymentRecord>(
    `select ${RECORD} ${FROM} where p.facility_id = $1 and p.id = $2`,
    [facilityId, id],
    'find-payment',
  );
  return rows[0];
}

export const storedMove = (record: PaymentRecord): StoredMove => ({
  ...record,
  amount: money(record.amount),
});
