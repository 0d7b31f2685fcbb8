import { createHash } from 'node:crypto';
import { isApiKey, type Authenticate } from '../chassis/auth/authenticate.ts';
import type { Caller } from '../chassis/auth/caller.ts';
import { Problem } from '../chassis/problem.ts';
import type { Counter } from './counter.ts';

type SignedIn = Exclude<Caller, { kind: 'anonymous' }>;

/**
 * Whom a request is counted for: a caller who is known, nobody in particular, or somebody who tried too many wrong
 * credentials.
 */
export type Recognized = SignedIn | 'nobody' | 'refused';

/** Milliseconds until a credential that was right is checked again. */
const FRESH_MS = 60_000;
const REMEMBERED = 10_000;

/**
 * Tells right credentials from made-up ones. Wrong ones count against their network on a counter of their own. Once
 * that is used up, API keys that were not right before are refused unchecked, because a check may cost a query. All
 * others stay undisturbed, whoever shares their address.
 */
export const recognizer = (authenticate: Authenticate, failures: Counter) => {
  const known = new Map<string, { caller: SignedIn; at: number }>();

  const remember = (print: string, caller: SignedIn): void => {
    known.delete(print);
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
    known.set(print, { caller, at: Date.now() });
  };

  return async (authorization: string | undefined, network: string): Promise<Recognized> => {
    if (!authorization) return 'nobody';
    const print = createHash('sha256').update(authorization).digest('base64url');
    const before = known.get(print);
    if (before && Date.now() - before.at < FRESH_MS) return before.caller;
    if (!before && isApiKey(authorization) && (await failures.isUsedUp(network))) return 'refused';
    try {
      const caller = await authenticate(authorization);
      if (caller.kind === 'anonymous') return 'nobody';
      remember(print, caller);
      return caller;
    } catch (error) {
      known.delete(print);
      // Anything else than 401 means that keys cannot be checked now: the service says so itself.
      if (!(error instanceof Problem && error.status === 401)) return 'nobody';
      return (await failures.count(network)).allowed ? 'nobody' : 'refused';
    }
  };
};
