import type { Coordinator } from '../groups/coordinator.ts';
import type { OffsetStore } from '../groups/committed-offsets.ts';
import type { Log, PartitionLog } from '../log/partition-log.ts';
import type { ProducerIds } from '../producers/producer-ids.ts';
import type { Session } from '../sign-in/session.ts';
import type { TopicStore } from '../topics/topic-store.ts';

/** Everything a request may touch. */
export type BrokerState = {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly autoCreateTopics: boolean;
  readonly log: Log;
  readonly topics: TopicStore;
  readonly offsets: OffsetStore;
  readonly coordinator: Coordinator;
  readonly producerIds: ProducerIds;
};

/** One request's resources. */
export type Call = {
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** How far the connection has come with its sign-in. */
  readonly session: Session;
  /** Where clients reach this broker, as told to this client. */
  readonly advertised: { readonly host: string; readonly port: number };
  /** The longest that a fetch waits for records. Milliseconds. */
  readonly fetchWaitMs: number;
  /** Runs once the response was sent, or will not be: the place to give memory back. */
  readonly afterwards: (cleanUp: () => void) => void;
  /** Calls back when the connection ends; returns how to stop listening. */
  readonly onClosed: (listener: () => void) => () => void;
};

export function findPartition(state: BrokerState, topic: string, partition: number): PartitionLog | undefined {
  return state.topics.topics.get(topic)?.partitions[partition];
}
