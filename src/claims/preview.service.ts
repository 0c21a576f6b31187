import type { Transaction } from '../platform/database/index.ts';
import type { Id } from '../platform/ids.ts';
import { readSnapshots } from './build.service.ts';
import type { ClaimChoices } from './choices.ts';
import type { EditionId } from './editions.ts';
import { editionFor, projectClaim } from './project.ts';
import type { ClaimTables } from './tables.ts';

/** A claim as it would stand if it were made now. */
export interface ClaimPreview {
  readonly encounterId: Id;
  readonly claimKey: string;
  readonly edition: EditionId;
  /** Not settled: money and what is to come are empty. */
  readonly isDraft: boolean;
  readonly tables: ClaimTables;
}

/** Of a visit in any state; nothing is stored. @returns undefined when the facility has no such visit */
export async function previewClaim(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  choices: ClaimChoices,
): Promise<ClaimPreview | undefined> {
  const [snapshot] = await readSnapshots(tx, facilityId, [encounterId]);
  if (!snapshot) return undefined;
  const edition = editionFor(snapshot);
  const tables = projectClaim(snapshot, { edition, choices });
  const { claimKey } = snapshot.visit.encounter;
  const isDraft = snapshot.settlement === null;
  return { encounterId, claimKey, edition, isDraft, tables };
}
