import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kafka, KafkaMessage, Producer } from 'kafkajs';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { readTopics } from '../../microservices/chassis/kafka/read-topics.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { removeTopics, startTestBroker } from './broker.ts';

export interface TestKafka {
  kafka: Kafka;
  producer: Producer;
  /** "host:port" */
  address: string;
  /** Makes a topic and its dead-letter topic. */
  createTopic(topic: string, partitions?: number): Promise<void>;
  /** Everything that a topic holds by now, by partition and offset. */
  read(topic: string): Promise<KafkaMessage[]>;
  /** Takes the broker away, and brings it back on the same port with the same data. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Removes every topic, and with it what groups had committed on it. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** A broker of a test's own with one client. */
export const startTestKafka = async (): Promise<TestKafka> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-kafka-'));
  const { address, down, up } = await startTestBroker(folder);
  const kafka = createKafka({ brokers: [address], clientId: 'test', log: silentLog });
  const producer = createProducer(kafka);
  await producer.connect();
  return {
    kafka,
    producer,
    address,
    down,
    up,
    createTopic: (topic, partitions = 1) =>
      ensureTopics(
        kafka,
        [topic, `${topic}.dlq`].map((name) => ({ topic: name, partitions, replicationFactor: 1, retentionMs: -1 })),
      ),
    read: (topic) => readTopic(kafka, topic),
    clear: () => removeTopics(address),
    stop: async () => {
      await producer.disconnect();
      await down();
      await rm(folder, { recursive: true });
    },
  };
};

/**
 * The messages on a topic now, partition by partition in offset order. Throws when it cannot be read within a minute.
 */
export const readTopic = async (kafka: Kafka, topic: string): Promise<KafkaMessage[]> => {
  const { messages, complete } = await readTopics(kafka, [topic]);
  if (!complete) throw new Error(`The topic ${topic} could not be read to its end; ${messages.length} messages came.`);
  return messages.map(({ message }) => message);
};
