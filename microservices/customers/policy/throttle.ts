/** How often something may be tried before one has to wait, and how long. Times in milliseconds. */
export interface ThrottleRule {
  /** Tries that are let through before the first wait. */
  free: number;
  /** After this long without a try everything is forgotten. */
  forgetAfter: number;
  /** The first wait; each further try doubles it … */
  firstWait: number;
  /** … up to this. */
  longestWait: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Wrong passwords for one account: five, then half a minute, a minute, … an hour. A success forgets them. */
export const PASSWORD_RULE: ThrottleRule = {
  free: 5,
  forgetAfter: 24 * HOUR,
  firstWait: MINUTE / 2,
  longestWait: HOUR,
};

/** Codes sent to one address: five an hour, so that nobody's mailbox is flooded and no code is guessed by asking for many. */
export const CODE_RULE: ThrottleRule = { free: 5, forgetAfter: HOUR, firstWait: HOUR, longestWait: HOUR };

export interface Tries {
  attempts: number;
  /** Milliseconds since 1970. */
  lastAt: number;
  blockedUntil: number | null;
}
export type Admission = { admitted: true; tries: Tries } | { admitted: false; retryAfterSeconds: number };

/**
 * Counts a try before it is made, so that tries at the same time cannot slip through together. Refused tries are not counted: who
 * keeps trying does not lock an account for ever.
 */
export const admit = (rule: ThrottleRule, tries: Tries, now: number): Admission => {
  if (tries.blockedUntil !== null && now < tries.blockedUntil) {
    return { admitted: false, retryAfterSeconds: Math.ceil((tries.blockedUntil - now) / 1000) };
  }
  const attempts = (now - tries.lastAt >= rule.forgetAfter ? 0 : tries.attempts) + 1;
  const over = attempts - rule.free;
  const wait = over < 0 ? null : Math.min(rule.longestWait, rule.firstWait * 2 ** Math.min(over, 30));
  return { admitted: true, tries: { attempts, lastAt: now, blockedUntil: wait === null ? null : now + wait } };
};
