import type { Caller } from '../../chassis/auth/caller.ts';
import { currentContext } from '../../chassis/context.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { networkOf } from '../../chassis/http/network.ts';
import { isLoopbackHost } from '../../chassis/http/this-machine.ts';
import type { Context, Failures } from '../context.ts';
import type { Customer } from '../contract/values.ts';
import {
  ACCOUNT_RULE,
  admit,
  CODE_RULE,
  MAILBOX_RULE,
  PASSWORD_RULE,
  perHour,
  SENDER_RULE,
  TYPING_RULE,
  type ThrottleRule,
  type Tries,
} from '../policy/throttle.ts';
import { findSession } from '../store/sessions.ts';
import { forgetTries, lockTries, saveTries, takeBackTry, type ThrottleRow } from '../store/throttle.ts';

type TooManyAttempts = Pick<Failures<'signIn'>, 'TOO_MANY_ATTEMPTS'>;

/** One limit that a try counts against. */
export interface Limit {
  rule: ThrottleRule;
  key: string;
}

/**
 * Counts a try against all limits and lets it through, or throws 429 and counts nothing. In a transaction of its own,
 * before the try: tries at the same time are counted one after the other, and a try that is undone stays counted.
 */
export const countTry = async (context: Context, limits: readonly Limit[], errors: TooManyAttempts): Promise<void> => {
  if (limits.length === 0) return;
  const now = context.now();
  const retryAfterSeconds = await context.database.transaction(async (tx) => {
    const keys = limits.map(({ key }) => key);
    const rows = new Map((await lockTries(tx, keys, now)).map((row) => [row.key, row]));
    const decided = limits.map(({ rule, key }) => ({
      key,
      admission: admit(rule, triesOf(rows.get(key)), now.getTime()),
    }));
    const waits = decided.flatMap(({ admission }) => (admission.admitted ? [] : [admission.retryAfterSeconds]));
    if (waits.length > 0) return Math.max(...waits);
    for (const { key, admission } of decided) if (admission.admitted) await saveTries(tx, key, admission.tries);
    return undefined;
  });
  if (retryAfterSeconds === undefined) return;
  const problem = errors.TOO_MANY_ATTEMPTS(`There were too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
  problem.headers['retry-after'] = String(retryAfterSeconds);
  throw problem;
};

const triesOf = (row: ThrottleRow | undefined): Tries => ({
  attempts: row?.attempts ?? 0,
  lastAt: row ? Date.parse(row.lastAt) : 0,
  blockedUntil: row?.blockedUntil ? Date.parse(row.blockedUntil) : null,
});

/** The network that a request came from; IPv6 visitors have a whole one each. */
const currentNetwork = (): string => networkOf(currentContext().address ?? '');

/**
 * The network to limit, if one person or a few share it: integrations pass on the requests of many, and a loopback
 * address is this machine or a proxy that was not named (--trust-proxy).
 */
const limitedNetwork = (caller: Caller): string | undefined => {
  const network = currentNetwork();
  return caller.kind === 'key' || network === '' || isLoopbackHost(network) ? undefined : network;
};

const perNetwork = ({ secrets }: Context, caller: Caller, what: string, rule: ThrottleRule): Limit[] => {
  const network = limitedNetwork(caller);
  return network === undefined ? [] : [{ rule, key: secrets.throttleKey(`${what} from`, network) }];
};

export interface CodeRequest {
  email: string;
  caller: Caller;
  /** The account that lets it send. */
  customerId?: string;
  /** Somebody who was here before: strangers who use up the address's limit do not keep them out. */
  device?: string | undefined;
}

/** Limits how many codes go to an address, from a network, for an account and in all, before anything else happens. */
export const countCode = (context: Context, request: CodeRequest, errors: TooManyAttempts): Promise<void> => {
  const { email, caller, customerId, device } = request;
  const { secrets, settings } = context;
  const here = device ?? currentNetwork();
  return countTry(
    context,
    [
      { rule: CODE_RULE, key: secrets.throttleKey('code here', `${here} ${email}`) },
      ...(device === undefined ? [{ rule: MAILBOX_RULE, key: secrets.throttleKey('code', email) }] : []),
      ...(caller.kind === 'customer' && customerId !== undefined
        ? [{ rule: SENDER_RULE, key: secrets.throttleKey('code of', customerId) }]
        : []),
      ...perNetwork(context, caller, 'code', perHour(settings.codesPerNetworkAndHour)),
      { rule: perHour(settings.codesPerHour), key: secrets.throttleKey('code', 'all') },
    ],
    errors,
  );
};

/** Limits how many codes are typed in from a network. */
export const countTypedCode = (context: Context, caller: Caller, errors: TooManyAttempts): Promise<void> =>
  countTry(context, perNetwork(context, caller, 'typed code', TYPING_RULE), errors);

/** Makes those who create customers with one address take turns until the transaction ends. */
export const takeTurns = async (context: Context, tx: Queryable, email: string): Promise<void> => {
  await lockTries(tx, [context.secrets.throttleKey('create', email)], context.now());
};

/**
 * The limits of signing in: from a device that the account knows its own one, else from this network and from all
 * together.
 */
export const signInLimits = ({ secrets }: Context, identifier: string, device: string | undefined): Limit[] =>
  device === undefined
    ? [
        { rule: PASSWORD_RULE, key: secrets.throttleKey('sign-in here', `${currentNetwork()} ${identifier}`) },
        { rule: ACCOUNT_RULE, key: accountKey(secrets, identifier) },
      ]
    : [{ rule: PASSWORD_RULE, key: secrets.throttleKey('sign-in with', `${device} ${identifier}`) }];

const accountKey = (secrets: Context['secrets'], identifier: string): string =>
  secrets.throttleKey('sign-in', identifier);

/** The keys under which tries to sign in to a customer are counted, as far as they are known. */
export const signInKeys = (context: Context, { email, phone }: Customer): string[] =>
  [email, phone]
    .filter((name) => name !== null)
    .flatMap((name) => signInLimits(context, name, undefined).map(({ key }) => key));

/** After a right password: failures from here are forgotten, and the try itself does not count against the account. */
export const forgetSignIn = async (tx: Queryable, limits: readonly Limit[]): Promise<void> => {
  const keys = (rule: ThrottleRule) => limits.filter((limit) => limit.rule === rule).map(({ key }) => key);
  await forgetTries(tx, keys(PASSWORD_RULE));
  for (const key of keys(ACCOUNT_RULE)) await takeBackTry(tx, key);
};

/** The session of an account that a refresh token is of, also one that has ended: who shows it was signed in before. */
export const knownDevice = async (
  { secrets, database }: Context,
  account: Customer | undefined,
  refreshToken: string | undefined,
): Promise<string | undefined> => {
  const claims = refreshToken === undefined ? undefined : secrets.readRefreshToken(refreshToken);
  const session = claims && (await findSession(database, claims.sessionId));
  return account && session?.customerId === account.id ? session.id : undefined;
};
