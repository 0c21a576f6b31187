import { readSettlements } from '../billing/index.ts';
import { readVisits, selectingDate, type VisitRecord } from '../encounters/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import type { LocalDate } from '../platform/dates.ts';
import { type Id, sha256 } from '../platform/ids.ts';
import { type ClaimChoices, DEFAULT_CHOICES } from './choices.ts';
import type { NewClaim } from './claim.repo.ts';
import { sameAsBuilt } from './compare.ts';
import { writtenEditionOn } from './editions.ts';
import { ClaimReadError, ClaimWriteError, placeText } from './errors.ts';
import { buildClaimFile } from './files.ts';
import { packDocument } from './pack.ts';
import { projectClaim } from './project.ts';
import type { ClaimSnapshot } from './snapshot.ts';
import type { ClaimTables } from './tables.ts';

export interface BuiltClaim extends NewClaim {
  readonly bytes: Buffer;
  /** What stands in the file. */
  readonly tables: ClaimTables;
}

/** Why a visit could not be made into a claim: a task for a person. `details.place` says where in the tables. */
export interface Obstacle {
  readonly encounterId: Id;
  readonly claimKey: string;
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
  return withSettlements(tx, facilityId, await readVisits(tx, facilityId, encounterIds));
}

/** The snapshots of visits that were read already. */
export async function withSettlements(
  tx: Transaction,
  facilityId: Id,
  visits: readonly VisitRecord[],
): Promise<ClaimSnapshot[]> {
  const settlements = await readSettlements(
    tx,
    facilityId,
    visits.map(({ encounter }) => encounter.id),
  );
  return visits.map((visit) => ({ visit, settlement: settlements.get(visit.encounter.id) ?? null }));
}

/**
 * Builds the file of one settled visit, in the edition of the day on which it ended, and reads it back before anyone may store it.
 * @param choices how it is read where the sources of the tables disagree
 * @param madeOn the day that stands in the file; the same day gives the same bytes
 */
export function buildClaim(
  snapshot: ClaimSnapshot,
  madeOn: LocalDate,
  number: number,
  reason: string,
  choices: ClaimChoices = DEFAULT_CHOICES,
): BuiltClaim | Obstacle {
  const { visit, settlement } = snapshot;
  const { id: encounterId, claimKey } = visit.encounter;
  const settlementVersion = settlement?.version ?? 0;
  const obstacle = (why: string, details: Obstacle['details'] = {}): Obstacle => ({
    encounterId,
    claimKey,
    settlementVersion,
    reason: why,
    details,
  });
  if (!settlement) return obstacle('not-settled');
  const day = selectingDate('codeLists', visit.encounter);
  const edition = writtenEditionOn(day);
  if (!edition) return obstacle('no-edition', { day });
  try {
    const tables = projectClaim(snapshot, { edition, choices });
    const bytes = buildClaimFile([tables], { facilityCode: visit.facility.code, madeOn }, edition);
    if (!sameAsBuilt(bytes, [tables], edition)) return obstacle('reads-back-differently');
    return {
      encounterId,
      claimKey,
      number,
      reason,
      settlementVersion,
      edition,
      sha256: sha256(bytes),
      size: bytes.length,
      compressed: packDocument(bytes),
      bytes,
      tables,
    };
  } catch (error) {
    if (error instanceof ClaimWriteError || error instanceof ClaimReadError)
      return obstacle(error.finding, { place: placeText(error.place), ...error.values });
    throw error;
  }
}

export function isObstacle(result: BuiltClaim | Obstacle): result is Obstacle {
  return !('bytes' in result);
}
