import type { Id } from '../platform/ids.ts';

/** Why somebody must look at a settled visit once more. */
export type TaskKind =
  | 'late-result'
  | 'late-card'
  | 'late-referral'
  | 'late-other'
  /** The fund pays nothing any more, but an earlier claim may stand at the insurer, whom only a person can ask to drop it. */
  | 'claim-without-visit';

export type ClosedAs = 'settled-again' | 'no-change' | 'elsewhere';

export interface NewTask {
  readonly encounterId: Id;
  readonly kind: TaskKind;
  readonly note: string;
  /** What came late, as it was sent; nothing of it is in the visit. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface BillingTask extends NewTask {
  readonly id: Id;
  readonly claimKey: string;
  readonly encounterState: 'open' | 'discharged' | 'settled';
  readonly createdAt: string;
  readonly createdBy: Id;
  readonly closedAt: string | null;
  readonly closedBy: Id | null;
  readonly outcome: ClosedAs | null;
  readonly closingNote: string | null;
}
