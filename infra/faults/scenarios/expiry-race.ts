import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../microservices/chassis/problem.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import type { Scenario } from '../scenario.ts';
import { openShop } from '../shop.ts';

/** Reservations run out at the very moment they are committed: each has one end, and says the same to everybody. */
export const expiryRace: Scenario = {
  name: 'reservation expiry racing commit',
  ordersSettle: false,
  run: async (world, size) => {
    const reservations = size === 'full' ? 300 : 60;
    const shop = await openShop(world, { skus: 3, stock: 100_000, customers: 0 });
    const inventory = world.client(inventoryContract);
    const problems: string[] = [];
    const counts = { committed: 0, expired: 0 };
    await Promise.all(
      Array.from({ length: reservations }, async (_, index) => {
        const sku = shop.skus[index % shop.skus.length] ?? '';
        const reservation = await inventory.reserveStock({
          ownerId: `expiry-${sku}-${index}`,
          lines: [{ sku, quantity: 1 }],
          expiresInSeconds: 2,
        });
        await sleep(new Date(reservation.expiresAt).getTime() - Date.now() + world.random.between(-400, 1_500));
        const committed = await inventory
          .commitReservation({ reservationId: reservation.id })
          .then(() => true, refused);
        counts[committed ? 'committed' : 'expired'] += 1;
        await sleep(6_000);
        const { state } = await inventory.getReservation({ reservationId: reservation.id });
        if (state !== (committed ? 'committed' : 'expired'))
          problems.push(`${reservation.id} was ${committed ? '' : 'not '}committed and is ${state}`);
      }),
    );
    if (counts.committed === 0 || counts.expired === 0)
      problems.push(`the race was not close: ${counts.committed} committed, ${counts.expired} expired`);
    return { counts: { reservations, ...counts }, problems };
  },
};

const refused = (error: unknown): false => {
  if (error instanceof Problem && error.status === 409) return false;
  throw error;
};
