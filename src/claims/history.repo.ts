import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { ClaimEventType } from './transitions.ts';

/** What one claim version has been through. */
export interface VersionHistory {
  readonly number: number;
  /** Its events, oldest first: the state is the last, its sequence is how many they are. */
  readonly types: readonly ClaimEventType[];
  /** When the last of them was written. */
  readonly at: string;
  /** How often it was sent. */
  readonly attempt: number;
}

/** All versions of a visit, the oldest first. */
export async function listVersions(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
): Promise<VersionHistory[]> {
  return tx.query<VersionHistory>(
    `select v.number, array_agg(v.type order by v.sequence) as types, to_json((array_agg(v.at order by v.sequence desc))[1])#>>'{}' as at,
       max(v.attempt)::int as attempt
     from claim_event v where v.facility_id = $1 and v.encounter_id = $2 group by v.number order by v.number`,
    [facilityId, encounterId],
    'claim-versions',
  );
}

/** The claim of that key with the number of its newest version; undefined when none was built. */
export async function findClaimByKey(
  tx: Transaction,
  claimKey: string,
): Promise<{ readonly facilityId: Id; readonly encounterId: Id; readonly newest: number } | undefined> {
  const id = /([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(claimKey);
  if (!id) return undefined;
  const rows = await tx.query<{ facilityId: Id; encounterId: Id; newest: number }>(
    `select facility_id as "facilityId", encounter_id as "encounterId", number as newest from claim_version
     where encounter_id = $1 and claim_key = $2 order by number desc limit 1`,
    [id.slice(1).join('-'), claimKey],
  );
  return rows[0];
}
