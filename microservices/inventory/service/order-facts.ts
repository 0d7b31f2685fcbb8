import type { Client } from '../../chassis/client.ts';
import type { OutputOf } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { ordersContract } from '../../orders/contract.ts';
import type { OrderFacts } from '../policy/order-facts.ts';
import { bySku } from '../policy/whereabouts.ts';

type Order = OutputOf<typeof ordersContract, 'getOrder'>;

/**
 * Asks orders what became of an order, because an event alone must not move stock: whoever may write to Kafka could
 * have made it up. Undefined when there is no such order. Throws while orders cannot be reached.
 */
export const readOrderFacts = async (
  orders: Client<typeof ordersContract>,
  orderId: string,
): Promise<OrderFacts | undefined> => {
  if (!ordersContract.operations.getOrder.input.safeParse({ orderId }).success) return undefined;
  try {
    return factsOf(await orders.getOrder({ orderId }));
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
};

const factsOf = (order: Order): OrderFacts => {
  const calledOff = order.state === 'cancelled' || order.state === 'rejected';
  const isClosed = order.state === 'closed';
  return {
    orderId: order.id,
    calledOff,
    settled: calledOff || isClosed || order.lines.some(({ cancelled }) => cancelled > 0),
    open: calledOff || isClosed ? new Map() : openOf(order),
    parcels: order.fulfilments.map(({ id, lines, locationId }) => ({ id, lines, locationId })),
  };
};

/**
 * By its parcels and not by its `shipped`: an order is read line by line, and a parcel that is made meanwhile must
 * count once.
 */
const openOf = ({ lines, fulfilments }: Order): Map<string, number> =>
  bySku([
    ...lines.map(({ sku, quantity, cancelled }) => ({ sku, quantity: quantity - cancelled })),
    ...fulfilments.flatMap((parcel) => parcel.lines.map(({ sku, quantity }) => ({ sku, quantity: -quantity }))),
  ]);
