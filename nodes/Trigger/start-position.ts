import type { Admin } from 'kafkajs';
import type { StartOffset } from '../../microservices/chassis/kafka/consume/options.ts';
import { fetchCommitted } from '../../microservices/chassis/kafka/offsets.ts';

/** Where to begin. Each but "committed" is applied once: after that, the trigger goes on where it left off, restarts included. */
export type StartPosition =
  { at: 'committed' } | { at: 'latest' } | { at: 'earliest' } | { at: 'timestamp'; timestamp: number };

/** The state of one partition before the trigger begins. */
export interface PartitionState {
  topic: string;
  partition: number;
  /** The offset that the group committed last; undefined when it never did. */
  committed: string | undefined;
  /** The metadata of that offset: the start position it came from. */
  metadata: string | null;
  /** Where the chosen position lies. */
  chosen: string;
}

/** Stands beside each committed offset, so that a position that was applied is not applied again. */
export const markOf = (position: StartPosition): string =>
  position.at === 'timestamp' ? `fusioncommerce:timestamp:${position.timestamp}` : `fusioncommerce:${position.at}`;

/**
 * The offsets to set before reading. A partition without a committed offset gets one at once: otherwise what is published between the activation
 * and the first commit would be lost by a crash. An explicit position is applied unless the last commit came from the same one.
 */
export const offsetsToSet = (position: StartPosition, partitions: readonly PartitionState[]): StartOffset[] =>
  partitions
    .filter(
      ({ committed, metadata }) =>
        committed === undefined || (position.at !== 'committed' && metadata !== markOf(position)),
    )
    .map(({ topic, partition, chosen }) => ({ topic, partition, offset: chosen }));

/** Asks the broker where a trigger's group stands and where its start position lies, for every partition of its topics. */
export const readPartitions = async (
  admin: Admin,
  group: string,
  topics: readonly string[],
  position: StartPosition,
): Promise<PartitionState[]> => {
  const committed = await fetchCommitted(admin, group, topics);
  const states = await Promise.all(
    topics.map(async (topic) => {
      const chosen = await chosenOffsets(admin, topic, position);
      const known = committed.find((entry) => entry.topic === topic)?.partitions ?? [];
      return [...chosen].map(([partition, offset]) => {
        const last = known.find((entry) => entry.partition === partition);
        const has = last !== undefined && Number(last.offset) >= 0;
        return {
          topic,
          partition,
          committed: has ? last.offset : undefined,
          metadata: has ? last.metadata : null,
          chosen: offset,
        };
      });
    }),
  );
  return states.flat();
};

/** New triggers that ask for the committed position begin with what happens from now on. */
const chosenOffsets = async (admin: Admin, topic: string, position: StartPosition): Promise<Map<number, string>> => {
  const ends = await admin.fetchTopicOffsets(topic);
  if (position.at !== 'timestamp') {
    return new Map(ends.map(({ partition, low, high }) => [partition, position.at === 'earliest' ? low : high]));
  }
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, position.timestamp);
  return new Map(
    ends.map(({ partition, high }) => {
      const offset = found.find((entry) => entry.partition === partition)?.offset;
      return [partition, offset !== undefined && Number(offset) >= 0 ? offset : high];
    }),
  );
};
