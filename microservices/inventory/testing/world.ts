import fc from 'fast-check';
import { newId } from '../../chassis/ids.ts';
import { freshLocation, freshSku } from '../testing.ts';
import type { InventoryClient, TwoInstances } from './two-instances.ts';

/** One thing that may happen to stock. */
export type Step =
  | { do: 'receive' | 'sell' | 'sellPartly' | 'move' | 'send' | 'expect'; sku: number; place: number; quantity: number }
  | { do: 'adjust'; sku: number; place: number; change: number }
  | { do: 'count'; sku: number; place: number; counted: number }
  | { do: 'policy'; sku: number; place: number; safety: number; backorderable: boolean }
  | {
      do: 'commit' | 'release' | 'ship' | 'return' | 'expire' | 'arrive' | 'turnBack' | 'cancelDelivery';
      which: number;
    };

const where = { sku: fc.nat(2), place: fc.nat(2) };
const quantity = fc.integer({ min: 1, max: 9 });
export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('receive', 'sell', 'sellPartly', 'move', 'send', 'expect'), ...where, quantity }),
  fc.record({
    do: fc.constant('adjust' as const),
    ...where,
    change: fc.integer({ min: -9, max: 9 }).filter((change) => change !== 0),
  }),
  fc.record({ do: fc.constant('count' as const), ...where, counted: fc.nat(12) }),
  fc.record({ do: fc.constant('policy' as const), ...where, safety: fc.nat(3), backorderable: fc.boolean() }),
  fc.record({
    do: fc.constantFrom('commit', 'release', 'ship', 'return', 'expire', 'arrive', 'turnBack', 'cancelDelivery'),
    which: fc.nat(20),
  }),
);

/** Three SKUs at three places, and whatever reservations, transfers and deliveries a run makes. */
export const newWorld = async ({ platform, api }: TwoInstances) => {
  const mark = freshSku();
  const places = [await freshLocation(api()), await freshLocation(api()), await freshLocation(api())];
  const reservations: string[] = [];
  const transfers: string[] = [];
  const deliveries: string[] = [];
  const at = ({ sku, place }: { sku: number; place: number }) => ({
    sku: `${mark}-${sku}`,
    locationId: places[place] ?? '',
  });
  const pick = (ids: readonly string[], which: number) => ids[which % Math.max(1, ids.length)];
  const remember = async (ids: string[], made: Promise<{ id: string }>) => void ids.push((await made).id);
  const take = async (one: Step, client: InventoryClient): Promise<unknown> => {
    switch (one.do) {
      case 'receive':
        return client.receiveStock({ ...at(one), quantity: one.quantity });
      case 'adjust':
        return client.adjustStock({ ...at(one), change: one.change, reason: 'random' });
      case 'count':
        return client.countStock({ ...at(one), counted: one.counted });
      case 'policy':
        return client.setLevel({ ...at(one), safety: one.safety, backorderable: one.backorderable, backorderLimit: 5 });
      case 'sell':
      case 'sellPartly':
        return remember(
          reservations,
          client.reserveStock({
            ownerId: newId('till'),
            lines: [
              { sku: at(one).sku, quantity: one.quantity },
              { sku: `${mark}-0`, quantity: 1 },
            ],
            partial: one.do === 'sellPartly',
          }),
        );
      case 'move':
      case 'send':
        return remember(
          transfers,
          client.transferStock({
            fromLocationId: at(one).locationId,
            toLocationId: places[(one.place + 1) % 3] ?? '',
            lines: [{ sku: at(one).sku, quantity: one.quantity }],
            inTransit: one.do === 'send',
          }),
        );
      case 'expect':
        return remember(deliveries, client.expectDelivery({ ...at(one), quantity: one.quantity }));
      case 'expire':
        return platform
          .database('inventory')
          .run(`UPDATE reservation SET expires_at = now() WHERE id = $1 AND state = 'reserved'`, [
            pick(reservations, one.which) ?? '',
          ]);
      default:
        return settle(one, client);
    }
  };
  const settle = async (one: Extract<Step, { which: number }>, client: InventoryClient): Promise<unknown> => {
    const reservationId = pick(reservations, one.which);
    const transferId = pick(transfers, one.which);
    const deliveryId = pick(deliveries, one.which);
    if (one.do === 'commit' && reservationId) return client.commitReservation({ reservationId });
    if (one.do === 'release' && reservationId) return client.releaseReservation({ reservationId });
    if (one.do === 'ship' && reservationId) return client.shipStock({ reservationId });
    if (one.do === 'return' && reservationId) return client.returnStock({ reservationId });
    if (one.do === 'arrive' && transferId) return client.receiveTransfer({ transferId });
    if (one.do === 'turnBack' && transferId) return client.cancelTransfer({ transferId });
    if (one.do === 'cancelDelivery' && deliveryId) return client.cancelDelivery({ deliveryId });
    return undefined;
  };
  return { mark, take };
};
