import { z } from 'zod';
import { currency, money, operation, positiveMoney, timestamp } from '../../../microservices/chassis/contract/index.ts';
import { probability } from './values.ts';

const share = (least: number, most: number) => z.number().min(least).max(most);

/** What mistakes and looking cost; the thresholds follow from it. */
export const policyFields = {
  expectedFraudRate: share(0.000_1, 0.5).describe(
    'Share of orders that are fraud before anything is known of one: 0.005 is 1 in 200',
  ),
  fraudLossRate: share(0.01, 10).describe(
    'What an undetected fraud costs, as a share of the order’s amount: 1 is all of it',
  ),
  rejectedGoodOrderCost: share(0.01, 10).describe(
    'What refusing an honest order costs, as a share of its amount: margin and goodwill',
  ),
  reviewCosts: z
    .array(positiveMoney)
    .max(50)
    .describe('What it costs that a person looks at one order, once per currency'),
  reviewCostShare: share(0, 1).describe(
    'The same as a share of the amount, for currencies without a cost of their own',
  ),
  reviewAccuracy: share(0.5, 1).describe('How often the person who looks is right'),
  alwaysReviewFrom: probability.describe('From this probability on a person looks, however small the order'),
  neverRejectBelow: share(0.5, 1).describe('Below this probability refusing is never advised, whatever the costs say'),
  whenDegraded: z
    .enum(['thresholds', 'review'])
    .describe(
      'Without history: decide by the thresholds as usual (but never reject), or let a person look at every order',
    ),
  reviewHours: z.int().min(1).max(8_760).describe('An open review expires after so many hours'),
};

export const policy = z
  .object({
    version: z.int().describe('Counts the changes; 0 is the default'),
    ...policyFields,
    thresholds: z
      .array(
        z.object({
          amount: money,
          review: probability.describe('From here on a person should look'),
          reject: probability.describe('From here on refusing is advised'),
        }),
      )
      .describe('What follows from the costs for orders of these amounts'),
    changedAt: timestamp.nullable(),
  })
  .meta({ id: 'FraudPolicy', title: 'Fraud policy' });

const optional = <Shape extends Record<string, z.ZodType>>(shape: Shape) => z.object(shape).partial();

export const policyOperations = {
  getPolicy: operation({
    method: 'GET',
    path: '/fraud/policy',
    title: 'Get policy',
    description: 'What mistakes and reviews cost, and the thresholds that follow from it.',
    access: { scope: 'fraud:read' },
    input: z.object({}),
    output: policy,
  }),
  setPolicy: operation({
    method: 'PATCH',
    path: '/fraud/policy',
    title: 'Set policy',
    description:
      'Changes the costs that are named; the others stay. Each decision is the cheapest on average: approve, review or reject, for the order’s probability and amount.',
    access: { scope: 'fraud:admin' },
    input: optional(policyFields),
    output: policy,
    errors: {
      CURRENCY_TWICE: {
        status: 422,
        title: 'Duplicate currency',
        data: z.object({ currency }),
      },
    },
  }),
};
