import { gunzipSync, gzipSync } from 'node:zlib';
import { readSettlements } from '../billing/index.ts';
import { readVisits } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import type { NewClaim } from './claim.repo.ts';
import { sameAsBuilt } from './compare.ts';
import { CURRENT_EDITION } from './dictionary.ts';
import { ClaimReadError, ClaimWriteError } from './errors.ts';
import { buildClaimFile } from './files.ts';
import { projectClaim } from './project.ts';
import type { ClaimSnapshot } from './snapshot.ts';

export interface BuiltClaim extends NewClaim {
  readonly claimKey: string;
  readonly bytes: Buffer;
}

/** Why a visit could not be made into a claim: a task for a person. */
export interface Obstacle {
  readonly encounterId: Id;
  readonly settlementVersion: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Reads what the tables are projected from, for many visits in two statements. */
export async function readSnapshots(
  tx: Transaction,
  facilityId: Id,
  encounterIds: readonly Id[],
): Promise<ClaimSnapshot[]> {
  const visits = await readVisits(tx, facilityId, encounterIds);
  const settlements = await readSettlements(tx, facilityId, encounterIds);
  return visits.map((visit) => ({ visit, settlement: settlements.get(visit.encounter.id) ?? null }));
}

/**
 * Builds the file of one settled visit and reads it back before anyone may store it.
 * @param madeOn the day that stands in the file; the same day gives the same bytes
 */
export function buildClaim(
  snapshot: ClaimSnapshot,
  madeOn: LocalDate,
  number: number,
  reason: string,
): BuiltClaim | Obstacle {
  const { visit, settlement } = snapshot;
  const encounterId = visit.encounter.id;
  const settlementVersion = settlement?.version ?? 0;
  if (!settlement) return { encounterId, settlementVersion, reason: 'not-settled', details: {} };
  try {
    const tables = projectClaim(snapshot);
    const bytes = buildClaimFile([tables], { facilityCode: visit.facility.code, madeOn });
    if (!sameAsBuilt(bytes, [tables]))
      return { encounterId, settlementVersion, reason: 'reads-back-differently', details: {} };
    return {
      encounterId,
      claimKey: visit.encounter.claimKey,
      number,
      reason,
      settlementVersion,
      edition: CURRENT_EDITION,
      sha256: sha256(bytes),
      size: bytes.length,
      compressed: gzipSync(bytes, { level: 6 }),
      bytes,
    };
  } catch (error) {
    if (error instanceof ClaimWriteError || error instanceof ClaimReadError)
      return { encounterId, settlementVersion, reason: error.name, details: { message: error.message } };
    throw error;
  }
}

export function isObstacle(result: BuiltClaim | Obstacle): result is Obstacle {
  return !('bytes' in result);
}

export function documentBytes(compressed: Uint8Array): Buffer {
  return gunzipSync(compressed);
}
