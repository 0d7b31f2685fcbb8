import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload, KafkaMessage, Producer } from 'kafkajs';
import { createClient } from '../../../microservices/chassis/client.ts';
import { runInContext } from '../../../microservices/chassis/context.ts';
import { topicOf } from '../../../microservices/chassis/contract/index.ts';
import { sendToDeadLetters } from '../../../microservices/chassis/events/dead-letter.ts';
import { fromMessage, typeOf } from '../../../microservices/chassis/events/envelope.ts';
import { createKafka, createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../../microservices/chassis/kafka/consumer.ts';
import { createLogger, type Logger } from '../../../microservices/chassis/telemetry/log.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../../microservices/notifications/contract.ts';
import { ordersContract } from '../../../microservices/orders/contract.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { orderToConfirmation, type JourneyServices } from './order-to-confirmation.ts';

const GROUP = 'journey-order-to-confirmation';

export interface JourneyOptions {
  url: string;
  credential: string;
  kafka: string[];
  logLevel: string;
  /** Orders worked on at the same time per partition. */
  concurrency?: number;
}

export interface RunningJourney {
  stop(): Promise<void>;
}

/**
 * The order journey in code, for the fault tests: it drives every order.created to its end beside services that are
 * being killed, in seconds where n8n needs half a minute to start. A client like any other: public API in, Kafka events
 * in, nothing else. Offsets move only after the journeys of a slice ended, so a crash repeats them, harmlessly. What
 * merchants run is workflows/order-to-confirmation, tested under faults of its own in infra/n8n.
 */
export const startJourney = async (options: JourneyOptions): Promise<RunningJourney> => {
  const log = createLogger({ level: options.logLevel, service: 'journey' });
  const client = { url: options.url, credential: options.credential };
  const services: JourneyServices = {
    orders: createClient(ordersContract, client),
    inventory: createClient(inventoryContract, client),
    wallet: createClient(walletContract, client),
    notifications: createClient(notificationsContract, client),
  };
  const kafka = createKafka({ brokers: options.kafka, clientId: 'journey', log });
  const producer = createProducer(kafka);
  await producer.connect();
  const consumer = openConsumer(kafka, {
    groupId: GROUP,
    sessionTimeout: 30_000,
    // A stop waits for the fetch in flight: a long poll here is a long goodbye there.
    maxWaitTimeInMs: 1_000,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topicOf(ordersContract)], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 3,
    eachBatch: (payload) => runSlices(payload, options.concurrency ?? 8, { services, producer, log }),
  });
  return {
    stop: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
};

interface Means {
  services: JourneyServices;
  producer: Producer;
  log: Logger;
}

const runSlices = async (payload: EachBatchPayload, concurrency: number, means: Means): Promise<void> => {
  const { messages } = payload.batch;
  for (let start = 0; start < messages.length; start += concurrency) {
    const slice = messages.slice(start, start + concurrency);
    const ended = await Promise.all(slice.map((message) => untilEnded(payload, message, means)));
    const last = slice.at(-1);
    if (ended.includes(false) || !last) return;
    payload.resolveOffset(last.offset);
    await payload.heartbeat();
    await payload.commitOffsetsIfNecessary();
  }
};

/**
 * Runs one journey to its end, however long services are away. False when the consumer stops first: the message stays
 * for the next.
 */
const untilEnded = async (
  payload: EachBatchPayload,
  message: KafkaMessage,
  { services, producer, log }: Means,
): Promise<boolean> => {
  if (typeOf(message) !== 'order.created') return true;
  const read = readOrder(message);
  if (read instanceof Error) {
    await sendToDeadLetters(producer, payload.batch, message, GROUP, read);
    return true;
  }
  const { event, order } = read;
  for (let attempt = 1; payload.isRunning() && !payload.isStale(); attempt += 1) {
    try {
      await runInContext({ correlationId: event.correlationid, causationId: event.id }, () =>
        orderToConfirmation(order, event.id, services),
      );
      return true;
    } catch (error) {
      log.warn({ err: error, orderId: order.orderId, attempt }, 'a journey met trouble that may pass, trying again');
      await payload.heartbeat();
      await sleep(Math.min(5_000, 100 * 2 ** attempt));
    }
  }
  return false;
};

/** The order of a message, or what is wrong with it: such a message is nobody's order and goes to the dead letters. */
const readOrder = (message: KafkaMessage) => {
  try {
    const event = fromMessage(message);
    return { event, order: ordersContract.events['order.created'].payload.parse(event.data) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};
