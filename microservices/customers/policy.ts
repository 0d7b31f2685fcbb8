/** What a customer can be, and what can happen to one. */
export type CustomerState = 'active' | 'disabled' | 'merged' | 'erased';
export type CustomerEvent = 'change' | 'disable' | 'enable' | 'merge_into_another' | 'erase';

/** Every move there is: from → event → to. What is not here is refused. */
export const TRANSITIONS: Record<CustomerState, Partial<Record<CustomerEvent, CustomerState>>> = {
  active: { change: 'active', disable: 'disabled', merge_into_another: 'merged', erase: 'erased' },
  disabled: { change: 'disabled', enable: 'active', merge_into_another: 'merged', erase: 'erased' },
  merged: { erase: 'erased' },
  erased: {},
};

export type Move = { ok: true; to: CustomerState } | { ok: false; state: CustomerState; allowed: CustomerEvent[] };

/** Applies the table: the new state, or what would have been allowed. */
export const move = (state: CustomerState, event: CustomerEvent): Move => {
  const to = TRANSITIONS[state][event];
  if (to) return { ok: true, to };
  return { ok: false, state, allowed: (Object.keys(TRANSITIONS[state]) as CustomerEvent[]).toSorted() };
};

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

const FEWEST_DIFFERENT_CHARACTERS = 5;
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertzuiopasdfghjkl', 'qwertyuiopasdfghjkl'];

/**
 * Why a password is refused, as a sentence, or undefined. By NIST SP 800-63B: no rules about kinds of characters, but nothing that a
 * guesser tries first: little variety, keyboard runs, the person's own name or address.
 */
export const passwordWeakness = (
  password: string,
  personal: readonly (string | null | undefined)[],
): string | undefined => {
  const folded = password.normalize('NFKC').toLowerCase();
  if (new Set(folded).size < FEWEST_DIFFERENT_CHARACTERS) {
    return `This password has fewer than ${FEWEST_DIFFERENT_CHARACTERS} different characters. Choose one with more variety.`;
  }
  if (RUNS.some((run) => run.includes(folded) || run.split('').toReversed().join('').includes(folded))) {
    return 'This password is a run of neighbouring keys or letters. Choose another.';
  }
  const own = personal.flatMap(wordsOf).find((word) => folded.includes(word) && word.length * 2 >= folded.length);
  if (own) return 'Most of this password is your own name, e-mail address or phone number. Choose another.';
  return undefined;
};

const wordsOf = (value: string | null | undefined): string[] => {
  if (!value) return [];
  const folded = value.normalize('NFKC').toLowerCase();
  return [folded, ...folded.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length >= 4);
};

export type ConsentReason = 'granted' | 'never_decided' | 'withdrawn' | 'customer_not_active' | 'email_not_verified';

export interface ConsentQuestion {
  customerState: CustomerState;
  emailVerified: boolean;
  channel: string;
  /** The last decision, if there was one. */
  decision: { granted: boolean } | undefined;
  /** The shop asks for a verified address before it believes a consent to e-mail. */
  doubleOptIn: boolean;
}

/** Whether a message may be sent; everything but `granted` means no. */
export const consentReason = (question: ConsentQuestion): ConsentReason => {
  if (question.customerState !== 'active') return 'customer_not_active';
  if (!question.decision) return 'never_decided';
  if (!question.decision.granted) return 'withdrawn';
  if (question.doubleOptIn && question.channel === 'email' && !question.emailVerified) return 'email_not_verified';
  return 'granted';
};

/** Whether an erasure is done: every service named has acknowledged. */
export const isErasureComplete = (services: readonly { acknowledgedAt: string | null }[]): boolean =>
  services.every((service) => service.acknowledgedAt !== null);
