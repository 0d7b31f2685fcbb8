import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import { createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { readTopic } from '../../test/kafka.ts';
import { until } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { openShop, placeOrder } from '../shop.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

/** Those that at least react to the events that are poisoned: each has to put every one of them aside. */
const READERS = { 'order.cancelled': ['inventory', 'wallet'], 'order.created': ['journey-order-to-confirmation'] };

/** An order.cancelled that is not JSON, one that breaks its schema, and an order.created whose envelope is broken. */
const POISONS = [
  { type: 'order.cancelled', value: '{"torn', broken: {} },
  { type: 'order.cancelled', value: '{"orderId": 7}', broken: {} },
  { type: 'order.created', value: '{}', broken: { ce_id: 'not-a-uuid' } },
] as const;

/**
 * Messages nobody can read, among good ones: each lands in the dead letters of all who read its kind, none blocks its
 * partition.
 */
export const poison: Scenario = {
  name: 'poison messages',
  ordersSettle: true,
  run: async (platform, size) => {
    const rounds = size === 'full' ? 10 : 2;
    const shop = await openShop(platform, { skus: 2, stock: 10_000, customers: 2 });
    const producer = createProducer(platform.kafka);
    await producer.connect();
    const expected: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (let partition = 0; partition < 6; partition += 1)
        expected.push(...(await poisonPartition(producer, partition)));
      await placeOrder(platform, shop);
    }
    await producer.disconnect();
    const problems = await until(async () => {
      const found = await deadLetters(platform);
      const missing = expected.filter((one) => !found.has(one));
      return missing.length > 0 ? `${missing.length} dead letters are missing, such as ${missing[0]}` : undefined;
    });
    return { counts: { poisoned: rounds * 6 * POISONS.length, deadLetters: expected.length }, problems };
  },
};

/** Returns the dead letters that have to come of it, as `reader mark`. */
const poisonPartition = async (producer: Producer, partition: number): Promise<string[]> => {
  const marked = POISONS.map((one) => ({ ...one, mark: randomUUID() }));
  await producer.send({
    topic: 'commerce.orders',
    messages: marked.map(({ type, value, broken, mark }) => ({
      partition,
      key: 'poison',
      value,
      headers: { ...envelope(type), ...broken, poison: mark },
    })),
  });
  return marked.flatMap(({ type, mark }) => READERS[type].map((reader) => `${reader} ${mark}`));
};

const envelope = (type: string) => ({
  ce_specversion: '1.0',
  ce_id: randomUUID(),
  ce_type: type,
  ce_source: '/poison',
  ce_subject: 'poison',
  ce_time: new Date().toISOString(),
  ce_sequence: '1',
});

const deadLetters = async (platform: PlatformUnderTest): Promise<Set<string>> =>
  new Set(
    (await readTopic(platform.kafka, 'commerce.orders.dlq')).map(
      ({ headers }) => `${headers?.['dlq_group']?.toString()} ${headers?.['poison']?.toString()}`,
    ),
  );
