import type { Kafka } from 'kafkajs';

export interface TopicPlan {
  topic: string;
  partitions: number;
  replicationFactor: number;
  /** Milliseconds; -1 keeps for ever. */
  retentionMs: number;
}

/** Topics that others should have made are missing; the message names them. */
export class MissingTopics extends Error {}

/** Throws MissingTopics unless all of these are there. Creates nothing, so a user without that right can call it. */
export const expectTopics = async (kafka: Kafka, plans: readonly TopicPlan[]): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = plans.map(({ topic }) => topic).filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;
    throw new MissingTopics(
      `Kafka has no ${missing.length === 1 ? 'topic' : 'topics'} ${missing.join(', ')}, and TOPICS=expect leaves creating them to others. Create what is missing (\`fusioncommerce topics\` does), or give the user the right to describe it.`,
    );
  } finally {
    await admin.disconnect();
  }
};

/**
 * Creates the topics that are missing and leaves the others as they are; brokers never create topics by themselves
 * here.
 */
export const ensureTopics = async (kafka: Kafka, plans: readonly TopicPlan[]): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = plans.filter((plan) => !existing.has(plan.topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((plan) => ({
        topic: plan.topic,
        numPartitions: plan.partitions,
        replicationFactor: plan.replicationFactor,
        configEntries: [{ name: 'retention.ms', value: String(plan.retentionMs) }],
      })),
    });
  } finally {
    await admin.disconnect();
  }
};
