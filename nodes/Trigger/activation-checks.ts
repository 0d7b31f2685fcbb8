import type { Admin, Kafka } from 'kafkajs';
import { deadLetterTopic } from '../../microservices/chassis/events/dead-letter.ts';
import { REPLAYED } from '../../microservices/chassis/events/replay.ts';
import { placeOfType } from './event-types.ts';
import { readPartitions, type PartitionState, type StartPosition } from './start-position.ts';

/** An admin client that gives up soon, for questions that a person waits for. */
export const withAdmin = async <Answer>(kafka: Kafka, ask: (admin: Admin) => Promise<Answer>): Promise<Answer> => {
  const admin = kafka.admin({ retry: { initialRetryTime: 200, retries: 2 } });
  try {
    await admin.connect();
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
};

/**
 * Asks the broker everything that has to be right before a trigger may call itself active: it answers, the topics and
 * their dead-letter topics are there, the group may be used. Answers where the group stands, on the topic of replays
 * too where there is one; throws what is wrong.
 */
export const checkActivation = (
  kafka: Kafka,
  group: string,
  topics: readonly string[],
  position: StartPosition,
): Promise<{ topics: string[]; partitions: PartitionState[] }> =>
  withAdmin(kafka, async (admin) => {
    const visible = new Set(await admin.listTopics());
    const missing = topics.flatMap((topic) => [topic, deadLetterTopic(topic)]).filter((topic) => !visible.has(topic));
    if (missing.length > 0) throw new MissingTopics(missing);
    const replays = placeOfType(REPLAYED).topic;
    const read = [...new Set([...topics, ...(visible.has(replays) ? [replays] : [])])];
    return { topics: read, partitions: await readPartitions(admin, group, read, position) };
  });

export class MissingTopics extends Error {
  constructor(topics: readonly string[]) {
    super(
      `Kafka has no topic ${topics.map((topic) => `"${topic}"`).join(', ')}, or this user may not see it. Start FusionCommerce against this Kafka once (it creates its topics), or create them, or grant the user Describe on them.`,
    );
    this.name = 'MissingTopics';
  }
}
