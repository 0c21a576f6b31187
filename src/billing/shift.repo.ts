import { isDatabaseError } from '../platform/database/errors.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import type { Denomination, ShiftTotal } from './shift.ts';

export interface Shift {
  readonly id: Id;
  readonly cashier: Id;
  readonly openedAt: string;
  readonly openingFloat: string;
  readonly closedAt: string | null;
  readonly closedBy: Id | null;
  readonly countedCash: string | null;
  readonly expectedCash: string | null;
  readonly difference: string | null;
  readonly denominations: readonly Denomination[] | null;
  readonly differenceReason: string | null;
}

const SHIFT = `select id, cashier, to_json(opened_at)#>>'{}' as "openedAt", opening_float::text as "openingFloat",
  to_json(closed_at)#>>'{}' as "closedAt", closed_by as "closedBy", counted_cash::text as "countedCash",
  expected_cash::text as "expectedCash", difference::text, denominations, difference_reason as "differenceReason"
  from cashier_shift where facility_id = $1`;

/** @throws shift-open */
export async function insertShift(
  tx: Transaction,
  facilityId: Id,
  shift: Pick<Shift, 'id' | 'cashier' | 'openedAt' | 'openingFloat'>,
): Promise<void> {
  try {
    await tx.query(
      `insert into cashier_shift (facility_id, id, cashier, opened_at, opening_float) values ($1, $2, $3, $4, $5)`,
      [facilityId, shift.id, shift.cashier, shift.openedAt, shift.openingFloat],
    );
  } catch (error) {
    if (!isDatabaseError(error, '23505', 'cashier_shift_open')) throw error;
    throw new Problem('shift-open');
  }
}

export async function findShift(tx: Transaction, facilityId: Id, id: Id): Promise<Shift | undefined> {
  return (await tx.query<Shift>(`${SHIFT} and id = $2`, [facilityId, id], 'find-shift'))[0];
}

export async function openShiftOf(tx: Transaction, facilityId: Id, cashier: Id): Promise<Shift | undefined> {
  const rows = await tx.query<Shift>(
    `${SHIFT} and cashier = $2 and closed_at is null`,
    [facilityId, cashier],
    'open-shift',
  );
  return rows[0];
}

/** Keeps it open until the transaction ends. @returns false when it is closed, or none of this facility */
export async function shareShift(tx: Transaction, facilityId: Id, id: Id): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from cashier_shift where facility_id = $1 and id = $2 and closed_at is null for share',
    [facilityId, id],
    'share-shift',
  );
  return rows.length > 0;
}

/** Waits for every payment on its way. @returns false when somebody else closed it */
export async function lockShift(tx: Transaction, facilityId: Id, id: Id): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from cashier_shift where facility_id = $1 and id = $2 and closed_at is null for update',
    [facilityId, id],
    'lock-shift',
  );
  return rows.length > 0;
}

export async function writeClosing(
  tx: Transaction,
  facilityId: Id,
  id: Id,
  closing: {
    readonly at: string;
    readonly by: Id;
    readonly countedCash: string;
    readonly expectedCash: string;
    readonly denominations: readonly Denomination[] | null;
    readonly reason: string | null;
  },
): Promise<void> {
  const { at, by, countedCash, expectedCash, denominations, reason } = closing;
  await tx.query(
    `update cashier_shift set closed_at = $3, closed_by = $4, counted_cash = $5, expected_cash = $6, denominations = $7,
       difference_reason = $8 where facility_id = $1 and id = $2`,
    [
      facilityId,
      id,
      at,
      by,
      countedCash,
      expectedCash,
      denominations ? JSON.stringify(denominations) : null,
      reason,
    ],
    'close-shift',
  );
}

export function shiftTotals(tx: Transaction, facilityId: Id, shiftId: Id): Promise<ShiftTotal[]> {
  return tx.query<ShiftTotal>(
    `select kind, method, voids is not null as "isVoid", count(*)::int as count, sum(amount)::text as amount,
       sum(cash_rounding)::text as "cashRounding"
     from payment where facility_id = $1 and shift_id = $2 group by 1, 2, 3 order by 1, 2, 3`,
    [facilityId, shiftId],
    'shift-totals',
  );
}

/** Receipts of a shift by book: the first and the last number. */
export interface ReceiptRange {
  readonly bookId: Id;
  readonly series: string;
  readonly year: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export function shiftReceipts(tx: Transaction, facilityId: Id, shiftId: Id): Promise<ReceiptRange[]> {
  return tx.query<ReceiptRange>(
    `select b.id as "bookId", b.series, b.year, min(r.number) as from, max(r.number) as to, count(*)::int as count
     from payment p join receipt r on r.facility_id = p.facility_id and r.id = p.id
     join receipt_book b on b.facility_id = r.facility_id and b.id = r.book_id
     where p.facility_id = $1 and p.shift_id = $2 group by b.id, b.series, b.year order by b.series, b.year`,
    [facilityId, shiftId],
    'shift-receipts',
  );
}

/** A void in a shift: of a receipt of its own, or as a correction of one that was closed before. */
export interface ShiftVoid {
  readonly id: Id;
  readonly voids: Id;
  readonly series: string;
  readonly year: number;
  readonly number: number;
  readonly kind: 'payment' | 'deposit' | 'refund';
  readonly method: 'cash' | 'transfer' | 'card';
  readonly amount: string;
  readonly cashRounding: string;
  readonly reason: string;
  readonly at: string;
  readonly by: Id;
  readonly isCorrection: boolean;
}

export function shiftVoids(tx: Transaction, facilityId: Id, shiftId: Id): Promise<ShiftVoid[]> {
  return tx.query<ShiftVoid>(
    `select v.id, v.voids, b.series, b.year, r.number, v.kind, v.method, v.amount::text,
       v.cash_rounding::text as "cashRounding", v.reason, to_json(v.at)#>>'{}' as at, v.recorded_by as by,
       p.shift_id is distinct from v.shift_id as "isCorrection"
     from payment v join payment p on p.facility_id = v.facility_id and p.id = v.voids
     join receipt r on r.facility_id = p.facility_id and r.id = p.id
     join receipt_book b on b.facility_id = r.facility_id and b.id = r.book_id
     where v.facility_id = $1 and v.shift_id = $2 order by v.at, v.id limit 1000`,
    [facilityId, shiftId],
    'shift-voids',
  );
}
