import {
  type AssessedClaim,
  type Assessing,
  blockingOf,
  type Decision,
  type Here,
  judgeClaims,
  type Kept,
  keepAssessments,
  keepFindings,
  type Surroundings,
} from '../assessment/server.ts';
import { type BuiltClaim, type ClaimSnapshot, isObstacle, type Obstacle } from '../claims/index.ts';
import type { Transaction } from '../platform/database/index.ts';

/** What was read of the visits of a chunk, beside the visits themselves. */
interface Read {
  readonly snapshots: readonly ClaimSnapshot[];
  readonly surroundings: Surroundings;
  readonly decisions: readonly Decision[];
}

interface HeldOrNot extends AssessedClaim {
  /** What keeps it from being sent. */
  readonly blocking: readonly Kept[];
}

/** Claims to be sent, what stands in the way of the others, and what the rules said of all of them. */
export interface JudgedClaims {
  readonly claims: readonly BuiltClaim[];
  readonly obstacles: readonly Obstacle[];
  readonly assessed: readonly HeldOrNot[];
}

/** Pure: built claims against all rules. A finding that blocks makes an obstacle of its record, and of that alone. */
export function judgedClaims(
  assessing: Assessing,
  here: Here,
  { snapshots, surroundings, decisions }: Read,
  results: readonly (BuiltClaim | Obstacle)[],
): JudgedClaims {
  const bySnapshot = new Map(snapshots.map((snapshot) => [snapshot.visit.encounter.id, snapshot]));
  const built = results.filter((result): result is BuiltClaim => !isObstacle(result));
  const whole = built.map(({ encounterId, tables }) => ({ snapshot: bySnapshot.get(encounterId)!, tables }));
  const assessed = judgeClaims(assessing, here, 'export', whole, surroundings).map((one) => ({
    ...one,
    blocking: blockingOf(one.assessed, decisions),
  }));
  const held = new Map(
    assessed.filter(({ blocking }) => blocking.length > 0).map((one) => [one.assessed.encounterId, one]),
  );
  return {
    claims: built.filter(({ encounterId }) => !held.has(encounterId)),
    obstacles: [
      ...results.filter(isObstacle),
      ...built.flatMap((claim) => {
        const found = held.get(claim.encounterId);
        return found ? [obstacleOf(claim, found.blocking)] : [];
      }),
    ],
    assessed,
  };
}

/** Why a claim is set aside that findings keep back. */
export const KEPT_BY_FINDINGS = 'findings';
/** So many rules are named; the list of findings has them all. */
const RULES_NAMED = 5;

function obstacleOf(
  { encounterId, claimKey, settlementVersion }: BuiltClaim,
  blocking: readonly Kept[],
): Obstacle {
  const rules = [...new Set(blocking.map(({ rule }) => rule))];
  const named = rules.slice(0, RULES_NAMED).join(', ') + (rules.length > RULES_NAMED ? ' …' : '');
  return {
    encounterId,
    claimKey,
    settlementVersion,
    reason: KEPT_BY_FINDINGS,
    details: { count: blocking.length, rules: named },
  };
}

/** Claims with the cause of their `checked`: how much was found in each, and how much of it a person let stand. */
export function withCounts(
  claims: readonly BuiltClaim[],
  assessed: readonly AssessedClaim[],
): (BuiltClaim & { readonly checked: string })[] {
  const found = new Map(assessed.map((one) => [one.assessed.encounterId, one.assessed.findings]));
  return claims.map((claim) => {
    const findings = found.get(claim.encounterId) ?? [];
    const letStand = findings.filter(({ effect }) => effect === 'block').length;
    return { ...claim, checked: `findings=${findings.length} letStand=${letStand}` };
  });
}

/** In the transaction that stores the claims: what was found, and that these were assessed. */
export async function keepAssessed(
  tx: Transaction,
  here: Here,
  assessed: readonly HeldOrNot[],
  at: Date,
): Promise<void> {
  await keepFindings(tx, here, assessed, at);
  await keepAssessments(tx, here, assessed, at);
}
