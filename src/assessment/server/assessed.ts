import type { Id } from '../../platform/ids.ts';
import { type Judged, judged } from '../exemption.ts';
import { findingKey, valueHash } from '../finding.ts';
import type { InForce } from '../in-force.ts';
import type { Claim, Finding, Stage } from '../rule.ts';
import { isDue } from '../stages.ts';

/** A finding as it is stored and shown. */
export interface Kept extends Judged {
  /** By which it is known again, its own within the visit. */
  readonly key: string;
  readonly valueHash: string;
}

/** What a run made of one visit. */
export interface Assessed {
  readonly encounterId: Id;
  readonly patientId: Id;
  /** Of the visit, as it was judged. */
  readonly visitVersion: number;
  readonly stage: Stage;
  readonly rulesHash: string;
  /** Ids of the rules that spoke or were silent: of no other was anything looked for. */
  readonly asked: ReadonlySet<string>;
  /** What only counts is among them. */
  readonly findings: readonly Kept[];
}

/**
 * What was found, as the rules are set where and when the claim belongs: without what is exempt, what cannot be known
 * yet, and what a rule says of which nobody asked. Two findings of one rule in equal rows are told apart by their turn.
 */
export function keptFindings(
  findings: readonly Finding[],
  { claim, inForce, stage, speaks }: Judging,
): readonly Kept[] {
  const turns = new Map<string, number>();
  return judged(
    findings.filter((one) => speaks(one.rule) && isDue(one, stage, claim)),
    inForce.byId,
    claim,
  ).map((one) => {
    const key = findingKey(one);
    const turn = (turns.get(key) ?? 0) + 1;
    turns.set(key, turn);
    return { ...one, key: turn === 1 ? key : `${key}.${turn}`, valueHash: valueHash(one) };
  });
}

export interface Judging {
  readonly claim: Claim;
  readonly inForce: InForce;
  readonly stage: Stage;
  readonly speaks: (rule: string) => boolean;
}
