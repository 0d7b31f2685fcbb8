import { mayActFor } from '../../chassis/auth/authorize.ts';
import { toPage } from '../../chassis/cursor.ts';
import { PASSWORD_RULE } from '../policy.ts';
import { findByEmail, findByPhone, findCustomer, lockCustomer, type CustomerRow } from '../store/customers.ts';
import { advanceSession, findSession, isLive, listLiveSessions, lockSession } from '../store/sessions.ts';
import { forgetTries } from '../store/throttle.ts';
import type { Kit, SomeHandlers } from '../types.ts';
import { signInKeys } from './credentials.ts';
import { countTry, requireLiveSession, visibleCustomer } from './guards.ts';
import { endWithEvents, refreshUntil, startSession, tokensFor } from './start-session.ts';

const SIGN_IN_FAILED =
  'Address and password do not fit together, or the address is not verified yet. Check both, confirm the address with the code of the mail, or reset the password.';
const SESSION_OVER = 'This refresh token is not valid, was used before, or has run out. Sign in again.';

type SignIn = { email?: string | undefined; phone?: string | undefined };

const findAccount = (kit: Kit, { email, phone }: SignIn): Promise<CustomerRow | undefined> =>
  email === undefined ? findByPhone(kit.platform.database, phone ?? '') : findByEmail(kit.platform.database, email);

export const signInHandlers = (kit: Kit): SomeHandlers<'signIn' | 'refreshSession'> => ({
  signIn: async (input, { errors, commit }) => {
    await countTry(kit, PASSWORD_RULE, kit.secrets.throttleKey('sign-in', input.email ?? input.phone ?? ''), errors);
    const account = await findAccount(kit, input);
    // The same work whether or not there is an account: without one the password is compared with the hash of nobody.
    const right = await (await kit.passwords).matches(account?.passwordHash, input.password);
    if (!account || !right) throw errors.INVALID_CREDENTIALS(SIGN_IN_FAILED);
    return commit(async (tx) => {
      const row = await lockCustomer(tx, account.id);
      if (row?.passwordHash !== account.passwordHash) throw errors.INVALID_CREDENTIALS(SIGN_IN_FAILED);
      await forgetTries(tx, signInKeys(kit, row));
      // The password was right, so that this may be said; committed, so that the tries are forgotten.
      if (row.state !== 'active') return errors.ACCOUNT_DISABLED('This account is disabled. Ask the shop why.');
      return startSession(kit, tx, { customerId: row.id, by: 'password', device: input.device });
    });
  },

  refreshSession: async ({ refreshToken }, { errors, commit }) => {
    const claims = kit.secrets.readRefreshToken(refreshToken);
    if (!claims) throw errors.INVALID_REFRESH_TOKEN(SESSION_OVER);
    return commit(async (tx) => {
      const now = kit.platform.now();
      const session = await lockSession(tx, claims.sessionId);
      if (!isLive(session, now)) return errors.INVALID_REFRESH_TOKEN(SESSION_OVER);
      if (session.generation !== claims.generation) {
        // Somebody has a copy, and nobody can tell who: the session ends for both. Returned, so that this is committed.
        await endWithEvents(tx, { customerId: session.customerId, only: session.id }, 'token_reused', now);
        kit.platform.log.warn({ sessionId: session.id }, 'a used refresh token came back; its session was ended');
        return errors.INVALID_REFRESH_TOKEN(SESSION_OVER);
      }
      const expiresAt = refreshUntil(kit, now, new Date(session.endsBy));
      await advanceSession(tx, session.id, now, expiresAt);
      const account = await findCustomer(tx, session.customerId);
      return tokensFor(kit, {
        id: session.id,
        customerId: session.customerId,
        isGuest: !account?.emailVerified && !account?.phoneVerified,
        generation: session.generation + 1,
        now,
        expiresAt,
      });
    });
  },
});

export const sessionHandlers = (kit: Kit): SomeHandlers<'signOut' | 'listSessions' | 'endSession'> => ({
  signOut: ({ everywhere }, { caller, errors, commit }) => {
    if (caller.kind !== 'customer')
      throw errors.NOT_A_CUSTOMER('Sign out with the customer’s access token; an API key is revoked instead.');
    const { customerId, sessionId } = caller;
    return commit(async (tx) => {
      await requireLiveSession(kit, tx, caller);
      return {
        ended: await endWithEvents(
          tx,
          { customerId, only: everywhere ? undefined : sessionId },
          'signed_out',
          kit.platform.now(),
        ),
      };
    });
  },

  listSessions: async ({ customerId, ...page }, { caller, errors }) => {
    await visibleCustomer(kit.platform.database, caller, customerId, errors);
    const rows = await listLiveSessions(kit.platform.database, customerId, kit.platform.now(), page);
    const { items, nextCursor } = toPage(rows, page.limit, (row) => [row.id]);
    return {
      items: items.map(({ id, device, startedAt, lastUsedAt, expiresAt }) => ({
        id,
        customerId,
        device,
        startedAt,
        lastUsedAt,
        expiresAt,
        current: caller.kind === 'customer' && caller.sessionId === id,
      })),
      nextCursor,
    };
  },

  endSession: ({ sessionId }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const session = await findSession(tx, sessionId);
      if (!session || !mayActFor(caller, session.customerId)) {
        throw errors.SESSION_NOT_FOUND(`There is no session ${sessionId}. List the sessions to see which there are.`);
      }
      await requireLiveSession(kit, tx, caller);
      return {
        ended: await endWithEvents(
          tx,
          { customerId: session.customerId, only: sessionId },
          'ended',
          kit.platform.now(),
        ),
      };
    }),
});
