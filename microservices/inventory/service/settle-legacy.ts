import type { Client } from '../../chassis/client.ts';
import type { ordersContract } from '../../orders/contract.ts';
import type { Context, Tx } from '../context.ts';
import type { OrderFacts } from '../policy/order-facts.ts';
import { closeUnsold, findLegacyOwners } from '../store/legacy.ts';
import { followOrder } from './follow-order.ts';
import { readOrderFacts } from './order-facts.ts';

const BATCH = 50;

/**
 * Adopts a batch of what a version of before committed; true when there may be more. Throws while orders cannot be
 * reached.
 */
export const settleLegacy = async (context: Context, orders: Client<typeof ordersContract>): Promise<boolean> => {
  const owners = await findLegacyOwners(context.database, BATCH);
  const facts = await Promise.all(
    owners.map(async (ownerId) => (await readOrderFacts(orders, ownerId)) ?? nothingOpen(ownerId)),
  );
  for (const one of facts) await context.commit((tx) => settleOwner(tx, one));
  return owners.length > 0;
};

/** Whose goods nobody will say anything about: they left at the commit. */
const nothingOpen = (orderId: string): OrderFacts => ({
  orderId,
  calledOff: false,
  settled: false,
  open: new Map(),
  parcels: [],
});

const settleOwner = async (tx: Tx, facts: OrderFacts): Promise<void> => {
  await followOrder(tx, facts, 'job:settle-legacy-stock');
  await closeUnsold(tx, facts.orderId);
};
