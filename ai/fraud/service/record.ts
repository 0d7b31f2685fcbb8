import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Tx } from '../context.ts';
import { HOUR } from '../features/history.ts';
import { insertReview } from '../store/reviews.ts';
import { findByAnswerKey, insertScore, insertSightings, type MadeScore, type Score } from '../store/scores.ts';
import type { Entity } from '../store/history.ts';
import { within } from './within.ts';

/** A decision with everything that has to be written with it. */
export interface Decided {
  made: MadeScore;
  /** The id of the review to open, when a person has to check the order. */
  reviewId: string | null;
  reviewHours: number;
  seen: { customerId: string | null; at: number; entities: readonly Entity[] } | undefined;
}

/**
 * Writes a decision with its event and its review, unless the same request was decided before; returns the decision
 * that is valid.
 */
const write = async (tx: Tx, decided: Decided): Promise<Score> => {
  const { made, seen } = decided;
  if (await insertScore(tx, made)) {
    if (seen) await insertSightings(tx, { orderId: made.orderId, ...seen }, seen.entities);
    await openReview(tx, decided);
    const written = await found(tx, made);
    announce(tx, made, written.reviewId);
    return written;
  }
  return found(tx, made);
};

const found = async (tx: Tx, made: MadeScore): Promise<Score> => {
  const score = await findByAnswerKey(tx, made.answerKey);
  if (!score) throw new Error(`Score ${made.id} was written and is not there`);
  return score;
};

const openReview = async (tx: Tx, { made, reviewId, reviewHours }: Decided): Promise<void> => {
  if (reviewId === null) return;
  const { orderId, customerId, id: scoreId, score, scoredAt: openedAt } = made;
  const expiresAt = new Date(Date.parse(openedAt) + reviewHours * HOUR).toISOString();
  const review = { id: reviewId, orderId, scoreId, customerId, openedAt, expiresAt };
  if (!(await insertReview(tx, review))) return;
  const codes = made.reasons.filter(({ contribution }) => contribution > 0).map(({ code }) => code);
  tx.append('fraud.review_opened', reviewId, { reviewId, orderId, scoreId, customerId, score, codes, expiresAt });
};

const announce = (tx: Tx, made: MadeScore, reviewId: string | null): void =>
  tx.append('fraud.scored', made.orderId, {
    scoreId: made.id,
    orderId: made.orderId,
    customerId: made.customerId,
    score: made.score,
    decision: made.decision,
    baseLogOdds: made.baseLogOdds,
    reasons: made.reasons.map(({ code, contribution }) => ({ code, contribution })),
    features: { ...made.features },
    modelVersion: made.modelVersion,
    policyVersion: made.policyVersion,
    degraded: made.degraded,
    reviewId,
    latencyMs: made.latencyMs,
    scoredAt: made.scoredAt,
  });

const RETRY_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 120_000, 240_000];
/** At most so many decisions wait for the database; more would fill the memory, so they are logged and lost. */
const MOST_WAITING = 1_000;

/**
 * Records decisions. No caller waits long for a database that is away: a decision that could not be written in time is
 * tried again for some minutes. Returns the record, or undefined as long as there is none.
 */
export const createRecorder = (context: Context) => {
  let waiting = 0;
  const attempt = (decided: Decided): Promise<Score> => context.commit((tx) => write(tx, decided));

  const untilWritten = async (decided: Decided, first: Promise<Score>): Promise<void> => {
    let last: unknown;
    for (const delay of RETRY_AFTER_MS) {
      try {
        await (delay === RETRY_AFTER_MS[0] ? first : attempt(decided));
        return;
      } catch (error) {
        last = error;
      }
      await sleep(delay, undefined, { ref: false });
    }
    throw last;
  };

  return async (decided: Decided): Promise<Score | undefined> => {
    const { id: scoreId, orderId, score, decision } = decided.made;
    const writing = attempt(decided);
    const outcome = await within(context.settings.deadlineMs, writing);
    if (outcome.is === 'done') return outcome.value;
    const lost = (err: unknown): void =>
      context.log.error({ err, scoreId, orderId, score, decision }, 'a decision could not be recorded');
    if (waiting >= MOST_WAITING) {
      lost(outcome.is === 'failed' ? outcome.error : undefined);
      return undefined;
    }
    waiting += 1;
    void untilWritten(decided, writing)
      .catch(lost)
      .finally(() => (waiting -= 1));
    return undefined;
  };
};
