import { z } from 'zod';
import {
  choices,
  currency,
  expectedVersion,
  money,
  operation,
  positiveMoney,
  timestamp,
  version,
  VERSION_CONFLICT,
} from '../../../microservices/chassis/contract/index.ts';
import { probability } from './values.ts';

const share = (least: number, most: number) => z.number().min(least).max(most);

/** Costs of mistakes and reviews; the thresholds follow from them. */
export const policyFields = {
  expectedFraudRate: share(0.000_1, 0.5).describe('Share of all orders that are fraud: 0.005 is 1 in 200'),
  fraudLossRate: share(0.01, 10).describe(
    'Cost of an undetected fraud, as a share of the order’s amount: 1 is all of it',
  ),
  rejectedGoodOrderCost: share(0.01, 10).describe(
    'Cost of refusing an honest order, as a share of its amount: margin and goodwill',
  ),
  reviewCosts: z.array(positiveMoney).max(50).describe('Cost of reviewing one order, one amount for each currency'),
  reviewCostShare: share(0, 1).describe('The same as a share of the order’s amount, for currencies not in reviewCosts'),
  reviewAccuracy: share(0.5, 1).describe('Share of reviews in which the person decides correctly'),
  alwaysReviewFrom: probability.describe('From this probability on an order is always reviewed, however small it is'),
  neverRejectBelow: share(0.5, 1).describe(
    'Below this probability the advice is never to reject, whatever the costs are',
  ),
  whenDegraded: choices({
    thresholds: 'Decide by the thresholds, but never reject',
    review: 'Let a person check every order',
  }).describe('Without history: decide by the thresholds (but never reject), or review every order'),
  reviewHours: z.int().min(1).max(8_760).describe('An open review expires after so many hours'),
};

export const policy = z
  .object({
    version,
    ...policyFields,
    thresholds: z
      .array(
        z.object({
          amount: money,
          review: probability.describe('From this probability on the advice is to review'),
          reject: probability.describe('From this probability on the advice is to reject'),
        }),
      )
      .describe('The thresholds for orders of these amounts'),
    changedAt: timestamp.nullable(),
  })
  .meta({ id: 'FraudPolicy', title: 'Fraud policy' });

const optional = <Shape extends Record<string, z.ZodType>>(shape: Shape) => z.object(shape).partial();

export const policyOperations = {
  getPolicy: operation({
    method: 'GET',
    path: '/fraud/policy',
    title: 'Get policy',
    description: 'The costs of mistakes and reviews, and the thresholds that follow from them.',
    access: { scope: 'fraud:read' },
    input: z.object({}),
    output: policy,
  }),
  setPolicy: operation({
    method: 'PATCH',
    path: '/fraud/policy',
    title: 'Set policy',
    description:
      'Changes only the given costs. Each decision is the cheapest on average for the order’s probability and amount: approve, review or reject.',
    access: { scope: 'fraud:admin' },
    input: optional(policyFields).extend({ expectedVersion }),
    output: policy,
    errors: {
      VERSION_CONFLICT,
      CURRENCY_TWICE: {
        status: 422,
        title: 'Duplicate currency',
        data: z.object({ currency }),
      },
    },
  }),
};
