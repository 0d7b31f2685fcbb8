import type { Scenario } from '../scenario.ts';
import { missingOrders, openShop, placeOrder } from '../shop.ts';

/** Three commits in ten fail with 40001 or 40P01, as they do on a busy distributed database. */
export const failingCommits: Scenario = {
  name: '30 % of commits fail with 40001 or 40P01',
  ordersSettle: true,
  run: async (platform, size) => {
    const orders = size === 'full' ? 200 : 25;
    const shop = await openShop(platform, { skus: 3, stock: 10_000, customers: 4 });
    const before = platform.commits.failed();
    platform.commits.setRate(0.3);
    const placed: string[] = [];
    try {
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          while (placed.length < orders) placed.push(await placeOrder(platform, shop));
        }),
      );
    } finally {
      platform.commits.setRate(0);
    }
    const failed = platform.commits.failed() - before;
    return {
      counts: { placed: placed.length, failedCommits: failed },
      problems: [...(failed > 0 ? [] : ['no commit was failed']), ...(await missingOrders(platform, placed))],
    };
  },
};
