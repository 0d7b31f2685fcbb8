import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { keepBuying, missingOrders, openShop } from '../shop.ts';

/** The broker is killed under load and stays away: orders go on being placed, and everything is published when it is back. */
export const brokerAway: Scenario = {
  name: 'broker away under load',
  ordersSettle: true,
  run: async (world, size) => {
    const seconds = size === 'full' ? 30 : 6;
    const shop = await openShop(world, { skus: 5, stock: 100_000, customers: 8 });
    const buying = keepBuying(world, shop, 2);
    await sleep(1_000);
    const before = buying.placed.length;
    await world.broker.kill();
    await sleep(seconds * 1_000);
    const during = buying.placed.length - before;
    await world.broker.start();
    const placed = await buying.stop();
    const problems = await missingOrders(world, placed);
    if (during === 0) problems.push('no order could be placed while the broker was away');
    return { counts: { seconds, placedMeanwhile: during, placed: placed.length }, problems };
  },
};
