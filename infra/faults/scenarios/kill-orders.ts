import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { keepBuying, missingOrders, openShop } from '../shop.ts';

/** kill -9 of the orders process at random instants while orders are placed and journeys run. */
export const killOrders: Scenario = {
  name: 'orders killed at random instants',
  ordersSettle: true,
  run: async (platform, size) => {
    const kills = size === 'full' ? 100 : 6;
    const shop = await openShop(platform, { skus: 5, stock: 100_000, customers: 8 });
    const buying = keepBuying(platform, shop, 4);
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(platform.random.between(20, 900));
      await platform.orders.kill();
      await platform.orders.start();
    }
    const placed = await buying.stop();
    return { counts: { kills, placed: placed.length }, problems: await missingOrders(platform, placed) };
  },
};
