import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayAccount } from './account.ts';
import type { Token } from './answer.ts';
import type { Decision, Failure } from './classify.ts';

/** What became of a wish for a token: the token, or the decision that explains why there is none. */
export interface TokenAttempt {
  readonly token: Token | null;
  readonly decision: Decision;
  readonly failure: Failure | null;
  readonly leftFrom: string | null;
  readonly raw: TokenAnswer;
}

/** The token call's answer with its secrets taken out: it goes into logs and tables. */
interface TokenAnswer {
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly rawAnswer: string | null;
}

export interface TokenCache {
  /** The token in hand, or a new one. */
  get(account: GatewayAccount): Promise<TokenAttempt>;
  /** A token other than `refused`: the one somebody else took meanwhile, or a new one. */
  replace(account: GatewayAccount, refused: Token): Promise<TokenAttempt>;
}

export interface SharedToken {
  readonly token: Token;
  readonly renewAtMs: number;
}

/**
 * Where processes that leave from one address share their tokens: one of them takes a token, the others use it. Nobody
 * knows whether a new token ends the one before; two processes that each take their own could end each other's for ever.
 */
export interface TokenShelf {
  /** What lies there, and whether it is our turn to take a new one; who has no turn waits for who has. */
  look(
    account: GatewayAccount,
  ): Promise<{ readonly shared: SharedToken | null; readonly isOurTurn: boolean }>;
  /** Ends our turn. @param shared null = none was to be had */
  put(account: GatewayAccount, shared: SharedToken | null): Promise<void>;
}

const LOOK_EVERY_MS = 200;
/** A turn is over by itself a little before: whoever had it is gone. */
const MOST_LOOKS = 150;

/** Renewed this long before its end, so that a call in flight does not outlive it. */
const RENEW_EARLY_MS = 60_000;
/**
 * A new token is used at least this long even if our clock says it is over: with a clock that runs ahead we would
 * otherwise take a token per call. A token that is really over shows itself as 401 and is replaced once.
 */
const USED_AT_LEAST_MS = 60_000;

interface Entry {
  readonly attempt: TokenAttempt;
  readonly renewAtMs: number;
}

/**
 * One token per account; whoever asks while one is being taken waits for that one (at most one call in flight per
 * account). Failures are shared with those who waited but not kept.
 */
export function createTokenCache(
  take: (account: GatewayAccount) => Promise<TokenAttempt>,
  nowMs: () => number,
  shelf: TokenShelf | null = null,
): TokenCache {
  const kept = new Map<string, Entry>();
  const inFlight = new Map<string, Promise<TokenAttempt>>();
  // The password is part of the key: a token of the old one is not evidence for the new one.
  const keyOf = (account: GatewayAccount) => `${account.username}\n${account.passwordMd5}`;

  async function renew(account: GatewayAccount, key: string, refused: Token | null): Promise<TokenAttempt> {
    const attempt = await (shelf ? takeInTurn(shelf, account, refused) : take(account));
    if (attempt.token === null) kept.delete(key);
    else kept.set(key, { attempt, renewAtMs: renewalTime(attempt.token, nowMs()) });
    return attempt;
  }

  async function takeInTurn(
    on: TokenShelf,
    account: GatewayAccount,
    refused: Token | null,
  ): Promise<TokenAttempt> {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      // A shelf that cannot be reached is no reason to send nothing.
      const seen = await on.look(account).catch(() => null);
      if (!seen) break;
      const { shared, isOurTurn } = seen;
      if (shared && shared.token.accessToken !== refused?.accessToken && nowMs() < shared.renewAtMs) {
        if (isOurTurn) await on.put(account, shared).catch(() => undefined);
        return takenBefore(shared.token);
      }
      if (isOurTurn) {
        const attempt = await take(account);
        const { token } = attempt;
        const taken = token && { token, renewAtMs: renewalTime(token, nowMs()) };
        await on.put(account, taken).catch(() => undefined);
        return attempt;
      }
      await sleep(LOOK_EVERY_MS);
    }
    return take(account);
  }

  function fresh(account: GatewayAccount, key: string, refused: Token | null = null): Promise<TokenAttempt> {
    let pending = inFlight.get(key);
    if (!pending) {
      pending = renew(account, key, refused).finally(() => inFlight.delete(key));
      inFlight.set(key, pending);
    }
    return pending;
  }

  return {
    async get(account) {
      const key = keyOf(account);
      const entry = kept.get(key);
      return entry && nowMs() < entry.renewAtMs ? entry.attempt : fresh(account, key);
    },
    async replace(account, refused) {
      const key = keyOf(account);
      const entry = kept.get(key);
      if (entry && entry.attempt.token !== refused && !inFlight.has(key)) return entry.attempt;
      return fresh(account, key, refused);
    },
  };
}

const takenBefore = (token: Token): TokenAttempt => ({
  token,
  decision: { rule: 'token-taken', outcome: 'received', next: 'done', retryAfterSeconds: null },
  failure: null,
  leftFrom: null,
  raw: { httpStatus: null, code: null, message: null, rawAnswer: null },
});

function renewalTime(token: Token, nowMs: number): number {
  const early = (token.expiresAtMs ?? nowMs) - RENEW_EARLY_MS;
  return Math.max(early, nowMs + USED_AT_LEAST_MS);
}
