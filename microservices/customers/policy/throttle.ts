/** Tries after which one has to wait, longer each time. Times in milliseconds. */
export interface WaitingRule {
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

/** At most so many in a window of time. */
export interface WindowRule {
  most: number;
  windowMs: number;
}

export type ThrottleRule = WaitingRule | WindowRule;

/**
 * Passwords for one account from one network or known device: five, then half a minute, a minute, … an hour. A success
 * forgets them.
 */
export const PASSWORD_RULE: WaitingRule = {
  free: 5,
  forgetAfter: 24 * HOUR,
  firstWait: MINUTE / 2,
  longestWait: HOUR,
};

/** Wrong passwords for one account from all networks that are not known to it: many places may guess together. */
export const ACCOUNT_RULE: WaitingRule = { ...PASSWORD_RULE, free: 50 };

/** Codes that one network lets send to one address. */
export const CODE_RULE: WindowRule = { most: 5, windowMs: HOUR };

/** Codes to one address that all networks together let send, so that nobody's mailbox is flooded. */
export const MAILBOX_RULE: WindowRule = { most: 20, windowMs: HOUR };

/** Codes that one account lets send, to whatever addresses. */
export const SENDER_RULE: WindowRule = { most: 5, windowMs: HOUR };

/** Codes that may be typed from one network. */
export const TYPING_RULE: WindowRule = { most: 60, windowMs: HOUR };

export const perHour = (most: number): WindowRule => ({ most, windowMs: HOUR });

export interface Tries {
  attempts: number;
  /** The last try, or the first one of a window. Milliseconds since 1970. */
  lastAt: number;
  blockedUntil: number | null;
}
export type Admission = { admitted: true; tries: Tries } | { admitted: false; retryAfterSeconds: number };

/**
 * Counts a try before it is made, so that tries at the same time cannot slip through together. Refused tries are not
 * counted: who keeps trying does not lock an account for ever.
 */
export const admit = (rule: ThrottleRule, tries: Tries, now: number): Admission =>
  'most' in rule ? admitInWindow(rule, tries, now) : admitWaiting(rule, tries, now);

const admitInWindow = ({ most, windowMs }: WindowRule, { attempts, lastAt }: Tries, now: number): Admission => {
  if (now - lastAt >= windowMs) return { admitted: true, tries: { attempts: 1, lastAt: now, blockedUntil: null } };
  if (attempts >= most) return refusedUntil(lastAt + windowMs, now);
  return { admitted: true, tries: { attempts: attempts + 1, lastAt, blockedUntil: null } };
};

const admitWaiting = (rule: WaitingRule, tries: Tries, now: number): Admission => {
  if (tries.blockedUntil !== null && now < tries.blockedUntil) return refusedUntil(tries.blockedUntil, now);
  const attempts = (now - tries.lastAt >= rule.forgetAfter ? 0 : tries.attempts) + 1;
  const over = attempts - rule.free;
  const wait = over < 0 ? null : Math.min(rule.longestWait, rule.firstWait * 2 ** Math.min(over, 30));
  return { admitted: true, tries: { attempts, lastAt: now, blockedUntil: wait === null ? null : now + wait } };
};

const refusedUntil = (until: number, now: number): Admission => ({
  admitted: false,
  retryAfterSeconds: Math.ceil((until - now) / 1000),
});
