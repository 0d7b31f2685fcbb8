import type { Kafka, KafkaMessage } from 'kafkajs';
import type { InFlightLimits } from '../in-flight.ts';

/** A message and where it lies. */
export interface ReceivedMessage {
  topic: string;
  partition: number;
  message: KafkaMessage;
}

/** Offsets by topic and partition. */
export type StartOffsets = Record<string, Record<string, string>>;

export interface StartOffset {
  topic: string;
  partition: number;
  offset: string;
}

/** The step that failed and is tried again: handling a message, committing positions, or finding out where to begin. */
export type Trouble = 'handle' | 'commit' | 'positions';

export interface ConsumeOptions {
  kafka: Kafka;
  group: string;
  topics: readonly string[];
  limits: InFlightLimits;
  /** How long the group waits for a member that is silent, and for one that has yet to join again. Milliseconds. */
  timeouts: { session: number; rebalance: number };
  /** How soon positions are committed after a message was handled, or only passed over. Milliseconds. */
  commitAfter: { handled: number; skipped: number };
  /** Written beside each committed offset. */
  metadata?: string;
  /**
   * Where the group begins on a partition without a committed offset; with the oldest message kept where nothing is
   * said.
   */
  startAt?: StartOffsets;
  /** Offsets that the group is set to before the first message is taken, whatever it had committed. */
  begin?: readonly StartOffset[];
  /** True for a message that needs handling; any other is passed over at once. */
  wants: (received: ReceivedMessage) => boolean;
  /**
   * Handles one message. `done` lets the position pass it. `left` keeps it for whoever consumes next: later messages go
   * on, but the position never passes. The signal is aborted when the partition went to another consumer and at the
   * stop. When it throws it is called again a second later.
   */
  handle: (received: ReceivedMessage, signal: AbortSignal) => Promise<'done' | 'left'>;
  /** Runs before positions are committed; when it throws they are not. */
  beforeCommit?: () => Promise<void>;
  /** The broker responded: a fetch, a heartbeat, a commit, a join. */
  onSign: () => void;
  /** kafkajs gave up for good. */
  onEnd: (error: Error) => void;
  onTrouble: (trouble: Trouble, error: unknown) => void;
}
