/**
 * How long a sign-in must wait after failures. It slows, it never locks: a ward keeps working. Three counts:
 * this account from this address; this account from addresses it never signed in from; this address for accounts that
 * never signed in from it (many names tried from one place). An address that the account knows is judged by the first
 * count alone, so nobody elsewhere, and no neighbour behind the same address, can keep a person out.
 */
export interface FailureCount {
  readonly failures: number;
  readonly lastAt: Date;
}

export interface Failures {
  readonly pair: FailureCount | null;
  readonly account: FailureCount | null;
  readonly address: FailureCount | null;
  readonly isKnownAddress: boolean;
}

export interface ThrottleLimits {
  /** Free failures before waiting begins. */
  readonly pair: number;
  readonly account: number;
  readonly address: number;
}

export const LIMITS: ThrottleLimits = { pair: 5, account: 20, address: 30 };
const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 300;
/** Old failures are forgotten. */
export const FORGET_AFTER_MS = 60 * 60_000;

/** Seconds still to wait; 0 = may try now. */
export function waitSeconds(found: Failures, now: Date, limits: ThrottleLimits = LIMITS): number {
  const pair = waitOf(found.pair, limits.pair, now);
  if (found.isKnownAddress) return pair;
  return Math.max(
    pair,
    waitOf(found.account, limits.account, now),
    waitOf(found.address, limits.address, now),
  );
}

function waitOf(count: FailureCount | null, free: number, now: Date): number {
  if (!count || count.failures < free) return 0;
  // A clock that was set back must not make anybody wait until it has caught up.
  const since = Math.abs(now.getTime() - count.lastAt.getTime()) / 1000;
  if (since * 1000 >= FORGET_AFTER_MS) return 0;
  const wait = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** Math.min(count.failures - free, 10));
  return Math.max(0, Math.ceil(wait - since));
}
