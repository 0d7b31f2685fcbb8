import { defineContract } from '../../microservices/chassis/contract/index.ts';
import { fraudEvents } from './contract/events.ts';
import { policyOperations } from './contract/policy.ts';
import { reviewOperations } from './contract/reviews.ts';
import { scoreOperations } from './contract/scores.ts';

export const fraudContract = defineContract({
  domain: 'fraud',
  title: 'Fraud',
  description:
    'Scores orders from their customer’s history: how likely fraud is, why, and whether to approve, review or reject. People decide what it is unsure about, labels tell it what came of it, and costs set its thresholds. It advises; workflows and people act.',
  version: 1,
  personalData: true,
  operations: { ...scoreOperations, ...reviewOperations, ...policyOperations },
  events: fraudEvents,
});
