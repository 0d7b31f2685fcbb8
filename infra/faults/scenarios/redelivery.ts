import { createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { toMessage } from '../../../microservices/chassis/events/envelope.ts';
import { ownEvents } from '../audit.ts';
import { waitForOrders, waitForQuiet } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { openShop, placeOrder } from '../shop.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

const TOPICS = ['orders', 'inventory', 'wallet'].map((domain) => `commerce.${domain}`);
const TIMES = 5;

/** Every message comes five times more, in no order. */
export const redelivery: Scenario = {
  name: 'every message five times, out of order',
  ordersSettle: true,
  run: async (platform, size) => {
    const shop = await openShop(platform, { skus: 3, stock: 10_000, customers: 4 });
    const orders = size === 'full' ? 200 : 20;
    for (let placed = 0; placed < orders; placed += 1) await placeOrder(platform, shop);
    const problems: string[] = [];
    const before = await effects(platform, problems);
    const producer = createProducer(platform.kafka);
    await producer.connect();
    let sent = 0;
    for (const topic of TOPICS) {
      const events = await ownEvents(platform, topic);
      const copies = platform.random.shuffle(Array.from({ length: TIMES }, () => events).flat());
      for (let start = 0; start < copies.length; start += 500)
        await producer.send({ topic, messages: copies.slice(start, start + 500).map(toMessage) });
      sent += copies.length;
    }
    await producer.disconnect();
    const after = await effects(platform, problems);
    if (before !== after) problems.push(`redelivery changed something: ${before} before, ${after} after`);
    return { counts: { orders, redelivered: sent }, problems };
  },
};

/**
 * Everything that a second effect would change, as one text, once all that was sent is consumed and nothing moves any
 * more.
 */
const effects = async (platform: PlatformUnderTest, problems: string[]): Promise<string> => {
  problems.push(...(await waitForOrders(platform)), ...(await waitForQuiet(platform)));
  const { rows } = await platform.database.query(
    `SELECT (SELECT count(*) FROM orders.orders) AS orders,
            (SELECT count(*) FROM orders.orders WHERE state = 'confirmed') AS confirmed,
            (SELECT count(*) FROM inventory.reservation) AS reservations,
            (SELECT count(*) FROM inventory.movement) AS movements,
            (SELECT count(*) FROM wallet.entry) AS entries,
            (SELECT count(*) FROM notifications.notification) AS notifications`,
  );
  return JSON.stringify(rows[0]);
};
