import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { type BatchCount, typesIn, type VersionCount } from './run-figures.ts';

export interface BatchRow extends BatchCount {
  readonly facilityId: Id;
  readonly facilityCode: string;
  readonly facilityName: string;
  readonly finished: boolean;
}

/** The parts of a run, by facility code. @param facilityId null = all of them */
export function readBatches(tx: Transaction, runId: Id, facilityId: Id | null): Promise<BatchRow[]> {
  return tx.query<BatchRow & Record<string, unknown>>(
    `select b.facility_id as "facilityId", f.code as "facilityCode", f.name as "facilityName",
       b.finished_at is not null as finished, b.found, b.built, b.set_aside as "setAside"
     from export_batch b join facility f on f.id = b.facility_id
     where b.run_id = $1 and ($2::uuid is null or b.facility_id = $2) order by f.code`,
    [runId, facilityId],
  );
}

/** Of `claim_version v`: its last event, and what it has been through. */
const SEEN = `cross join lateral (
    select (array_agg(e.type order by e.sequence desc))[1] as type, bool_or(e.type = 'signed') as signed,
      bool_or(e.type = 'sending') as sent
    from claim_event e where e.facility_id = v.facility_id and e.encounter_id = v.encounter_id and e.number = v.number) seen
  join settlement s on s.facility_id = v.facility_id and s.encounter_id = v.encounter_id
    and s.version = v.settlement_version`;

/** Versions that a run built, counted by facility and by how they stand. */
export function countVersions(
  tx: Transaction,
  runId: Id,
  facilityId: Id | null,
): Promise<(VersionCount & { readonly facilityId: Id })[]> {
  return tx.query<VersionCount & { facilityId: Id } & Record<string, unknown>>(
    `select v.facility_id as "facilityId", seen.type, seen.signed as "isSigned", seen.sent as "isSent",
       count(*)::int as count, sum(s.insurer_pays)::text as "insurerPays"
     from claim_version v ${SEEN}
     where v.run_id = $1 and ($2::uuid is null or v.facility_id = $2) group by 1, 2, 3, 4`,
    [runId, facilityId],
  );
}

/** A claim of a run that is not where it should be. */
export interface OpenClaim {
  readonly facilityCode: string;
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly number: number;
  readonly state: string;
  readonly cause: string;
  readonly resultCode: string | null;
  readonly insurerPays: string;
}

/** What a run built and the insurer has not received, by facility and claim key. */
export function openClaims(
  tx: Transaction,
  runId: Id,
  facilityId: Id | null,
  limit: number,
): Promise<OpenClaim[]> {
  return tx.query<OpenClaim & Record<string, unknown>>(
    `select f.code as "facilityCode", v.encounter_id as "encounterId", v.claim_key as "claimKey", v.number,
       last.type as state, last.cause, last.result_code as "resultCode", s.insurer_pays::text as "insurerPays"
     from claim_version v join facility f on f.id = v.facility_id
     cross join lateral (select e.type, e.cause, e.result_code from claim_event e where e.facility_id = v.facility_id
       and e.encounter_id = v.encounter_id and e.number = v.number order by e.sequence desc limit 1) last
     join settlement s on s.facility_id = v.facility_id and s.encounter_id = v.encounter_id
       and s.version = v.settlement_version
     where v.run_id = $1 and ($2::uuid is null or v.facility_id = $2) and last.type = any($3)
     order by f.code, v.claim_key, v.number limit $4`,
    [runId, facilityId, typesIn('waiting', 'refused', 'unknown', 'stopped'), limit],
  );
}
