import { CLAIM_EVENT_TYPES, isLegal } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

export interface UnsignedClaim {
  readonly encounterId: Id;
  readonly number: number;
  /** Of its last event. */
  readonly sequence: number;
  readonly attempt: number;
  readonly compressed: Buffer;
}

/** States in which a version without a signature may be given one. */
const SIGNABLE = CLAIM_EVENT_TYPES.filter((type) => isLegal(type, 'signed'));

/** Built claims of a facility that have no signed document; one that could not be signed rests for its pause. */
export async function unsignedClaims(
  tx: Transaction,
  facilityId: Id,
  now: string,
  limit: number,
): Promise<UnsignedClaim[]> {
  return tx.query<UnsignedClaim>(
    `select w.encounter_id as "encounterId", w.number, last.sequence::int, last.attempt::int, d.compressed
     from export_work w
     join claim_document d on d.facility_id = $1 and d.encounter_id = w.encounter_id and d.number = w.number
       and d.kind = 'unsigned'
     cross join lateral (select e.type, e.sequence, e.attempt from claim_event e where e.facility_id = $1
       and e.encounter_id = w.encounter_id and e.number = w.number order by e.sequence desc limit 1) last
     where w.facility_id = $1 and w.number > 0 and w.signed_number <> w.number and last.type = any($3)
       and (last.type <> 'notSigned' or w.not_before <= $2)
     order by w.ended_at, w.encounter_id limit $4`,
    [facilityId, now, SIGNABLE, limit],
    'unsigned-claims',
  );
}

/** Locks the work of these versions. @returns those that are still to be sent */
export async function lockVersions(
  tx: Transaction,
  facilityId: Id,
  claims: readonly Pick<UnsignedClaim, 'encounterId' | 'number'>[],
): Promise<Set<Id>> {
  const rows = await tx.query<{ id: Id; number: number }>(
    `select encounter_id as id, number from export_work where facility_id = $1 and encounter_id = any($2::uuid[])
     order by encounter_id for update`,
    [facilityId, claims.map((claim) => claim.encounterId)],
    'lock-versions',
  );
  const numbers = new Map(rows.map((row) => [row.id, row.number]));
  return new Set(
    claims
      .filter((claim) => numbers.get(claim.encounterId) === claim.number)
      .map((claim) => claim.encounterId),
  );
}

export async function markSigned(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
  sendNotBefore: string,
): Promise<void> {
  await tx.query(
    `update export_work set signed_number = number, not_before = $3
     where facility_id = $1 and encounter_id = any($2::uuid[])`,
    [facilityId, encounterIds, sendNotBefore],
    'mark-signed',
  );
}

/**
 * Says on every claim of the facility that waits for a signature why it has none, once per cause, and lets them rest.
 * @param only these; null = all that wait
 * @returns how many wait
 */
export async function markNotSigned(
  tx: Transaction,
  facilityId: Id,
  cause: string,
  at: string,
  notBefore: string,
  only: readonly Id[] | null,
): Promise<number> {
  const locked = await tx.query<{ id: Id }>(
    `select encounter_id as id from export_work w where facility_id = $1 and number > 0 and signed_number <> number
       and ($2::uuid[] is null or encounter_id = any($2)) order by encounter_id for update`,
    [facilityId, only],
  );
  const rows = await tx.query<{ id: Id }>(
    `with waiting as (
       select w.encounter_id, w.number, last.* from export_work w
       cross join lateral (select e.type, e.cause, e.sequence, e.attempt from claim_event e where e.facility_id = $1
         and e.encounter_id = w.encounter_id and e.number = w.number order by e.sequence desc limit 1) last
       where w.facility_id = $1 and w.encounter_id = any($2::uuid[]) and last.type = any($3)),
     told as (
       insert into claim_event (facility_id, encounter_id, number, sequence, type, at, cause, attempt)
       select $1, encounter_id, number, sequence + 1, 'notSigned', $4, $5, attempt from waiting
       where type <> 'notSigned' or cause <> $5)
     update export_work w set not_before = $6 from waiting
     where w.facility_id = $1 and w.encounter_id = waiting.encounter_id returning w.encounter_id as id`,
    [facilityId, locked.map((row) => row.id), SIGNABLE, at, cause, notBefore],
  );
  return rows.length;
}
