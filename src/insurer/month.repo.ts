import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

export interface ReceivedClaim {
  readonly encounterId: Id;
  readonly number: number;
  readonly compressed: Buffer;
}

/**
 * The newest version of each visit that the insurer took and found no error in afterwards, with its document, by visit.
 * @param from visits settled since, which arrived before `to`
 */
export async function receivedClaims(
  tx: Transaction,
  facilityId: Id,
  from: string,
  to: string,
  after: Id | null,
  most: number,
): Promise<ReceivedClaim[]> {
  return tx.query<ReceivedClaim & Record<string, unknown>>(
    `select distinct on (v.encounter_id) v.encounter_id as "encounterId", v.number, d.compressed
     from encounter e
     join claim_version v on v.facility_id = e.facility_id and v.encounter_id = e.id
     join claim_document d on d.facility_id = v.facility_id and d.encounter_id = v.encounter_id and d.number = v.number
     where e.facility_id = $1 and e.settled_at >= $2 and e.arrived_at < $3 and ($4::uuid is null or e.id > $4)
       and exists (select from claim_event x where x.facility_id = v.facility_id and x.encounter_id = v.encounter_id
         and x.number = v.number and x.type = 'received')
       and (select y.type from claim_event y where y.facility_id = v.facility_id and y.encounter_id = v.encounter_id
         and y.number = v.number order by y.sequence desc limit 1) <> 'faulty'
     order by v.encounter_id, v.number desc, d.kind limit $5`,
    [facilityId, from, to, after, most],
    'received-claims',
  );
}
