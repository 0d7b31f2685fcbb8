import { setTimeout as sleep } from 'node:timers/promises';
import { createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { toMessage } from '../../../microservices/chassis/events/envelope.ts';
import { readTopic, waitForOrders, waitForQuiet } from '../audit.ts';
import type { Scenario } from '../scenario.ts';
import { openShop, placeOrder } from '../shop.ts';
import type { World } from '../world.ts';

const TOPICS = ['orders', 'inventory', 'wallet'].map((domain) => `commerce.${domain}`);
const TIMES = 5;

/** Every message comes five times more, in no order. */
export const redelivery: Scenario = {
  name: 'every message five times, out of order',
  ordersSettle: true,
  run: async (world, size) => {
    const shop = await openShop(world, { skus: 3, stock: 10_000, customers: 4 });
    const orders = size === 'full' ? 200 : 20;
    for (let placed = 0; placed < orders; placed += 1) await placeOrder(world, shop);
    const before = await effects(world);
    const producer = createProducer(world.kafka);
    await producer.connect();
    let sent = 0;
    for (const topic of TOPICS) {
      const events = await readTopic(world, topic);
      const copies = world.random.shuffle(Array.from({ length: TIMES }, () => events).flat());
      for (let start = 0; start < copies.length; start += 500)
        await producer.send({ topic, messages: copies.slice(start, start + 500).map(toMessage) });
      sent += copies.length;
    }
    await producer.disconnect();
    await sleep(size === 'full' ? 10_000 : 4_000);
    const after = await effects(world);
    return {
      counts: { orders, redelivered: sent },
      problems: before === after ? [] : [`redelivery changed something: ${before} before, ${after} after`],
    };
  },
};

/** Everything that a second effect would change, as one text, once nothing moves any more. */
const effects = async (world: World): Promise<string> => {
  await waitForOrders(world);
  await waitForQuiet(world);
  const { rows } = await world.database.query(
    `SELECT (SELECT count(*) FROM orders.orders) AS orders,
            (SELECT count(*) FROM orders.orders WHERE state = 'confirmed') AS confirmed,
            (SELECT count(*) FROM inventory.reservation) AS reservations,
            (SELECT count(*) FROM inventory.movement) AS movements,
            (SELECT count(*) FROM wallet.entry) AS entries,
            (SELECT count(*) FROM notifications.notification) AS notifications`,
  );
  return JSON.stringify(rows[0]);
};
