import { appendEvent, type ClaimKey, type VersionRow } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';

/** Says of earlier versions, in the transaction that says `received` of a later one, that it replaced them. */
export async function appendReplaced(
  tx: Transaction,
  { facilityId, encounterId, number }: ClaimKey,
  versions: readonly VersionRow[],
  replaced: readonly number[],
  now: Date,
): Promise<void> {
  for (const one of versions.filter((version) => replaced.includes(version.number))) {
    const { types, attempt, documentKind, documentSha256 } = one;
    await appendEvent(
      tx,
      { facilityId, encounterId, number: one.number },
      {
        sequence: types.length + 1,
        type: 'replaced',
        at: now.toISOString(),
        cause: `version-${number}-received`,
        attempt,
        documentKind,
        documentSha256,
      },
    );
  }
}
