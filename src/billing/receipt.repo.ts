import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { PaymentKind, PaymentMethod } from './payment.ts';

/** Receipts are for money taken, payouts for money given back; each has its own books. */
export type BookKind = 'receipt' | 'payout';

export interface ReceiptBook {
  readonly id: Id;
  readonly kind: BookKind;
  readonly series: string;
  readonly year: number;
  /** 0 = none is written yet. */
  readonly lastNumber: number;
  readonly openedAt: string;
}

export const bookKindOf = (kind: PaymentKind): BookKind => (kind === 'refund' ? 'payout' : 'receipt');

/** Series of the book that opens by itself with the first receipt of a year. */
const USUAL_SERIES: Readonly<Record<BookKind, string>> = { receipt: 'PT', payout: 'PC' };

export interface NewBook extends Pick<ReceiptBook, 'id' | 'kind' | 'series' | 'year' | 'openedAt'> {
  readonly openedBy: Id;
}

const BOOK = `id, kind, series, year, last_number as "lastNumber", to_json(opened_at)#>>'{}' as "openedAt"`;

/** The book that was opened last for this kind and year; the first receipt of a year opens the usual one. */
export async function currentBook(
  tx: Transaction,
  facilityId: Id,
  wanted: Omit<NewBook, 'series'>,
): Promise<Id> {
  const find = async () =>
    (
      await tx.query<{ id: Id }>(
        `select id from receipt_book where facility_id = $1 and kind = $2 and year = $3
         order by opened_at desc, id desc limit 1`,
        [facilityId, wanted.kind, wanted.year],
        'current-book',
      )
    )[0]?.id;
  const found = await find();
  if (found) return found;
  await insert(tx, facilityId, { ...wanted, series: USUAL_SERIES[wanted.kind] }, 'on conflict do nothing');
  return (await find())!;
}

/** @throws already-exists */
export async function openBook(tx: Transaction, facilityId: Id, book: NewBook): Promise<void> {
  try {
    await insert(tx, facilityId, book, '');
  } catch (error) {
    if (!isDatabaseError(error, '23505')) throw error;
    throw new Problem('already-exists', { what: 'receipt-book' });
  }
}

async function insert(tx: Transaction, facilityId: Id, book: NewBook, clash: string): Promise<void> {
  await tx.query(
    `insert into receipt_book (facility_id, id, kind, series, year, opened_at, opened_by)
     values ($1, $2, $3, $4, $5, $6, $7) ${clash}`,
    [facilityId, book.id, book.kind, book.series, book.year, book.openedAt, book.openedBy],
  );
}

/** The newest first. */
export function listBooks(tx: Transaction, facilityId: Id): Promise<ReceiptBook[]> {
  return tx.query<ReceiptBook>(
    `select ${BOOK} from receipt_book where facility_id = $1 order by opened_at desc, id desc limit 200`,
    [facilityId],
  );
}

/** All that a printed receipt shows, as it was when it was given; what became of it since. */
export interface ReceiptRecord {
  readonly id: Id;
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly book: Pick<ReceiptBook, 'id' | 'kind' | 'series' | 'year'>;
  readonly number: number;
  readonly issuedAt: string;
  readonly facility: { readonly code: string; readonly name: string; readonly address: string };
  readonly payer: {
    readonly name: string;
    readonly address: string;
    readonly patientNumber: string | null;
    readonly recordNumber: string;
  };
  readonly cashierName: string;
  readonly kind: PaymentKind;
  readonly method: PaymentMethod;
  readonly amount: string;
  readonly cashRounding: string;
  /** What went over the desk: amount and rounding. */
  readonly paid: string;
  readonly tendered: string | null;
  readonly change: string | null;
  readonly reference: string | null;
  /** Why money was given back. */
  readonly reason: string | null;
  readonly balanceBefore: string;
  readonly balanceAfter: string;
  readonly voided: {
    readonly at: string;
    readonly by: Id;
    readonly byName: string | null;
    readonly reason: string;
  } | null;
}

const RECEIPT = `
select r.id, p.encounter_id as "encounterId", e.claim_key as "claimKey",
  json_build_object('id', b.id, 'kind', b.kind, 'series', b.series, 'year', b.year) as book, r.number,
  to_json(r.issued_at)#>>'{}' as "issuedAt",
  json_build_object('code', f.code, 'name', r.facility_name, 'address', f.address) as facility,
  json_build_object('name', r.payer_name, 'address', r.payer_address, 'patientNumber', r.patient_number,
    'recordNumber', r.record_number) as payer,
  r.cashier_name as "cashierName", p.kind, p.method, p.amount::text, p.cash_rounding::text as "cashRounding",
  (p.amount + p.cash_rounding)::text as paid, p.tendered::text, p.change::text, p.reference, p.reason,
  p.balance_before::text as "balanceBefore", p.balance_after::text as "balanceAfter",
  case when v.id is not null then json_build_object('at', v.at, 'by', v.recorded_by,
    'byName', (select a.name from account_label(v.recorded_by) a), 'reason', v.reason) end as voided
from receipt r
join payment p on p.facility_id = r.facility_id and p.id = r.id
join receipt_book b on b.facility_id = r.facility_id and b.id = r.book_id
join facility f on f.id = r.facility_id
join encounter e on e.facility_id = p.facility_id and e.id = p.encounter_id
left join payment v on v.facility_id = p.facility_id and v.voids = p.id
where r.facility_id = $1`;

export async function readReceipt(
  tx: Transaction,
  facilityId: Id,
  id: Id,
): Promise<ReceiptRecord | undefined> {
  const rows = await tx.query<ReceiptRecord>(`${RECEIPT} and r.id = $2`, [facilityId, id], 'read-receipt');
  return rows[0];
}

/** Receipts of a book, the last number first. @param below null = from the last one */
export function listReceipts(
  tx: Transaction,
  facilityId: Id,
  bookId: Id,
  below: number | null,
  limit: number,
): Promise<ReceiptRecord[]> {
  return tx.query<ReceiptRecord>(
    `${RECEIPT} and r.book_id = $2 and r.number < coalesce($3::int, 2147483647) order by r.number desc limit $4`,
    [facilityId, bookId, below, limit],
    'list-receipts',
  );
}
