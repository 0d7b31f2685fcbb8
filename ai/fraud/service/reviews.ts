import { actorOf } from '../../../microservices/chassis/auth/caller.ts';
import { command, remember } from '../../../microservices/chassis/http/command.ts';
import type { Problem } from '../../../microservices/chassis/problem.ts';
import { after } from '../../../microservices/chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { possibleDecisions, reviewStates } from '../policy/states.ts';
import { lockDueReviews, lockReview, saveReview, type Review } from '../store/reviews.ts';
import { reviewResponse } from './responses.ts';

export const noReview = (reviewId: string, errors: Failures<'getReview'>): Problem =>
  errors.REVIEW_NOT_FOUND(`There is no review ${reviewId}. List the reviews of the order to find the right id.`);

export const decideReview = ({ now }: Context): Handlers['decideReview'] =>
  command(async (tx, { reviewId, decision, reason, decidedBy }, { caller, errors }) => {
    const review = await lockReview(tx, reviewId);
    if (!review) return remember(noReview(reviewId, errors));
    const state = after(reviewStates, review.state, decision);
    if (state !== 'approved' && state !== 'rejected') return remember(closed(review, errors));
    const decidedAt = now().toISOString();
    const decided = { ...review, state, reason, decidedAt, decidedBy: decidedBy ?? actorOf(caller) };
    await saveReview(tx, decided);
    tx.append('fraud.review_decided', reviewId, { ...about(review), state, actor: decided.decidedBy, decidedAt });
    return reviewResponse(decided);
  });

const closed = ({ id: reviewId, state, decidedAt }: Review, errors: Failures<'decideReview'>): Problem => {
  const detail = `Review ${reviewId} is ${state} already, and that is final. Change the order itself instead.`;
  return errors.REVIEW_CLOSED(detail, { reviewId, state, decidedAt, allowed: possibleDecisions(state) });
};

const about = ({ id: reviewId, orderId, scoreId, customerId }: Review) => ({ reviewId, orderId, scoreId, customerId });

/** Ends a locked review without a decision. */
export const expireReview = async (tx: Tx, review: Review, cause: 'time' | 'order_ended'): Promise<void> => {
  const state = after(reviewStates, review.state, 'expire');
  if (!state) return;
  await saveReview(tx, { ...review, state });
  tx.append('fraud.review_expired', review.id, { ...about(review), cause });
};

const BATCH = 100;

/** Expires a batch of overdue reviews; true when there may be more. */
export const expireBatch = async (tx: Tx, now: Date): Promise<boolean> => {
  const due = await lockDueReviews(tx, now.toISOString(), BATCH);
  for (const review of due) await expireReview(tx, review, 'time');
  return due.length === BATCH;
};
