import { Problem } from '../problem.ts';
import type { EndedCredentials } from './ended-credentials.ts';

/** A session's owner is asked again after this: so long may a session go on that has ended elsewhere. Milliseconds. */
const FRESH_MS = 1_000;
const REMEMBERED = 10_000;

export interface LiveSessionOptions {
  /** Asks the service that keeps the sessions. */
  ask: (sessionId: string) => Promise<boolean>;
  /** True where asking is a look into this process's own database: then every request asks. */
  isNear: () => boolean;
  ended: EndedCredentials;
  now?: () => number;
}

/**
 * Tells if a session is live, as its owner says now or said in the last second; requests at the same time share one
 * question. Throws 503 when the owner cannot be asked: nobody spends or reads on the word of a token alone.
 */
export const createLiveSessions = ({ ask, isNear, ended, now = Date.now }: LiveSessionOptions) => {
  const asked = new Map<string, { at: number; live: Promise<boolean> }>();

  const askAndRemember = (sessionId: string): Promise<boolean> => {
    const question = { at: now(), live: ask(sessionId) };
    asked.delete(sessionId);
    const [oldest] = asked.keys();
    if (asked.size >= REMEMBERED && oldest !== undefined) asked.delete(oldest);
    asked.set(sessionId, question);
    return question.live;
  };

  const freshOrAsk = (sessionId: string): Promise<boolean> => {
    const before = asked.get(sessionId);
    return before && now() - before.at < FRESH_MS ? before.live : askAndRemember(sessionId);
  };

  return async (sessionId: string): Promise<boolean> => {
    const live = await (isNear() ? ask(sessionId) : freshOrAsk(sessionId)).catch((error: unknown) => {
      asked.delete(sessionId);
      throw notAskable(error);
    });
    if (!live) ended.add(sessionId);
    return live;
  };
};

/** What its owner says about its own state is nothing that the caller could act on. */
const notAskable = (error: unknown): unknown =>
  error instanceof Problem
    ? new Problem({
        code: 'UNAVAILABLE',
        status: 503,
        title: 'Temporarily unavailable',
        detail: 'Whether this session is still open cannot be checked at the moment. Nothing was changed; try again.',
        headers: { 'retry-after': '1' },
      })
    : error;
