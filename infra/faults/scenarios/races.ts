import { Problem } from '../../../microservices/chassis/problem.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import type { Scenario } from '../scenario.ts';
import { openShop } from '../shop.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

/** 500 buyers race for 1 unit and 40 for 10, over two processes: exactly 1 and exactly 10 are sold. */
export const races: Scenario = {
  name: 'buyers racing over two processes',
  ordersSettle: false,
  run: async (platform) => {
    const twin = await platform.startTwin('inventory');
    try {
      const one = await race(platform, twin.url, { buyers: 500, stock: 1 });
      const ten = await race(platform, twin.url, { buyers: 40, stock: 10 });
      const problems = [
        ...(one === 1 ? [] : [`${one} of 1 unit were sold`]),
        ...(ten === 10 ? [] : [`${ten} of 10 units were sold`]),
      ];
      return { counts: { soldOf1: one, soldOf10: ten }, problems };
    } finally {
      await twin.stop();
    }
  },
};

const race = async (
  platform: PlatformUnderTest,
  twinUrl: string,
  { buyers, stock }: { buyers: number; stock: number },
): Promise<number> => {
  const shop = await openShop(platform, { skus: 1, stock, customers: 0 });
  const clients = [platform.client(inventoryContract), platform.client(inventoryContract, twinUrl)];
  const outcomes = await Promise.all(
    Array.from({ length: buyers }, async (_, buyer) => {
      try {
        await clients[buyer % 2]?.reserveStock(
          { ownerId: `buyer-${shop.skus[0]}-${buyer}`, lines: [{ sku: shop.skus[0] ?? '', quantity: 1 }] },
          { idempotencyKey: `race-${shop.skus[0]}-${buyer}` },
        );
        return true;
      } catch (error) {
        if (error instanceof Problem && error.code === 'OUT_OF_STOCK') return false;
        throw error;
      }
    }),
  );
  return outcomes.filter(Boolean).length;
};
