import { z } from 'zod';
import {
  country,
  email,
  operation,
  page,
  pageQuery,
  reference,
  takingWhole,
  timestamp,
} from '../../../microservices/chassis/contract/index.ts';
import {
  customerId,
  decision,
  label,
  labelSource,
  notFound,
  orderFacts,
  orderId,
  outcome,
  probability,
  score,
  scoreId,
} from './values.ts';

const ORDER_NOT_KNOWN = { status: 404, title: 'Order not found', data: z.object({ orderId }) } as const;

const ipAddress = z
  .string()
  .trim()
  .regex(/^[0-9a-fA-F:.]{3,45}$/, 'an IP address looks like 203.0.113.7 or 2001:db8::1')
  .meta({ examples: ['203.0.113.7'] });

export const scoreOperations = {
  scoreOrder: operation({
    method: 'POST',
    path: '/fraud/scores',
    title: 'Score order',
    description:
      'Returns the probability that an order is fraud, the advice and the reasons. The order’s facts come from its order.created event, or from `order` if the event has not arrived yet. A repeat with the same facts returns the same score and opens no second review. If the history cannot be read in time, only the input is scored and the score is marked degraded. The order itself is not changed.',
    access: { scope: 'fraud:score' },
    readOnly: true,
    input: z.object({
      orderId,
      order: takingWhole(orderFacts)
        .optional()
        .describe('The data of the order’s order.created event, as the trigger’s item has it under data'),
      ipAddress: ipAddress.optional().describe('IP address of the order; kept only as a keyed hash'),
      deviceId: reference.optional().describe('The storefront’s id of the device; kept only as a keyed hash'),
      email: email.optional().describe('E-mail address of the order; kept only as a keyed hash'),
      billingCountry: country.optional().describe('Country of the billing address or of the card'),
    }),
    output: score,
    errors: { ORDER_NOT_KNOWN },
  }),
  getScore: operation({
    method: 'GET',
    path: '/fraud/scores/{scoreId}',
    title: 'Get score',
    description: 'One score: the advice, its reasons, the model’s inputs and the order’s outcome.',
    access: { scope: 'fraud:read' },
    input: z.object({ scoreId }),
    output: score,
    errors: { SCORE_NOT_FOUND: notFound('Score not found') },
  }),
  listScores: operation({
    method: 'GET',
    path: '/fraud/scores',
    title: 'List scores',
    description: 'Scores, newest first. Filter by order, customer, decision or time.',
    access: { scope: 'fraud:read' },
    input: z.object({
      orderId: orderId.optional(),
      customerId: customerId.optional(),
      decision: decision.optional(),
      degraded: z.boolean().optional().describe('Whether to list only scores made without history, or only the others'),
      from: timestamp.optional().describe('Scored at this moment or later'),
      to: timestamp.optional().describe('Scored before this moment'),
      ...pageQuery,
    }),
    output: page(score),
  }),
  labelOrder: operation({
    method: 'POST',
    path: '/fraud/labels',
    title: 'Label order',
    description:
      'Records the outcome of an order, for example after a chargeback. It becomes the outcome of the order’s scores and counts for later ones. The latest label of an order is valid.',
    access: { scope: 'fraud:write' },
    input: z.object({ orderId, label, source: labelSource }),
    output: z.object({ orderId, ...outcome.shape }),
    errors: { ORDER_NOT_KNOWN },
  }),
  evaluateScores: operation({
    method: 'GET',
    path: '/fraud/evaluation',
    title: 'Evaluate scores',
    description:
      'Compares scores with the outcomes of labelled orders: mean score and share of fraud for each range of scores, and the Brier score. Each order counts once, with its first score that was not degraded. Orders without a label are only counted.',
    access: { scope: 'fraud:read' },
    input: z.object({
      from: timestamp.optional().describe('Scored at this moment or later'),
      to: timestamp.optional().describe('Scored before this moment'),
      modelVersion: reference.optional().describe('Scores of this version only'),
    }),
    output: z.object({
      scored: z.int().describe('Orders scored'),
      labelled: z.int().describe('Of these, orders with a label'),
      frauds: z.int().describe('Of these, orders labelled fraud'),
      brier: z.number().nullable().describe('Mean squared error of the score over labelled orders; lower is better'),
      bins: z.array(
        z.object({
          from: probability.describe('Scores from here'),
          to: probability.describe('to below here'),
          scored: z.int(),
          labelled: z.int(),
          meanScore: z.number().nullable().describe('Mean score of its labelled orders'),
          fraudRate: z.number().nullable().describe('Share of fraud among its labelled orders'),
        }),
      ),
    }),
  }),
  getScorecard: operation({
    method: 'GET',
    path: '/fraud/scorecard',
    title: 'Get scorecard',
    description: 'The whole model: how much each range of each feature adds to the log-odds of fraud.',
    access: { scope: 'fraud:read' },
    input: z.object({}),
    output: z.object({
      modelVersion: z.string(),
      baseLogOdds: z.number().describe('Log-odds of the policy’s expectedFraudRate'),
      characteristics: z.array(
        z.object({
          code: z.string(),
          title: z.string(),
          feature: z.string().describe('Name of the feature; an unknown feature adds nothing'),
          bins: z.array(
            z.object({
              from: z
                .number()
                .nullable()
                .describe('From this value on, up to the next bin; null for all below. No is 0, yes is 1'),
              contribution: z.number(),
            }),
          ),
        }),
      ),
    }),
  }),
};
