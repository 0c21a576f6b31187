import type { ClaimKey } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';

/** The settlement that a claim version says. */
export async function settlementOf(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `select settlement_version as version from claim_version
     where facility_id = $1 and encounter_id = $2 and number = $3`,
    [facilityId, encounterId, number],
  );
  return row!.version;
}

/** Is it the transaction of another visit's claim? */
export async function isOfAnother(
  tx: Transaction,
  { facilityId, encounterId }: ClaimKey,
  transactionId: string,
): Promise<boolean> {
  const rows = await tx.query(
    `select from claim_event where facility_id = $1 and transaction_id = $2 and encounter_id <> $3 limit 1`,
    [facilityId, transactionId, encounterId],
  );
  return rows.length > 0;
}
