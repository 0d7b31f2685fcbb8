import { allowedMoves, moveReview } from '../policy.ts';
import { lockReview, saveReview, type Review } from '../store/reviews.ts';
import { reviewAnswer } from './answers.ts';
import { actorOf, type FraudHandler, type FraudTransaction } from './context.ts';
import { noSuchReview } from './reads.ts';

const ofReview = ({ id: reviewId, orderId, scoreId, customerId }: Review) => ({
  reviewId,
  orderId,
  scoreId,
  customerId,
});

export const decideReview: FraudHandler<'decideReview'> =
  ({ platform }) =>
  async ({ reviewId, decision, reason, decidedBy }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const review = await lockReview(tx, reviewId);
      if (!review) return errors.REVIEW_NOT_FOUND(noSuchReview(reviewId));
      const state = moveReview(review.state, decision);
      if (state !== 'approved' && state !== 'rejected') {
        const { decidedAt } = review;
        const detail = `The review ${reviewId} is ${review.state} already, and what was decided stands. Act on the order itself to change its fate.`;
        return errors.REVIEW_CLOSED(detail, {
          reviewId,
          state: review.state,
          decidedAt,
          allowed: allowedMoves(review.state),
        });
      }
      const decidedAt = platform.now().toISOString();
      const decided = { ...review, state, reason, decidedAt, decidedBy: decidedBy ?? actorOf(caller) };
      await saveReview(tx, decided);
      tx.append('fraud.review_decided', reviewId, { ...ofReview(review), state, actor: decided.decidedBy, decidedAt });
      return reviewAnswer(decided);
    });

/** Ends a locked review that nobody decided. */
export const expireReview = async (
  tx: FraudTransaction,
  review: Review,
  cause: 'time' | 'order_ended',
): Promise<void> => {
  const state = moveReview(review.state, 'expire');
  if (!state) return;
  await saveReview(tx, { ...review, state });
  tx.append('fraud.review_expired', review.id, { ...ofReview(review), cause });
};
