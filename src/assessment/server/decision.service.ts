import { recordAudit } from '../../audit/index.ts';
import type { Transaction } from '../../platform/database/index.ts';
import type { Id } from '../../platform/ids.ts';
import { Problem } from '../../platform/problem.ts';
import { blockedVisits, type Decision, insertDecision, lockFinding } from './decision.repo.ts';

export interface Decided {
  readonly encounterId: Id;
  readonly key: string;
  readonly rule: string;
  readonly decision: Decision;
  readonly decidedAt: string;
  /** Findings that still keep the claim of the visit from being sent. */
  readonly blocking: number;
}

/**
 * A person lets a finding stand, as right and accepted or as no mistake at all, or takes that back. It holds for the
 * value that the finding shows: another one opens it again by itself.
 * @throws not-found; finding-not-decided when there is nothing to take back
 */
export async function decideOnFinding(
  tx: Transaction,
  facilityId: Id,
  encounterId: Id,
  key: string,
  { decision, reason }: { readonly decision: Decision; readonly reason: string },
  now: Date,
): Promise<Decided> {
  const found = await lockFinding(tx, facilityId, encounterId, key);
  if (!found) throw new Problem('not-found', { what: 'finding' });
  if (decision === 'reopened' && !found.isLetStand) throw new Problem('finding-not-decided');
  const decidedAt = now.toISOString();
  const { rule, valueHash } = found;
  const by = tx.context.userId;
  await insertDecision(tx, facilityId, encounterId, key, { valueHash, decision, reason, by, at: decidedAt });
  recordAudit(tx, {
    action: `finding.${decision}`,
    subjectType: 'encounter',
    subjectId: encounterId,
    detail: { rule, key },
    reason,
  });
  const blocking = (await blockedVisits(tx, facilityId, [encounterId])).get(encounterId) ?? 0;
  return { encounterId, key, rule, decision, decidedAt, blocking };
}
