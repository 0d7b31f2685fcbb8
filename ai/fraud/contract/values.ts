import { z } from 'zod';
import {
  choices,
  country,
  id,
  money,
  nonNegativeMoney,
  reference,
  text,
  timestamp,
} from '../../../microservices/chassis/contract/index.ts';

export const scoreId = id('frs').describe('The score, frs_…');
export const reviewId = id('frv').describe('The review, frv_…');
export const orderId = id('ord').describe('The order, ord_…');
export const customerId = id('cus').describe('The customer, cus_…');

export const decision = choices({
  approve: 'Continue',
  review: 'Let a person check',
  reject: 'Refuse',
}).describe('The advice: continue, let a person check, or refuse. The order is not changed: the workflow acts');

export const probability = z.number().min(0).max(1);

export const reviewState = choices({
  open: 'Waits for a person',
  approved: 'A person approved the order',
  rejected: 'A person rejected the order',
  expired: 'Nobody decided in time, or the order ended first',
}).describe('open waits for a person. expired: nobody decided in time, or the order was cancelled or rejected first');

export const label = choices({ fraud: 'The order was a fraud', legitimate: 'The order was honest' }).describe(
  'Order outcome',
);

export const labelSource = choices({
  chargeback: 'The bank took the money back',
  review: 'A review of ours',
  customer: 'The customer said so',
  staff: 'Staff found out',
  payment_provider: 'The payment provider said so',
  delivery: 'The carrier or the recipient said so',
  other: 'Another way',
}).describe('How this became known');

/** The part of an order.created event that a score is made from: what a journey holds in its hands already. */
export const orderFacts = z
  .object({
    customerId: customerId.nullish().describe('Null or left out for a guest'),
    lines: z
      .array(z.object({ quantity: z.int().min(1).max(1_000_000) }))
      .max(500)
      .default([]),
    totals: z.object({ grandTotal: nonNegativeMoney.describe('The amount charged') }),
    paymentMethod: reference.optional().describe('wallet or cash_on_delivery'),
    shippingCountry: country.optional(),
    placedAt: timestamp.describe('When the order was placed; only earlier history counts'),
  })
  .meta({ id: 'FraudOrderFacts', title: 'Order facts' });

export const reason = z
  .object({
    code: z.string().describe('Stable, for programs: ORDERS_LAST_HOUR'),
    title: z.string().describe('For people: Several orders within an hour'),
    contribution: z
      .number()
      .describe(
        'Added to the log-odds: above zero speaks for fraud, below zero against it. ln 2 = 0.69 doubles the odds',
      ),
    detail: z.string().describe('The reason in words, with its numbers'),
  })
  .meta({ id: 'FraudReason', title: 'Score reason' });

export const features = z
  .record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()]))
  .describe('The model’s inputs by name; null: not known. No personal data');

export const outcome = z
  .object({ label, source: labelSource, labelledAt: timestamp })
  .meta({ id: 'FraudOutcome', title: 'Order outcome' });

export const score = z
  .object({
    id: scoreId,
    orderId,
    customerId: z.string().nullable().describe('Null for a guest'),
    amount: money.nullable().describe('The order’s amount; null when it was not known'),
    score: probability.describe('Probability of fraud, 0 to 1'),
    decision,
    baseLogOdds: z
      .number()
      .describe('Log-odds before any reason; with the contributions it sums to the score’s log-odds'),
    reasons: z.array(reason).describe('Strongest first. Reasons that add nothing are left out'),
    features,
    thresholds: z
      .object({
        review: probability.describe('From this probability on the advice is to review'),
        reject: probability.describe('From this probability on the advice is to reject'),
      })
      .describe('The policy’s thresholds for this amount'),
    modelVersion: z.string(),
    policyVersion: z.int(),
    degraded: z
      .boolean()
      .describe(
        'True when the history could not be read in time: only the input was scored, and the advice is never to reject',
      ),
    recorded: z
      .boolean()
      .describe('False when the score could not be recorded yet; it is recorded as soon as the database is back'),
    reviewId: reviewId.nullable().describe('The order’s review, if it has one'),
    reviewState: reviewState.nullable().describe('State of that review'),
    latencyMs: z.number().describe('Milliseconds that scoring took'),
    scoredAt: timestamp,
    outcome: outcome.nullable().describe('Null until the order has a label'),
  })
  .meta({ id: 'FraudScore', title: 'Fraud score' });

export const review = z
  .object({
    id: reviewId,
    orderId,
    scoreId: scoreId.describe('The score that opened the review'),
    customerId: z.string().nullable(),
    amount: money.nullable(),
    score: probability,
    reasons: z.array(reason),
    state: reviewState,
    openedAt: timestamp,
    expiresAt: timestamp.describe('Open reviews expire then'),
    decidedAt: timestamp.nullable(),
    decidedBy: z.string().nullable().describe('Who decided: the caller, or the id that the caller gave'),
    reason: z.string().nullable().describe('The reviewer’s reason; never sent in events'),
  })
  .meta({ id: 'FraudReview', title: 'Fraud review' });

export const why = text(500).describe('The reason; kept with the review, never sent in events');

export const notFound = (title: string) => ({ status: 404, title }) as const;
