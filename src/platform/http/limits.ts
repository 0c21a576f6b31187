import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problem.ts';

const WINDOW_S = 60;

/** So many calls a minute for one key, counted in this process: with several, each counts its own. */
export interface RateLimit {
  /** @returns headers that say how much is left @throws Problem `too-many-requests` */
  take(key: string): Promise<Readonly<Record<string, string>>>;
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
        return headers(await limiter.consume(key));
      } catch (state) {
        if (!(state instanceof RateLimiterRes)) throw state;
        throw new Problem('too-many-requests', { seconds: Math.ceil(state.msBeforeNext / 1000) });
      }
    },
  };
}
