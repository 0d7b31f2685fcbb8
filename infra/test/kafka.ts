import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, KafkaMessage, Producer } from 'kafkajs';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
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

/** Reads from the beginning to where the topic ends now, with a consumer group of its own. */
export const readTopic = async (kafka: Kafka, topic: string): Promise<KafkaMessage[]> => {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const missing = new Map(
    ends.filter(({ low, high }) => Number(high) > Number(low)).map(({ partition, high }) => [partition, Number(high)]),
  );
  const messages: { partition: number; message: KafkaMessage }[] = [];
  if (missing.size === 0) return [];
  const consumer = openConsumer(kafka, { groupId: `reader-${Math.random()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      messages.push({ partition, message });
      if (Number(message.offset) + 1 >= (missing.get(partition) ?? 0)) missing.delete(partition);
    },
  });
  while (missing.size > 0) await sleep(10);
  await consumer.disconnect();
  return messages
    .toSorted((a, b) => a.partition - b.partition || Number(a.message.offset) - Number(b.message.offset))
    .map(({ message }) => message);
};
