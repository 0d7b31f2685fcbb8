import {
  Partitioners,
  type ICustomPartitioner,
  type Producer,
  type ProducerBatch,
  type ProducerRecord,
  type RecordMetadata,
} from 'kafkajs';
import { inTurn } from './in-turn.ts';

/**
 * One producer id at the broker: how many sends are under way with it, and which partitions of each topic the send of
 * the moment is for.
 */
interface Identity {
  producer: Producer;
  connecting: Promise<void> | undefined;
  inFlight: number;
  meant: Map<string, Set<number>>;
}

/**
 * A producer that says "published" only of what is published. kafkajs 2.2.4 (producer/sendMessages) does not, in two
 * cases:
 *
 * - A leader dies in the middle of a send to several brokers, and its partitions move to one that has answered
 *   already: the second attempt leaves them out, and the send succeeds without them. So the partitions of the answers
 *   are compared with those that the messages were meant for.
 * - A send failed: then nobody knows which of its messages the broker has, and the sequence numbers go back to those
 *   from before it. Other messages under these numbers are refused for ever (OUT_OF_ORDER_SEQUENCE_NUMBER), or are
 *   taken for the old ones and dropped, with success as the answer. So a failed send ends the producer id, and sends to
 *   one topic go one after the other.
 *
 * Whoever sends again what failed may send twice, as with every producer: consumers know an event by its id.
 */
export const exactProducer = (open: (partitioner: ICustomPartitioner) => Producer): Producer => {
  let current = newIdentity(open);
  const takeTurn = inTurn();

  const attempt = async (
    topics: readonly string[],
    send: (producer: Producer) => Promise<RecordMetadata[]>,
  ): Promise<RecordMetadata[]> => {
    const used = current;
    await connected(used);
    used.inFlight += 1;
    for (const topic of topics) used.meant.set(topic, new Set());
    try {
      const answers = await send(used.producer);
      for (const topic of topics) refuseGaps(topic, used.meant.get(topic) ?? new Set(), answers);
      return answers;
    } catch (error) {
      if (used === current) current = newIdentity(open);
      throw error;
    } finally {
      used.inFlight -= 1;
      if (used !== current && used.inFlight === 0) void used.producer.disconnect().catch(() => undefined);
    }
  };

  return {
    ...current.producer,
    connect: () => connected(current),
    disconnect: () => current.producer.disconnect(),
    send: (record: ProducerRecord) =>
      takeTurn([record.topic], () => attempt([record.topic], (producer) => producer.send(record))),
    sendBatch: (batch: ProducerBatch) => {
      const topics = [...new Set((batch.topicMessages ?? []).map(({ topic }) => topic))];
      return takeTurn(topics, () => attempt(topics, (producer) => producer.sendBatch(batch)));
    },
  };
};

const newIdentity = (open: (partitioner: ICustomPartitioner) => Producer): Identity => {
  const meant = new Map<string, Set<number>>();
  const noting: ICustomPartitioner = () => {
    const choose = Partitioners.DefaultPartitioner();
    return (args) => {
      const partition = choose(args);
      meant.get(args.topic)?.add(partition);
      return partition;
    };
  };
  return { producer: open(noting), connecting: undefined, inFlight: 0, meant };
};

const connected = async (identity: Identity): Promise<void> => {
  identity.connecting ??= identity.producer.connect();
  try {
    await identity.connecting;
  } catch (error) {
    identity.connecting = undefined;
    throw error;
  }
};

const refuseGaps = (topic: string, meant: ReadonlySet<number>, answers: readonly RecordMetadata[]): void => {
  const answered = new Set(answers.filter(({ topicName }) => topicName === topic).map(({ partition }) => partition));
  const missing = [...meant].filter((partition) => !answered.has(partition));
  if (missing.length === 0) return;
  throw new Error(
    `Kafka did not store the messages for ${topic}, partitions ${missing.join(', ')}: their leader changed meanwhile. Send them again.`,
  );
};
