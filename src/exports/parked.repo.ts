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

/** Puts a built version back on the list of what is to be sent, with the signature that it has. */
export async function putBack(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  isSigned: boolean,
  notBefore: string,
): Promise<void> {
  await tx.query(
    `insert into export_work
       (facility_id, encounter_id, number, signed_number, not_before, ended_at, settled_at, settlement_version)
     select c.facility_id, c.encounter_id, c.number, case when $4::boolean then c.number else 0 end, $5,
       coalesce(e.ended_at, e.settled_at), e.settled_at, c.settlement_version
     from claim_version c join encounter e on e.facility_id = c.facility_id and e.id = c.encounter_id
     where c.facility_id = $1 and c.encounter_id = $2 and c.number = $3`,
    [facilityId, encounterId, number, isSigned, notBefore],
  );
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
