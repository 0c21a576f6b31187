import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problem.ts';

const WINDOW_S = 60;

/** So many calls a minute for one key, counted in this process: with several, each counts its own. */
export interface RateLimit {
  take(key: string): Promise<Taken>;
}

export interface Taken {
  /** How much is left; they go out with a refusal, too. */
  readonly headers: Readonly<Record<string, string>>;
  /** `too-many-requests` when it was one call too many. */
  readonly refusal: Problem | null;
}

/** Header fields as in the IETF draft "RateLimit header fields for HTTP", 9th edition. */
export function createRateLimit(name: string, perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S });
  const headers = (state: RateLimiterRes) => ({
    'RateLimit-Policy': `"${name}";q=${perMinute};w=${WINDOW_S}`,
    RateLimit: `"${name}";r=${Math.max(0, state.remainingPoints)};t=${Math.ceil(state.msBeforeNext / 1000)}`,
  });
  return {
    async take(key) {
      try {
        return { headers: headers(await limiter.consume(key)), refusal: null };
      } catch (state) {
        if (!(state instanceof RateLimiterRes)) throw state;
        const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
        return { headers: headers(state), refusal: new Problem('too-many-requests', { seconds }) };
      }
    },
  };
}
