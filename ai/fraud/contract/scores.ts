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
      'Answers how likely an order is fraud, what to do about it, and why. The order’s facts come from its order.created event, or from `order` when the event has not arrived yet. Asking again with the same facts answers the same score, so a repeat opens no second review. It answers within its time limit whatever happens: when the history cannot be read it scores the input alone and says degraded. Nothing is done to the order.',
    access: { scope: 'fraud:score' },
    readOnly: true,
    input: z.object({
      orderId,
      order: takingWhole(orderFacts)
        .optional()
        .describe('The order as order.created tells it, for example {{ $json.data }}'),
      ipAddress: ipAddress.optional().describe('Where the order came from; kept only as a keyed hash'),
      deviceId: reference.optional().describe('The device as the storefront knows it; kept only as a keyed hash'),
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
    description:
      'The record of one decision: what the model saw, what it said and why, and what the order turned out to be.',
    access: { scope: 'fraud:read' },
    input: z.object({ scoreId }),
    output: score,
    errors: { SCORE_NOT_FOUND: notFound('Score not found') },
  }),
  listScores: operation({
    method: 'GET',
    path: '/fraud/scores',
    title: 'List scores',
    description: 'Records of decisions, newest first, by order, customer, decision or time.',
    access: { scope: 'fraud:read' },
    input: z.object({
      orderId: orderId.optional(),
      customerId: customerId.optional(),
      decision: decision.optional(),
      degraded: z.boolean().optional().describe('Whether those made without history are meant, or the others'),
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
      'Tells what an order turned out to be: a chargeback came, or the customer confirmed it. Becomes the outcome of its scores and evidence for later ones. The latest label of an order stands.',
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
      'How well scores agree with what labelled orders turned out to be: per range of scores the mean score beside the share of fraud, and the Brier score. Each order counts once, with its first score that had its history. Unlabelled orders are counted, not guessed.',
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
    description: 'The model in full: what each feature adds to the log-odds of fraud in each of its ranges.',
    access: { scope: 'fraud:read' },
    input: z.object({}),
    output: z.object({
      modelVersion: z.string(),
      baseLogOdds: z.number().describe('Of the expected share of fraud in the policy'),
      characteristics: z.array(
        z.object({
          code: z.string(),
          title: z.string(),
          feature: z.string().describe('Name of the feature; when it is not known it adds nothing'),
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
