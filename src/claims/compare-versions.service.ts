import type { Transaction } from '../platform/database/index.ts';
import { type ClaimKey, findDocument } from './claim.repo.ts';
import { compareVersions, type VersionComparison } from './compare-versions.ts';
import { documentBytes } from './pack.ts';
import { readClaimFile } from './reader.ts';
import type { ClaimTables } from './tables.ts';

/** What a stored version says; undefined when there is none of that number. */
export async function tablesOfVersion(tx: Transaction, key: ClaimKey): Promise<ClaimTables | undefined> {
  const document = await findDocument(tx, key);
  return document && readClaimFile(documentBytes(document.compressed)).records[0];
}

/** What changed from one stored version to another; undefined when one of them is not there. */
export async function compareStored(
  tx: Transaction,
  { facilityId, encounterId }: Omit<ClaimKey, 'number'>,
  from: number,
  to: number,
): Promise<VersionComparison | undefined> {
  const older = await tablesOfVersion(tx, { facilityId, encounterId, number: from });
  const newer = await tablesOfVersion(tx, { facilityId, encounterId, number: to });
  return older && newer && compareVersions(older, newer);
}
