import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { keepBuying, missingOrders, openShop } from '../shop.ts';

/** More orders than buyers placed means that at least one was begun and promised while the broker was away. */
const BUYERS = 2;

/**
 * The broker is killed under load and stays away: orders go on being placed, and everything is published when it is
 * back.
 */
export const brokerAway: Scenario = {
  name: 'broker away under load',
  ordersSettle: true,
  run: async (platform, size) => {
    const seconds = size === 'full' ? 30 : 6;
    const shop = await openShop(platform, { skus: 5, stock: 100_000, customers: 8 });
    const buying = keepBuying(platform, shop, BUYERS);
    // Buying must be under way when the broker dies, and come to something while it is away: both take what the machine
    // takes.
    const problems = await until(async () => (buying.placed.length > 0 ? undefined : 'no order could be placed'));
    await platform.broker.kill();
    const before = buying.placed.length;
    await sleep(seconds * 1_000);
    problems.push(
      ...(await until(async () =>
        buying.placed.length > before + BUYERS ? undefined : 'no order could be placed while the broker was away',
      )),
    );
    const during = buying.placed.length - before;
    await platform.broker.start();
    const placed = await buying.stop();
    problems.push(...(await missingOrders(platform, placed)));
    return { counts: { seconds, placedMeanwhile: during, placed: placed.length }, problems };
  },
};
