import { recordAudit } from '../audit/index.ts';
import type { Recording } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type Id, newId } from '../platform/ids.ts';
import { type Money, money, moneyText } from '../platform/money.ts';
import { Problem } from '../platform/problem.ts';
import {
  findShift,
  insertShift,
  lockShift,
  openShiftOf,
  type ReceiptRange,
  type Shift,
  type ShiftVoid,
  shiftReceipts,
  shiftTotals,
  shiftVoids,
  writeClosing,
} from './shift.repo.ts';
import { type CountedDrawer, checkCount, expectedCash, type ShiftTotal } from './shift.ts';

/** What a cashier did in a shift; of an open one, so far. */
export interface ShiftReport extends Shift {
  /** What must be in the drawer. */
  readonly cashInDrawer: string;
  readonly totals: readonly ShiftTotal[];
  readonly receipts: readonly ReceiptRange[];
  readonly voids: readonly ShiftVoid[];
}

/** @throws shift-open */
export async function openShift(tx: Transaction, rec: Recording, openingFloat: Money): Promise<ShiftReport> {
  const { facility, recordedBy, now } = rec;
  const id = newId(now.getTime());
  const float = moneyText(openingFloat);
  await insertShift(tx, facility.id, {
    id,
    cashier: recordedBy,
    openedAt: now.toISOString(),
    openingFloat: float,
  });
  record(tx, id, 'opened', { openingFloat: float });
  return reportOf(tx, facility.id, await known(tx, facility.id, id));
}

/**
 * The drawer is counted: it agrees, or the difference is explained. Waits for payments that are on their way.
 * @param mayAny an administrator closes the shift of somebody who left
 * @throws not-found, not-allowed, shift-closed, difference-unexplained, invalid-body
 */
export async function closeShift(
  tx: Transaction,
  rec: Recording,
  id: Id,
  counted: CountedDrawer,
  mayAny: boolean,
): Promise<ShiftReport> {
  const { facility, recordedBy, now } = rec;
  const shift = await known(tx, facility.id, id);
  if (shift.cashier !== recordedBy && !mayAny) throw new Problem('not-allowed');
  if (!(await lockShift(tx, facility.id, id))) throw new Problem('shift-closed');
  const expected = expectedCash(money(shift.openingFloat), await shiftTotals(tx, facility.id, id));
  const difference = checkCount(expected, counted);
  const { countedCash, denominations = null, reason = null } = counted;
  await writeClosing(tx, facility.id, id, {
    at: now.toISOString(),
    by: recordedBy,
    countedCash: moneyText(countedCash),
    expectedCash: moneyText(expected),
    denominations,
    reason,
  });
  record(tx, id, 'closed', { expected: moneyText(expected), difference: moneyText(difference) }, reason);
  return reportOf(tx, facility.id, await known(tx, facility.id, id));
}

/** @throws not-found */
export async function readShift(tx: Transaction, rec: Recording, id: Id): Promise<ShiftReport> {
  const shift = await known(tx, rec.facility.id, id);
  record(tx, id, 'read', {});
  return reportOf(tx, rec.facility.id, shift);
}

/** The open shift of whoever asks. @throws not-found */
export async function currentShift(tx: Transaction, rec: Recording): Promise<ShiftReport> {
  const shift = await openShiftOf(tx, rec.facility.id, rec.recordedBy);
  if (!shift) throw new Problem('not-found', { what: 'shift' });
  record(tx, shift.id, 'read', {});
  return reportOf(tx, rec.facility.id, shift);
}

async function known(tx: Transaction, facilityId: Id, id: Id): Promise<Shift> {
  const shift = await findShift(tx, facilityId, id);
  if (!shift) throw new Problem('not-found', { what: 'shift' });
  return shift;
}

async function reportOf(tx: Transaction, facilityId: Id, shift: Shift): Promise<ShiftReport> {
  const totals = await shiftTotals(tx, facilityId, shift.id);
  return {
    ...shift,
    cashInDrawer: moneyText(expectedCash(money(shift.openingFloat), totals)),
    totals,
    receipts: await shiftReceipts(tx, facilityId, shift.id),
    voids: await shiftVoids(tx, facilityId, shift.id),
  };
}

function record(
  tx: Transaction,
  id: Id,
  action: string,
  detail: Readonly<Record<string, unknown>>,
  reason: string | null = null,
): void {
  recordAudit(tx, { action: `shift.${action}`, subjectType: 'shift', subjectId: id, detail, reason });
}
