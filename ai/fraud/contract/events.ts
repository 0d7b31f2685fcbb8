import { z } from 'zod';
import { event, timestamp } from '../../../microservices/chassis/contract/index.ts';
import { policyFields } from './policy.ts';
import {
  decision,
  features,
  label,
  labelSource,
  orderId,
  probability,
  reason,
  reviewId,
  reviewState,
  scoreId,
} from './values.ts';

const customerId = z.string().nullable().describe('Null for a guest');
const ofReview = { reviewId, orderId, scoreId, customerId };

export const fraudEvents = {
  'fraud.scored': event({
    title: 'Order scored',
    description: 'An order was scored. Holds the decision, its reasons and the model’s inputs.',
    aggregate: 'order',
    payload: z.object({
      scoreId,
      orderId,
      customerId,
      score: probability,
      decision,
      baseLogOdds: z.number(),
      reasons: z.array(reason.pick({ code: true, contribution: true })),
      features,
      modelVersion: z.string(),
      policyVersion: z.int(),
      degraded: z.boolean(),
      reviewId: reviewId.nullable(),
      latencyMs: z.number(),
      scoredAt: timestamp,
    }),
  }),
  'fraud.review_opened': event({
    title: 'Fraud review opened',
    description: 'A person should check an order before it continues.',
    aggregate: 'review',
    payload: z.object({ ...ofReview, score: probability, codes: z.array(z.string()), expiresAt: timestamp }),
  }),
  'fraud.review_decided': event({
    title: 'Fraud review decided',
    description: 'A person approved or rejected an order. The journey acts on it.',
    aggregate: 'review',
    payload: z.object({
      ...ofReview,
      state: reviewState.extract(['approved', 'rejected']),
      actor: z.string().describe('The id of who decided, without a name'),
      decidedAt: timestamp,
    }),
  }),
  'fraud.review_expired': event({
    title: 'Fraud review expired',
    description: 'Nobody decided in time, or the order was cancelled or rejected first.',
    aggregate: 'review',
    payload: z.object({ ...ofReview, cause: z.enum(['time', 'order_ended']) }),
  }),
  'fraud.labelled': event({
    title: 'Order labelled',
    description: 'The outcome of an order became known: fraud or legitimate. Models learn from it.',
    aggregate: 'order',
    payload: z.object({ orderId, label, source: labelSource, labelledAt: timestamp }),
  }),
  'fraud.policy_changed': event({
    title: 'Fraud policy changed',
    description: 'New costs, and so new thresholds, apply from now on.',
    technical: true,
    aggregate: 'policy',
    payload: z.object({ version: z.int(), ...policyFields }),
  }),
};
