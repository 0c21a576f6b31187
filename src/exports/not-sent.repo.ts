import type { ClaimKey } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';

/** What the sending of a version rests on. */
export interface Standing {
  /** The visit is settled: not reopened since. */
  readonly isSettled: boolean;
  /** Its signature is of another certificate than the one that the facility has in use now. */
  readonly isOfOldCertificate: boolean;
}

export async function readStanding(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
): Promise<Standing> {
  const [row] = await tx.query<Standing>(
    `select e.settled_at is not null as "isSettled",
       exists (select from claim_document d
         join facility_certificate c on c.facility_id = d.facility_id and c.retired_at is null
         where d.facility_id = $1 and d.encounter_id = $2 and d.number = $3 and d.kind = 'signed'
           and d.certificate_serial <> c.serial) as "isOfOldCertificate"
     from encounter e where e.facility_id = $1 and e.id = $2`,
    [facilityId, encounterId, number],
    'standing-of-claim',
  );
  return row ?? { isSettled: true, isOfOldCertificate: false };
}
