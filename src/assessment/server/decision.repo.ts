import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';

export type Decision = 'accepted' | 'falsePositive' | 'reopened';

/** Of `finding f`: a person let it stand, for the value that it shows today; another value is another matter. */
export const IS_LET_STAND = `coalesce((select d.decision <> 'reopened' from finding_decision d
  where d.facility_id = f.facility_id and d.encounter_id = f.encounter_id and d.finding_key = f.key
    and d.value_hash = f.value_hash order by d.decided_at desc limit 1), false)`;

export interface OpenFinding {
  readonly rule: string;
  readonly valueHash: string;
  readonly isLetStand: boolean;
}

/** The finding as it stands open, and held until the transaction ends so that two people do not decide at once. */
export async function lockFinding(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  key: string,
): Promise<OpenFinding | undefined> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 8))', [`${encounterId} ${key}`]);
  const [found] = await tx.query<OpenFinding>(
    `select f.rule, f.value_hash as "valueHash", ${IS_LET_STAND} as "isLetStand" from finding f
     where f.facility_id = $1 and f.encounter_id = $2 and f.key = $3 and f.cleared_at is null`,
    [facilityId, encounterId, key],
  );
  return found;
}

export async function insertDecision(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  key: string,
  decided: {
    readonly valueHash: string;
    readonly decision: Decision;
    readonly reason: string;
    readonly by: Id;
    readonly at: string;
  },
): Promise<void> {
  await tx.query(
    `insert into finding_decision (facility_id, encounter_id, finding_key, value_hash, decision, reason, decided_by, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      facilityId,
      encounterId,
      key,
      decided.valueHash,
      decided.decision,
      decided.reason,
      decided.by,
      decided.at,
    ],
  );
}

/** How many findings keep the claim of each of these visits from being sent; visits with none are absent. */
export async function blockedVisits(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
): Promise<Map<Id, number>> {
  const rows = await tx.query<{ id: Id; n: number }>(
    `select f.encounter_id as id, count(*)::int as n from finding f
     where f.facility_id = $1 and f.encounter_id = any($2::uuid[]) and f.cleared_at is null and f.effect = 'block'
       and not ${IS_LET_STAND} group by 1`,
    [facilityId, encounterIds],
    'blocked-visits',
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}
