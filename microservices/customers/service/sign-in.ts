import { command, remember } from '../../chassis/http/command.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { SessionTokens } from '../contract/values.ts';
import { refreshOutcome } from '../policy/refresh.ts';
import { findByEmail, findByPhone, findCustomer, lockCustomer, type CustomerRow } from '../store/customers.ts';
import { advanceSession, isLive, lockSession, type SessionRow } from '../store/sessions.ts';
import { endWithEvents, refreshUntil, startSession, tokensFor } from './start-session.ts';
import { countTry, forgetSignIn, knownDevice, signInLimits } from './throttle.ts';

const SIGN_IN_FAILED =
  'Address and password do not fit together, or the address is not verified yet. Check both, confirm the address with the code of the mail, or reset the password.';
const SESSION_OVER = 'This refresh token is not valid, was used before, or has expired. Sign in again.';

export const signInHandlers = (context: Context): Pick<Handlers, 'signIn' | 'refreshSession'> => ({
  signIn: command({
    prepare: async (input, { errors }) => {
      const account = await findAccount(context, input);
      const device = await knownDevice(context, account, input.previousRefreshToken);
      const limits = signInLimits(context, input.email ?? input.phone ?? '', device);
      await countTry(context, limits, errors);
      // The same work whether or not there is an account: without one the password is compared with the hash of nobody.
      const isRight = await (await context.passwords).matches(account?.passwordHash, input.password);
      if (!account || !isRight) throw errors.INVALID_CREDENTIALS(SIGN_IN_FAILED);
      return { account, limits };
    },
    commit: async (tx, { device }, { errors }, { account, limits }) => {
      const row = await lockCustomer(tx, account.id);
      if (row?.passwordHash !== account.passwordHash) throw errors.INVALID_CREDENTIALS(SIGN_IN_FAILED);
      await forgetSignIn(tx, limits);
      // The password was right, so that this may be said; remembered, so that the tries are forgotten.
      if (row.state !== 'active')
        return remember(errors.ACCOUNT_DISABLED('This account is disabled. Ask the shop why.'));
      return startSession(context, tx, { customerId: row.id, by: 'password', device });
    },
  }),

  refreshSession: command({
    prepare: async ({ refreshToken }, { errors }) => {
      const claims = context.secrets.readRefreshToken(refreshToken);
      if (!claims) throw errors.INVALID_REFRESH_TOKEN(SESSION_OVER);
      return claims;
    },
    commit: async (tx, _input, { errors }, { sessionId, generation }) => {
      const now = context.now();
      const session = await lockSession(tx, sessionId);
      if (!isLive(session, now)) return remember(errors.INVALID_REFRESH_TOKEN(SESSION_OVER));
      const state = { generation: session.generation, advancedAt: new Date(session.lastUsedAt) };
      const outcome = refreshOutcome(state, generation, now, context.settings.refreshGraceSeconds);
      if (outcome === 'reused') {
        // Somebody has a copy, and nobody can tell who: the session ends for both.
        await endWithEvents(tx, { customerId: session.customerId, only: session.id }, 'token_reused', now);
        context.log.warn({ sessionId: session.id }, 'a used refresh token came back; its session was ended');
        return remember(errors.INVALID_REFRESH_TOKEN(SESSION_OVER));
      }
      return nextPair(context, tx, session, outcome, now);
    },
  }),
});

/** The pair of tokens that follows: a new one, or once more the one that the last exchange gave. */
const nextPair = async (
  context: Context,
  tx: Tx,
  { id, customerId, generation, endsBy, expiresAt }: SessionRow,
  outcome: 'advance' | 'repeat',
  now: Date,
): Promise<SessionTokens> => {
  const account = await findCustomer(tx, customerId);
  const isGuest = !account?.emailVerified && !account?.phoneVerified;
  const about = { id, customerId, isGuest, now };
  if (outcome === 'repeat') return tokensFor(context, { ...about, generation, expiresAt: new Date(expiresAt) });
  const until = refreshUntil(context, now, new Date(endsBy));
  await advanceSession(tx, id, now, until);
  return tokensFor(context, { ...about, generation: generation + 1, expiresAt: until });
};

type SignIn = { email?: string | undefined; phone?: string | undefined };

const findAccount = ({ database }: Context, { email, phone }: SignIn): Promise<CustomerRow | undefined> =>
  email === undefined ? findByPhone(database, phone ?? '') : findByEmail(database, email);
