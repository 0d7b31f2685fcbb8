import { defineContract, withExamples } from '../../microservices/chassis/contract/index.ts';
import { fraudExamples } from './contract/examples.ts';
import { fraudEvents } from './contract/events.ts';
import { policyOperations } from './contract/policy.ts';
import { reviewOperations } from './contract/reviews.ts';
import { scoreOperations } from './contract/scores.ts';

export const fraudContract = defineContract({
  domain: 'fraud',
  title: 'Fraud',
  noun: 'Fraud',
  description:
    'Scores orders by their customer’s history: the probability of fraud, the reasons, and the advice to approve, review or reject. People decide unsure cases, labels record the outcomes, and costs set the thresholds. Scores only advise; workflows and people act.',
  version: 1,
  personalData: true,
  operations: { ...scoreOperations, ...reviewOperations, ...policyOperations },
  events: withExamples(fraudEvents, fraudExamples),
});
