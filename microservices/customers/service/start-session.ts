import { newId } from '../../chassis/ids.ts';
import type { Context, Tx } from '../context.ts';
import type { SessionTokens } from '../contract/values.ts';
import { endSessions, insertSession } from '../store/sessions.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const earlier = (left: Date, right: Date): Date => (left < right ? left : right);

/** When the refresh token of a session runs out that is used now. */
export const refreshUntil = (context: Context, now: Date, endsBy: Date): Date =>
  earlier(new Date(now.getTime() + context.settings.refreshTokenDays * DAY), endsBy);

/** Starts a session and returns its first pair of tokens. */
export const startSession = async (
  context: Context,
  tx: Tx,
  who: { customerId: string; by: 'registration' | 'guest' | 'password'; device?: string | undefined },
): Promise<SessionTokens> => {
  const now = context.now();
  const id = newId('ses');
  const endsBy = new Date(now.getTime() + context.settings.sessionDays * DAY);
  const expiresAt = refreshUntil(context, now, endsBy);
  await insertSession(tx, { id, customerId: who.customerId, device: who.device ?? null, now, expiresAt, endsBy });
  tx.append('session.started', who.customerId, { customerId: who.customerId, sessionId: id, by: who.by });
  const isGuest = who.by !== 'password';
  return tokensFor(context, { id, customerId: who.customerId, isGuest, generation: 1, now, expiresAt });
};

interface Generation {
  id: string;
  customerId: string;
  /** True until somebody proved an address: until then limits treat the account like anybody. */
  isGuest: boolean;
  generation: number;
  now: Date;
  expiresAt: Date;
}

/** The pair of tokens of a session's generation. */
export const tokensFor = async (context: Context, session: Generation): Promise<SessionTokens> => {
  const accessUntil = earlier(
    new Date(session.now.getTime() + context.settings.accessTokenMinutes * MINUTE),
    session.expiresAt,
  );
  return {
    sessionId: session.id,
    customerId: session.customerId,
    tokenType: 'Bearer',
    accessToken: await context.secrets.accessToken(session, session.now, accessUntil),
    expiresAt: accessUntil.toISOString(),
    refreshToken: context.secrets.refreshToken({ sessionId: session.id, generation: session.generation }),
    refreshExpiresAt: session.expiresAt.toISOString(),
  };
};

type EndReason = 'signed_out' | 'ended' | 'token_reused' | 'password_changed' | 'disabled' | 'merged' | 'erased';

/** Ends live sessions of a customer, with an event each, and returns how many. */
export const endWithEvents = async (
  tx: Tx,
  which: { customerId: string; only?: string | undefined; except?: string | undefined },
  reason: EndReason,
  now: Date,
): Promise<number> => {
  const ended = await endSessions(tx, which, reason, now);
  for (const sessionId of ended)
    tx.append('session.ended', which.customerId, { customerId: which.customerId, sessionId, reason });
  return ended.length;
};
