import { z } from 'zod';
import { choices, operation, page, pageQuery, reference } from '../../../microservices/chassis/contract/index.ts';
import { customerId, notFound, orderId, review, reviewId, reviewState, why } from './values.ts';

const REVIEW_NOT_FOUND = notFound('Review not found');

export const reviewOperations = {
  getReview: operation({
    method: 'GET',
    path: '/fraud/reviews/{reviewId}',
    title: 'Get review',
    description: 'One review: the order, its score and reasons, the decision and who made it.',
    access: { scope: 'fraud:read' },
    input: z.object({ reviewId }),
    output: review,
    errors: { REVIEW_NOT_FOUND },
  }),
  listReviews: operation({
    method: 'GET',
    path: '/fraud/reviews',
    title: 'List reviews',
    description: 'The review queue. Open reviews come oldest first, all others newest first.',
    access: { scope: 'fraud:read' },
    input: z.object({
      state: reviewState.default('open'),
      orderId: orderId.optional(),
      customerId: customerId.optional(),
      ...pageQuery,
    }),
    output: page(review),
  }),
  decideReview: operation({
    method: 'POST',
    path: '/fraud/reviews/{reviewId}/decision',
    title: 'Decide review',
    description:
      'Records a person’s decision to approve or reject an order. A review is decided once; the journey that waits for it acts on the order.',
    access: { scope: 'fraud:review' },
    input: z.object({
      reviewId,
      decision: choices({ approve: 'The order may continue', reject: 'The order is to be refused' }).describe(
        'What the person decided',
      ),
      reason: why,
      decidedBy: reference.optional().describe('An id of who decided (no name); by default the caller’s key'),
    }),
    output: review,
    errors: {
      REVIEW_NOT_FOUND,
      REVIEW_CLOSED: {
        status: 409,
        title: 'Review closed',
        data: z.object({
          reviewId,
          state: reviewState,
          decidedAt: z.string().nullable(),
          allowed: z.array(z.string()).describe('Decisions that are possible now'),
        }),
      },
    },
  }),
};
