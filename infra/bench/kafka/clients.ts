import { Consumer, ProduceAcks, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { createKafka, createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../../microservices/chassis/kafka/consumer.ts';
import { createLogger } from '../../../microservices/chassis/telemetry/log.ts';

export interface BenchMessage {
  key: string;
  value: string;
  headers: Record<string, string>;
}

/** A Kafka client as this bench uses it. */
export interface BenchClient {
  name: string;
  open(
    address: string,
    topic: string,
  ): Promise<{
    /** One request with all of them, acknowledged by every replica. */
    produce: (messages: readonly BenchMessage[]) => Promise<void>;
    /** Joins a new group at the beginning and reads until so many were seen; returns their ids. */
    consume: (count: number) => Promise<Set<string>>;
    close: () => Promise<void>;
  }>;
}

/** Of the CloudEvents header that every event carries. */
const ID_HEADER = 'ce_id';

export const kafkajsClient: BenchClient = {
  name: 'kafkajs',
  open: async (address, topic) => {
    const log = createLogger({ level: 'error', service: 'bench' });
    const kafka = createKafka({ brokers: [address], clientId: 'bench', log });
    const producer = createProducer(kafka);
    await producer.connect();
    return {
      produce: async (messages) => void (await producer.send({ topic, acks: -1, messages: [...messages] })),
      consume: async (count) => {
        const ids = new Set<string>();
        const consumer = openConsumer(kafka, { groupId: `read-${topic}`, maxWaitTimeInMs: 100 });
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await new Promise<void>((resolve, reject) => {
          consumer
            .run({
              eachBatch: async ({ batch }) => {
                for (const { headers } of batch.messages) ids.add(String(headers?.[ID_HEADER]));
                if (ids.size >= count) resolve();
              },
            })
            .catch(reject);
        });
        await consumer.disconnect();
        return ids;
      },
      close: () => producer.disconnect(),
    };
  },
};

export const platformaticClient: BenchClient = {
  name: '@platformatic/kafka',
  open: async (address, topic) => {
    const common = { clientId: 'bench', bootstrapBrokers: [address] };
    const producer = new Producer({ ...common, serializers: stringSerializers, idempotent: true });
    return {
      produce: async (messages) =>
        void (await producer.send({
          messages: messages.map((message) => ({ topic, ...message })),
          acks: ProduceAcks.ALL,
        })),
      consume: async (count) => {
        const ids = new Set<string>();
        const groupId = `read-${topic}`;
        const consumer = new Consumer({ ...common, groupId, deserializers: stringDeserializers, maxWaitTime: 100 });
        const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: 5_000 });
        for await (const { headers } of stream) {
          ids.add(String(headers.get(ID_HEADER)));
          if (ids.size >= count) break;
        }
        await consumer.close(true);
        return ids;
      },
      close: async () => void (await producer.close()),
    };
  },
};
