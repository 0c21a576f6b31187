import type { GatewayResult, SubmissionKind } from '../gateway/index.ts';

/** What is handed in beside claims and check-ins. */
export type PaperKind = Exclude<SubmissionKind, 'claim' | 'checkIn'>;

/**
 * The way of a paper; the database holds it. `unclear`: the insurer may have it or not. What it takes stays taken and it
 * knows no key of ours, so nothing moves on from there but by a person: `resend`, or `received` with the portal's number.
 */
export type PaperState =
  | 'built'
  | 'signed'
  | 'notSigned'
  | 'sending'
  | 'received'
  | 'refused'
  | 'unclear'
  | 'notSent'
  | 'resend'
  | 'withdrawn';

/** An answer of which the history has gone on: kept, and the paper stays where it is. */
export const LATE_ANSWER = 'lateAnswer';

/**
 * Is this outcome of a call what the paper is now?
 * @param since what was written after the call's `sending`, oldest first, without late answers to other calls
 */
export function isNews(since: readonly string[], outcome: PaperState): boolean {
  if (since.length === 0) return true;
  // Somebody gave the call up, and then it ended after all: what it came to is worth more than `unclear`.
  if (since[0] !== 'unclear' || outcome === 'unclear') return false;
  // A person has it sent again, and nobody has begun: what is there already is not sent.
  return since.length === 1 || (since.length === 2 && since[1] === 'resend' && outcome === 'received');
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
const STOPPED_PAUSE_MS = 60 * 60_000;

/** What a call to the gateway makes of a paper. A code that nobody knows is as unclear as no answer. */
export function stateAfter({ outcome, next }: Pick<GatewayResult, 'outcome' | 'next'>): PaperState {
  if (next === 'park') return 'unclear';
  switch (outcome) {
    case 'received':
    case 'refused':
      return outcome;
    case 'unknown':
      return 'unclear';
    default:
      return 'notSent';
  }
}

/** How long a paper that certainly did not arrive rests, in milliseconds; a facility that cannot send waits for a person. */
export function pauseAfter(
  result: Pick<GatewayResult, 'outcome' | 'retryAfterSeconds'>,
  attempts: number,
): number {
  if (result.outcome === 'stopFacility') return STOPPED_PAUSE_MS;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10), LONGEST_PAUSE_MS);
  return Math.max(pause, (result.retryAfterSeconds ?? 0) * 1000);
}
