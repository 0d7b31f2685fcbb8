import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../microservices/chassis/problem.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { until } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { openShop, type Shop } from '../shop.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

/**
 * How long before the end the earliest commit is sent. A machine too slow for the first gets more time in the next
 * round.
 */
const LEADS_MS = [400, 1_600, 6_400, 25_600];

/** Reservations run out at the very moment they are committed: each has one end, and says the same to everybody. */
export const expiryRace: Scenario = {
  name: 'reservation expiry racing commit',
  ordersSettle: false,
  run: async (platform, size) => {
    const reservations = size === 'full' ? 300 : 60;
    const shop = await openShop(platform, { skus: 3, stock: 100_000, customers: 0 });
    const ends: End[] = [];
    const committed = () => ends.filter((end) => end.committed).length;
    for (const [round, leadMs] of LEADS_MS.entries()) {
      if (committed() > 0 && committed() < ends.length) break;
      const indices = Array.from({ length: reservations }, (_, index) => round * reservations + index);
      ends.push(...(await Promise.all(indices.map((index) => raceOne(platform, shop, index, leadMs)))));
    }
    // Twice: what was committed must still be so when the job that ends reservations has passed over all the others.
    await Promise.all(ends.map((end) => contradiction(platform, end)));
    const problems = (await Promise.all(ends.map((end) => contradiction(platform, end)))).flat();
    if (committed() === 0 || committed() === ends.length)
      problems.push(`the race was not close: ${committed()} of ${ends.length} were committed`);
    return {
      counts: { reservations: ends.length, committed: committed(), expired: ends.length - committed() },
      problems,
    };
  },
};

/** The response that the buyer got. */
interface End {
  reservationId: string;
  committed: boolean;
}

const raceOne = async (platform: PlatformUnderTest, shop: Shop, index: number, leadMs: number): Promise<End> => {
  const inventory = platform.client(inventoryContract);
  const sku = shop.skus[index % shop.skus.length] ?? '';
  const { id: reservationId, expiresAt } = await inventory.reserveStock({
    ownerId: `expiry-${sku}-${index}`,
    lines: [{ sku, quantity: 1 }],
    expiresInSeconds: 2 + Math.ceil((2 * leadMs) / 1_000),
  });
  await sleep(new Date(expiresAt).getTime() - Date.now() + platform.random.between(-leadMs, leadMs + 1_100));
  const committed = await inventory.commitReservation({ reservationId }).then(() => true, refused);
  return { reservationId, committed };
};

/**
 * Waits until the reservation has come to an end, and returns what is wrong when that is another than the buyer was
 * told.
 */
const contradiction = (platform: PlatformUnderTest, { reservationId, committed }: End): Promise<string[]> =>
  until(async () => {
    const { state } = await platform.client(inventoryContract).getReservation({ reservationId });
    return state === (committed ? 'committed' : 'expired')
      ? undefined
      : `${reservationId} was ${committed ? '' : 'not '}committed and is ${state}`;
  });

const refused = (error: unknown): false => {
  if (error instanceof Problem && error.status === 409) return false;
  throw error;
};
