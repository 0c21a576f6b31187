import { recordAudit } from '../audit/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { Problem } from '../platform/problem.ts';
import { type ReceiptRecord, readReceipt } from './receipt.repo.ts';

/** A receipt that somebody looks at or prints, on record. @throws not-found */
export async function openReceipt(tx: Transaction, facilityId: Id, id: Id): Promise<ReceiptRecord> {
  const receipt = await readReceipt(tx, facilityId, id);
  if (!receipt) throw new Problem('not-found', { what: 'receipt' });
  recordAudit(tx, {
    action: 'receipt.read',
    subjectType: 'encounter',
    subjectId: receipt.encounterId,
    detail: { receipt: id },
  });
  return receipt;
}
