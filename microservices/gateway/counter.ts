import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 60;

/** What one request did to a counter: the requests left in this minute, and the seconds until it is over. */
export interface Count {
  policy: string;
  quota: number;
  windowSeconds: number;
  allowed: boolean;
  left: number;
  secondsUntilReset: number;
}

/** Counts requests a minute, by a key: a network, a caller. */
export interface Counter {
  count(key: string): Promise<Count>;
  /** The count as it stands, without counting. */
  look(key: string): Promise<Count>;
  isUsedUp(key: string): Promise<boolean>;
}

/**
 * A counter in this process's memory that allows `quota` requests a minute; `policy` is its name in the RateLimit
 * headers.
 */
export const createCounter = (policy: string, quota: number): Counter => {
  const limiter = new RateLimiterMemory({ points: quota, duration: WINDOW_SECONDS });
  const countOf = (state: RateLimiterRes | null, allowed: boolean): Count => ({
    policy,
    quota,
    windowSeconds: WINDOW_SECONDS,
    allowed,
    left: state?.remainingPoints ?? quota,
    secondsUntilReset: Math.max(1, Math.ceil((state?.msBeforeNext ?? 0) / 1_000)),
  });
  const isOver = (state: RateLimiterRes | null): boolean => (state?.consumedPoints ?? 0) >= quota;
  return {
    count: async (key) => {
      try {
        return countOf(await limiter.consume(key), true);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return countOf(refusal, false);
        throw refusal;
      }
    },
    look: async (key) => {
      const state = await limiter.get(key);
      return countOf(state, !isOver(state));
    },
    isUsedUp: async (key) => isOver(await limiter.get(key)),
  };
};
