import { topicOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import { deadLetterTopic } from '../../microservices/chassis/events/dead-letter.ts';
import { JOURNEY_REPORTS } from '../../microservices/chassis/events/journey-report.ts';
import type { TopicPlan } from '../../microservices/chassis/kafka/topics.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A domain's topic keeps a week of events; its dead letters wait a month for somebody to look. */
export const topicsOf = (contracts: readonly Contract[], partitions = 6, replicationFactor = 1): TopicPlan[] => [
  ...contracts.map(topicOf).flatMap((topic) => [
    { topic, partitions, replicationFactor, retentionMs: 7 * DAY_MS },
    { topic: deadLetterTopic(topic), partitions: 1, replicationFactor, retentionMs: 30 * DAY_MS },
  ]),
  { topic: JOURNEY_REPORTS, partitions, replicationFactor, retentionMs: 7 * DAY_MS },
];
