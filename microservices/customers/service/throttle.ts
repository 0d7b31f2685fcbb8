import type { Context, Failures } from '../context.ts';
import type { Customer } from '../contract/values.ts';
import { admit, CODE_RULE, type ThrottleRule } from '../policy/throttle.ts';
import { lockTries, saveTries } from '../store/throttle.ts';

type TooManyAttempts = Pick<Failures<'signIn'>, 'TOO_MANY_ATTEMPTS'>;

/**
 * Counts a try and lets it through, or throws 429. In a transaction of its own, before the try: tries at the same time are counted one
 * after the other, and a try that is undone stays counted.
 */
export const countTry = async (
  context: Context,
  rule: ThrottleRule,
  key: string,
  errors: TooManyAttempts,
): Promise<void> => {
  const now = context.now();
  const admission = await context.database.transaction(async (tx) => {
    const row = await lockTries(tx, key, now);
    const tries = {
      attempts: row.attempts,
      lastAt: Date.parse(row.lastAt),
      blockedUntil: row.blockedUntil === null ? null : Date.parse(row.blockedUntil),
    };
    const decided = admit(rule, tries, now.getTime());
    if (decided.admitted) await saveTries(tx, key, decided.tries);
    return decided;
  });
  if (admission.admitted) return;
  const { retryAfterSeconds } = admission;
  const problem = errors.TOO_MANY_ATTEMPTS(`There were too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
  problem.headers['retry-after'] = String(retryAfterSeconds);
  throw problem;
};

/** Limits how many codes go to an address, before anything else happens. */
export const countCode = (context: Context, email: string, errors: TooManyAttempts): Promise<void> =>
  countTry(context, CODE_RULE, context.secrets.throttleKey('code', email), errors);

/** The keys under which tries to sign in to a customer are counted. */
export const signInKeys = ({ secrets }: Context, { email, phone }: Customer): string[] =>
  [email, phone].filter((name) => name !== null).map((name) => secrets.throttleKey('sign-in', name));
