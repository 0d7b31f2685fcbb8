import { randomUUID } from 'node:crypto';
import { createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { until } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { openShop, placeOrder } from '../shop.ts';

const envelope = (type: string) => ({
  ce_specversion: '1.0',
  ce_id: randomUUID(),
  ce_type: type,
  ce_source: '/poison',
  ce_subject: 'poison',
  ce_time: new Date().toISOString(),
  ce_sequence: '1',
});

/** Messages nobody can read, among good ones: each lands in the dead letters, none blocks its partition. */
export const poison: Scenario = {
  name: 'poison messages',
  ordersSettle: true,
  run: async (world, size) => {
    const rounds = size === 'full' ? 10 : 2;
    const shop = await openShop(world, { skus: 2, stock: 10_000, customers: 2 });
    const producer = createProducer(world.kafka);
    await producer.connect();
    const before = await deadLetters(world);
    for (let round = 0; round < rounds; round += 1) {
      // To every partition: an order.cancelled that is not JSON, one that breaks its schema, and one whose envelope is broken.
      for (let partition = 0; partition < 6; partition += 1) {
        await producer.send({
          topic: 'commerce.orders',
          messages: [
            { partition, key: 'poison', value: '{"torn', headers: envelope('order.cancelled') },
            { partition, key: 'poison', value: '{"orderId": 7}', headers: envelope('order.cancelled') },
            { partition, key: 'poison', value: '{}', headers: { ...envelope('order.created'), ce_id: 'not-a-uuid' } },
          ],
        });
      }
      await placeOrder(world, shop);
    }
    await producer.disconnect();
    const sent = rounds * 6 * 3;
    let found = 0;
    const problems = await until(async () => {
      found = (await deadLetters(world)) - before;
      return found >= sent ? undefined : `${sent} messages were poison, ${found} dead letters came`;
    });
    return { counts: { poisoned: sent, deadLetters: found }, problems };
  },
};

const deadLetters = async (world: Parameters<Scenario['run']>[0]): Promise<number> => {
  const admin = world.kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets('commerce.orders.dlq');
  await admin.disconnect();
  return offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
};
