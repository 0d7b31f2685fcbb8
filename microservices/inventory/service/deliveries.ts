import { z } from 'zod';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Delivery } from '../contract/shapes.ts';
import { UNCHANGED } from '../policy/levels.ts';
import { deliveryStates } from '../policy/states.ts';
import { changeLevels, ensureLevels } from '../store/levels.ts';
import { insertDelivery, listDeliveries, lockDelivery, writeDelivery } from '../store/transfers.ts';
import { levelAggregate } from './announce.ts';
import { noLocation } from './refusals.ts';

type Names = 'expectDelivery' | 'cancelDelivery' | 'listDeliveries';

export const deliveryHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  expectDelivery: command(async (tx, input, { errors }) => {
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

  cancelDelivery: command(async (tx, { deliveryId }, { errors }) => {
    const delivery = await openDelivery(tx, deliveryId, 'cancel', errors);
    const cancelled = await writeDelivery(tx, { ...delivery, state: 'cancelled' });
    await expectMore(tx, delivery, delivery.received - delivery.quantity);
    return cancelled;
  }),

  listDeliveries: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([id('dlv')]));
    return toPage(await listDeliveries(database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },
});

const expectMore = async (tx: Tx, { id: deliveryId, sku, locationId }: Delivery, quantity: number): Promise<void> => {
  const { after } = await changeLevels(tx, [{ ...UNCHANGED, sku, locationId, incoming: quantity }]);
  tx.append('inventory.expected', levelAggregate({ sku, locationId }), {
    sku,
    locationId,
    quantity,
    incoming: after[0]?.incoming ?? 0,
    deliveryId,
  });
};

const openDelivery = async (
  tx: Tx,
  deliveryId: string,
  asked: 'receive' | 'cancel',
  errors: Failures<'cancelDelivery'>,
): Promise<Delivery> => {
  const delivery = await lockDelivery(tx, deliveryId);
  if (!delivery)
    throw errors.DELIVERY_NOT_FOUND(`There is no delivery ${deliveryId}. List the deliveries to find the right id.`, {
      deliveryId,
    });
  requireMove(deliveryStates, { name: `Delivery ${deliveryId}`, state: delivery.state }, asked, errors.ILLEGAL_STATE);
  return delivery;
};

/**
 * Counts units that arrived towards an expected delivery; it is complete once all have. Returns how many of them were
 * incoming: suppliers may send more than they announced.
 */
export const arrive = async (
  tx: Tx,
  arrival: { deliveryId: string; sku: string; locationId: string; quantity: number },
  errors: Failures<'receiveStock'>,
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
