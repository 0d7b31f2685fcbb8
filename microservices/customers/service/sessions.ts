import { mayActFor } from '../../chassis/auth/authorize.ts';
import { toPage } from '../../chassis/cursor.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { findSession, isLive, listLiveSessions } from '../store/sessions.ts';
import { requireLiveSession, visibleCustomer } from './guards.ts';
import { endWithEvents } from './start-session.ts';

/** True for a session that has neither ended nor expired; for authentication in the process that runs this service. */
export const isLiveSession = async (database: Queryable, sessionId: string, now: Date): Promise<boolean> =>
  isLive(await findSession(database, sessionId), now);

type Names = 'signOut' | 'listSessions' | 'endSession' | 'introspectSession';

export const sessionHandlers = (context: Context): Pick<Handlers, Names> => ({
  signOut: command(async (tx, { everywhere }, { caller, errors }) => {
    if (caller.kind !== 'customer')
      throw errors.NOT_A_CUSTOMER('Sign out with the customer’s access token; an API key is revoked instead.');
    await requireLiveSession(context, tx, caller);
    const which = { customerId: caller.customerId, only: everywhere ? undefined : caller.sessionId };
    return { ended: await endWithEvents(tx, which, 'signed_out', context.now()) };
  }),

  listSessions: async ({ customerId, ...page }, { caller, errors }) => {
    await visibleCustomer(context.database, caller, customerId, errors);
    const rows = await listLiveSessions(context.database, customerId, context.now(), page);
    const ownId = caller.kind === 'customer' ? caller.sessionId : undefined;
    return toPage(
      rows,
      page.limit,
      (row) => [row.id],
      ({ id, device, startedAt, lastUsedAt, expiresAt }) => ({
        id,
        customerId,
        device,
        startedAt,
        lastUsedAt,
        expiresAt,
        current: id === ownId,
      }),
    );
  },

  endSession: command(async (tx, { sessionId }, { caller, errors }) => {
    const session = await findSession(tx, sessionId);
    if (!session || !mayActFor(caller, session.customerId)) {
      throw errors.SESSION_NOT_FOUND(`There is no session ${sessionId}. List the sessions to find the right id.`);
    }
    await requireLiveSession(context, tx, caller);
    const which = { customerId: session.customerId, only: sessionId };
    return { ended: await endWithEvents(tx, which, 'ended', context.now()) };
  }),

  introspectSession: async ({ sessionId }) => ({
    live: await isLiveSession(context.database, sessionId, context.now()),
  }),
});
