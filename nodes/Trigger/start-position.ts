import type { Admin } from 'kafkajs';
import type { StartOffset } from '../../microservices/chassis/kafka/consume/options.ts';
import { fetchCommitted } from '../../microservices/chassis/kafka/offsets.ts';

/**
 * Where to begin. Each but "committed" is applied once: after that, the trigger goes on where it left off, restarts
 * included.
 */
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
  /** Where the partition ends. */
  end: string;
}

/** How many messages a group that was here before has not passed yet. */
export const waitingMessages = (partitions: readonly Pick<PartitionState, 'committed' | 'end'>[]): number =>
  partitions.reduce(
    (sum, { committed, end }) => sum + (committed === undefined ? 0 : Math.max(0, Number(end) - Number(committed))),
    0,
  );

/** Stands beside each committed offset, so that a position that was applied is not applied again. */
export const markOf = (position: StartPosition): string =>
  position.at === 'timestamp' ? `fusioncommerce:timestamp:${position.timestamp}` : `fusioncommerce:${position.at}`;

/**
 * The offsets to set before reading. A partition without a committed offset gets one at once: otherwise what is
 * published between the activation and the first commit would be lost by a crash. An explicit position is applied
 * unless the last commit came from the same one.
 */
export const offsetsToSet = (position: StartPosition, partitions: readonly PartitionState[]): StartOffset[] =>
  partitions
    .filter(
      ({ committed, metadata }) =>
        committed === undefined || (position.at !== 'committed' && metadata !== markOf(position)),
    )
    .map(({ topic, partition, chosen }) => ({ topic, partition, offset: chosen }));

/**
 * Asks the broker where a trigger's group stands and where its start position lies, for every partition of its topics.
 */
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
      return chosen.map(({ partition, offset, end }) => {
        const last = known.find((entry) => entry.partition === partition);
        const has = last !== undefined && Number(last.offset) >= 0;
        return {
          topic,
          partition,
          committed: has ? last.offset : undefined,
          metadata: has ? last.metadata : null,
          chosen: offset,
          end,
        };
      });
    }),
  );
  return states.flat();
};

interface Chosen {
  partition: number;
  offset: string;
  end: string;
}

/** New triggers that ask for the committed position begin with what happens from now on. */
const chosenOffsets = async (admin: Admin, topic: string, position: StartPosition): Promise<Chosen[]> => {
  const ends = await admin.fetchTopicOffsets(topic);
  if (position.at !== 'timestamp') {
    const isEarliest = position.at === 'earliest';
    return ends.map(({ partition, low, high }) => ({ partition, offset: isEarliest ? low : high, end: high }));
  }
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, position.timestamp);
  return ends.map(({ partition, high }) => {
    const offset = found.find((entry) => entry.partition === partition)?.offset;
    return { partition, offset: offset !== undefined && Number(offset) >= 0 ? offset : high, end: high };
  });
};
