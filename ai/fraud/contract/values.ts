import { z } from 'zod';
import {
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

export const decision = z
  .enum(['approve', 'review', 'reject'])
  .describe(
    'What the score advises: go on, let a person look, or refuse. Nothing is done to the order: the workflow acts',
  );

export const probability = z.number().min(0).max(1);

export const reviewState = z
  .enum(['open', 'approved', 'rejected', 'expired'])
  .describe('open waits for a person; expired: nobody decided in time, or the order ended before');

export const label = z.enum(['fraud', 'legitimate']).describe('Order outcome');

export const labelSource = z
  .enum(['chargeback', 'review', 'customer', 'staff', 'payment_provider', 'delivery', 'other'])
  .describe('How this became known');

/** The part of an order.created event that a score is made from: what a journey holds in its hands already. */
export const orderFacts = z
  .object({
    customerId: customerId.nullish().describe('Null or left out for a guest'),
    lines: z
      .array(z.object({ quantity: z.int().min(1).max(1_000_000) }))
      .max(500)
      .default([]),
    totals: z.object({ grandTotal: nonNegativeMoney.describe('What is charged') }),
    paymentMethod: reference.optional().describe('wallet or cash_on_delivery'),
    shippingCountry: country.optional(),
    placedAt: timestamp.describe('When the order was placed; the customer’s past is seen as of this moment'),
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
    detail: z.string().describe('What was seen, with its numbers'),
  })
  .meta({ id: 'FraudReason', title: 'Score reason' });

export const features = z
  .record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()]))
  .describe('What the model saw, by name; null is not known. No personal data');

export const outcome = z
  .object({ label, source: labelSource, labelledAt: timestamp })
  .meta({ id: 'FraudOutcome', title: 'Order outcome' });

export const score = z
  .object({
    id: scoreId,
    orderId,
    customerId: z.string().nullable().describe('Null for a guest'),
    amount: money.nullable().describe('What the order charges; null when nothing was known of it'),
    score: probability.describe('Probability of fraud as the model sees it, 0 to 1'),
    decision,
    baseLogOdds: z
      .number()
      .describe('Log-odds before any reason; with the contributions it sums to the score’s log-odds'),
    reasons: z.array(reason).describe('Strongest first. What contributes nothing is left out'),
    features,
    thresholds: z
      .object({
        review: probability.describe('From here on a person should look'),
        reject: probability.describe('From here on refusing is advised'),
      })
      .describe('What the policy made of the costs for this amount'),
    modelVersion: z.string(),
    policyVersion: z.int(),
    degraded: z
      .boolean()
      .describe(
        'True when the history could not be read in time: the score is made from the input alone and never advises to reject',
      ),
    recorded: z
      .boolean()
      .describe('False when the decision could not be written down yet; it is written as soon as the database is back'),
    reviewId: reviewId.nullable().describe('The order’s review, when a person has to look or has looked'),
    reviewState: reviewState.nullable().describe('What became of that review so far'),
    latencyMs: z.number().describe('How long the answer took to make'),
    scoredAt: timestamp,
    outcome: outcome.nullable().describe('Null as long as nobody has labelled the order'),
  })
  .meta({ id: 'FraudScore', title: 'Fraud score' });

export const review = z
  .object({
    id: reviewId,
    orderId,
    scoreId: scoreId.describe('The score that asked for it'),
    customerId: z.string().nullable(),
    amount: money.nullable(),
    score: probability,
    reasons: z.array(reason),
    state: reviewState,
    openedAt: timestamp,
    expiresAt: timestamp.describe('Open reviews expire then'),
    decidedAt: timestamp.nullable(),
    decidedBy: z.string().nullable().describe('Who decided: the caller, or whom the caller named'),
    reason: z.string().nullable().describe('Why, as the person wrote it; never sent in events'),
  })
  .meta({ id: 'FraudReview', title: 'Fraud review' });

export const why = text(500).describe('Why; kept with the review, never sent in events');

export const notFound = (title: string) => ({ status: 404, title }) as const;
