import { appendEvent, type ClaimKey, type VersionRow } from '../claims/index.ts';
import type { DecisionRule } from '../gateway/index.ts';
import type { Transaction } from '../platform/database/index.ts';
import { type NotSent, nextOfNotSent } from './decide.ts';
import { readStanding } from './not-sent.repo.ts';
import { buildAnew, finishWork } from './work.repo.ts';

/**
 * What becomes of a version whose call certainly did not arrive, beside being tried again: its visit may have been
 * reopened while it was under way, or its signature be of a certificate that is not in use any more. Asked with the
 * visit's work locked, after `notSent` was written.
 */
export async function followNotSent(
  tx: Transaction,
  key: ClaimKey,
  versions: readonly VersionRow[],
  rule: DecisionRule,
  attempt: number,
  now: Date,
): Promise<NotSent> {
  const { facilityId, encounterId, number } = key;
  const { types } = versions.find((one) => one.number === number)!;
  const next = nextOfNotSent(types, rule, await readStanding(tx, key));
  if (next.may === 'again') return next.may;
  if (next.isWithdrawn)
    await appendEvent(tx, key, {
      sequence: types.length + 2,
      type: 'withdrawn',
      at: now.toISOString(),
      cause: next.may === 'rebuild' ? 'certificate-changed' : 'reopened',
      attempt,
    });
  if (next.may === 'rebuild') await buildAnew(tx, facilityId, encounterId, number, now.toISOString());
  else await finishWork(tx, facilityId, encounterId, number);
  return next.may;
}
