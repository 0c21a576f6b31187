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
