import type { Obstacle } from '../claims/index.ts';
import type { PageEnd } from '../platform/cursor.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';

/** @returns how many this run had not set aside before: of two workers on one batch, each counts its own */
export async function setAside(
  tx: Transaction,
  facilityId: Id,
  runId: Id,
  at: string,
  obstacles: readonly Obstacle[],
): Promise<number> {
  if (obstacles.length === 0) return 0;
  const rows = await tx.query(
    `insert into export_obstacle (facility_id, encounter_id, claim_key, settlement_version, run_id, at, reason, details)
     select $1, "encounterId", "claimKey", "settlementVersion", $2, $3, reason, details
     from jsonb_to_recordset($4::jsonb) as r("encounterId" uuid, "claimKey" text, "settlementVersion" int, reason text, details jsonb)
     -- Reopened, or settled anew, while it was built: what was found then says nothing of what waits now.
     where exists (select from export_work w where w.facility_id = $1 and w.encounter_id = r."encounterId" and w.number = 0
       and w.settlement_version = r."settlementVersion" for update)
     on conflict (facility_id, encounter_id, settlement_version)
       do update set run_id = excluded.run_id, at = excluded.at, reason = excluded.reason, details = excluded.details
       where export_obstacle.run_id is distinct from excluded.run_id returning 1`,
    [facilityId, runId, at, JSON.stringify(obstacles)],
  );
  return rows.length;
}

export interface ObstacleView {
  readonly encounterId: Id;
  readonly facilityCode: string;
  readonly claimKey: string;
  readonly reason: string;
  /** Table, row and field, where the reason speaks of one. */
  readonly place: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly runId: Id | null;
}

/** Visits that could not be made into claims and wait for a person, newest first. */
export async function listObstacles(
  tx: Transaction,
  wanted: {
    readonly facilityId: Id | null;
    readonly runId?: Id;
    readonly after?: PageEnd | null;
    readonly limit: number;
  },
): Promise<ObstacleView[]> {
  return tx.query<ObstacleView>(
    `select o.encounter_id as "encounterId", f.code as "facilityCode", o.claim_key as "claimKey", o.reason,
       o.details->>'place' as place, o.details, to_json(o.at)#>>'{}' as at, o.run_id as "runId"
     from export_obstacle o join facility f on f.id = o.facility_id
     where ($1::uuid is null or o.facility_id = $1) and ($2::uuid is null or o.run_id = $2)
       and ($3::timestamptz is null or (o.at, o.encounter_id) < ($3, $4::uuid))
     order by o.at desc, o.encounter_id desc limit $5`,
    [
      wanted.facilityId,
      wanted.runId ?? null,
      wanted.after?.at ?? null,
      wanted.after?.id ?? null,
      wanted.limit,
    ],
  );
}

/** @returns the reasons of what stood in the way; none when nothing did */
export async function removeObstacles(tx: Transaction, facilityId: Id, encounterId: Id): Promise<string[]> {
  const rows = await tx.query<{ reason: string }>(
    'delete from export_obstacle where facility_id = $1 and encounter_id = $2 returning reason',
    [facilityId, encounterId],
  );
  return rows.map((row) => row.reason);
}

/** @returns the visits that were set aside for that reason */
export async function removeObstaclesOf(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
  reason: string,
): Promise<Id[]> {
  const rows = await tx.query<{ id: Id }>(
    `delete from export_obstacle where facility_id = $1 and encounter_id = any($2::uuid[]) and reason = $3
     returning encounter_id as id`,
    [facilityId, encounterIds, reason],
  );
  return [...new Set(rows.map(({ id }) => id))].toSorted();
}
