import { readCursor, toPage } from '../../chassis/cursor.ts';
import { z } from 'zod';
import { id } from '../../chassis/contract/index.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { FailureConstructors } from '../../chassis/problem.ts';
import type { Platform } from '../../chassis/service.ts';
import type { inventoryContract } from '../contract.ts';
import type { Delivery } from '../contract/shapes.ts';
import { deliveryStates, illegalMove, nextState } from '../policy/states.ts';
import { changeLevels, ensureLevels } from '../store/levels.ts';
import { insertDelivery, listDeliveries, lockDelivery, writeDelivery } from '../store/transfers.ts';
import { levelAggregate, type InventoryTransaction } from './announce.ts';
import { noLocation } from './answers.ts';

type Contract = typeof inventoryContract;
type Names = 'expectDelivery' | 'cancelDelivery' | 'listDeliveries';

export const deliveryHandlers = (platform: Platform<Contract>): Pick<Handlers<Contract>, Names> => ({
  expectDelivery: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const { sku, locationId, quantity } = input;
      if (!(await ensureLevels(tx, locationId, [sku]))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
      const delivery = await insertDelivery(tx, {
        id: newId('dlv'),
        sku,
        locationId,
        quantity,
        reference: input.reference ?? null,
        expectedAt: input.expectedAt ?? null,
      });
      await expectMore(tx, delivery, quantity);
      return delivery;
    }),

  cancelDelivery: async ({ deliveryId }, { commit, errors }) =>
    commit(async (tx) => {
      const delivery = await openDelivery(tx, deliveryId, 'cancel', errors);
      const cancelled = await writeDelivery(tx, { ...delivery, state: 'cancelled' });
      await expectMore(tx, delivery, delivery.received - delivery.quantity);
      return cancelled;
    }),

  listDeliveries: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([id('dlv')]));
    return toPage(await listDeliveries(platform.database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },
});

const expectMore = async (
  tx: InventoryTransaction,
  { id: deliveryId, sku, locationId }: Delivery,
  quantity: number,
): Promise<void> => {
  const { after } = await changeLevels(tx, [{ sku, locationId, onHand: 0, reserved: 0, incoming: quantity }]);
  tx.append('inventory.expected', levelAggregate({ sku, locationId }), {
    sku,
    locationId,
    quantity,
    incoming: after[0]?.incoming ?? 0,
    deliveryId,
  });
};

type DeliveryErrors = FailureConstructors<Contract['operations']['cancelDelivery']['errors']>;

const openDelivery = async (
  tx: InventoryTransaction,
  deliveryId: string,
  asked: 'receive' | 'cancel',
  errors: DeliveryErrors,
): Promise<Delivery> => {
  const delivery = await lockDelivery(tx, deliveryId);
  if (!delivery) throw errors.DELIVERY_NOT_FOUND(`There is no delivery ${deliveryId}.`, { deliveryId });
  if (!nextState(deliveryStates, delivery.state, asked)) {
    throw errors.ILLEGAL_STATE(
      ...illegalMove(deliveryStates, { name: `Delivery ${deliveryId}`, state: delivery.state }, asked),
    );
  }
  return delivery;
};

type ArrivalErrors = FailureConstructors<Contract['operations']['receiveStock']['errors']>;

/**
 * Counts pieces that arrived towards an expected delivery; it is complete once all have. Answers how many of them were incoming: suppliers may send
 * more than they announced.
 */
export const arrive = async (
  tx: InventoryTransaction,
  arrival: { deliveryId: string; sku: string; locationId: string; quantity: number },
  errors: ArrivalErrors,
): Promise<number> => {
  const delivery = await openDelivery(tx, arrival.deliveryId, 'receive', errors);
  if (delivery.sku !== arrival.sku || delivery.locationId !== arrival.locationId) {
    const { sku, locationId } = delivery;
    throw errors.DELIVERY_MISMATCH(
      `Delivery ${delivery.id} brings ${sku} to ${locationId}. Receive it there, or leave the delivery out.`,
      { sku, locationId },
    );
  }
  const received = delivery.received + arrival.quantity;
  await writeDelivery(tx, { id: delivery.id, received, state: received >= delivery.quantity ? 'received' : 'open' });
  return Math.min(arrival.quantity, delivery.quantity - delivery.received);
};
