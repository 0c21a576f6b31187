import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

export async function insertReopening(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  reopening: {
    readonly settlementVersion: number;
    readonly reason: string;
    readonly at: string;
    readonly by: Id;
  },
): Promise<void> {
  await tx.query(
    `insert into reopening (facility_id, encounter_id, settlement_version, reason, reopened_at, reopened_by)
     values ($1, $2, $3, $4, $5, $6)`,
    [facilityId, encounterId, reopening.settlementVersion, reopening.reason, reopening.at, reopening.by],
    'insert-reopening',
  );
}

/** Why that settlement was taken up again; undefined = it was not. */
export async function reasonOfReopening(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  version: number,
): Promise<string | undefined> {
  const rows = await tx.query<{ reason: string }>(
    'select reason from reopening where facility_id = $1 and encounter_id = $2 and settlement_version = $3',
    [facilityId, encounterId, version],
    'reason-of-reopening',
  );
  return rows[0]?.reason;
}
