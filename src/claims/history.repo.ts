import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import type { DocumentKind } from './claim.repo.ts';
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

export interface VersionRow extends VersionHistory {
  /** Of the document that is sent: the signed one when there is one. */
  readonly documentKind: DocumentKind;
  readonly documentSha256: string | null;
}

/** All versions of a visit, the oldest first. */
export async function listVersions(tx: Transaction, facilityId: Id, encounterId: Id): Promise<VersionRow[]> {
  return tx.query<VersionRow>(
    `select v.*, d.kind as "documentKind", d.sha256 as "documentSha256"
     from (
       select number, array_agg(type order by sequence) as types, max(attempt)::int as attempt,
         to_json((array_agg(at order by sequence desc))[1])#>>'{}' as at
       from claim_event where facility_id = $1 and encounter_id = $2 group by number) v
     left join lateral (select d.kind, d.sha256 from claim_document d where d.facility_id = $1
       and d.encounter_id = $2 and d.number = v.number order by d.kind limit 1) d on true
     order by v.number`,
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
