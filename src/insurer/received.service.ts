import { noteAdjusted } from '../exports/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { PaperAtWork } from './paper.repo.ts';

/** What follows for the ledger when the insurer has a paper; nothing, for most of them. */
export async function followReceived(
  tx: Transaction,
  facilityId: Id,
  { kind, encounterId, claimNumber }: PaperAtWork,
  now: Date,
): Promise<void> {
  if (kind === 'adjustment' && encounterId !== null && claimNumber !== null)
    await noteAdjusted(tx, facilityId, encounterId, claimNumber, now);
}
