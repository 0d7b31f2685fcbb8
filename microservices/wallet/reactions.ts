import { react, type Reaction } from '../chassis/events/reaction.ts';
import type { Platform } from '../chassis/service.ts';
import { ordersContract } from '../orders/contract.ts';
import type { Wallet } from './service/ledger.ts';
import { giveBackOrder, moveRefund } from './service/order-ends.ts';

/** What the wallet does when orders end or give money back. */
export const reactions = (platform: Platform<Wallet>): Reaction[] => [
  react(ordersContract, 'order.cancelled', async ({ data }, tx) =>
    giveBackOrder(tx, data.orderId, platform.now().toISOString()),
  ),
  react(ordersContract, 'order.rejected', async ({ data }, tx) =>
    giveBackOrder(tx, data.orderId, platform.now().toISOString()),
  ),
  react(ordersContract, 'refund.issued', async ({ data: { orderId, refundId, holdId, amount } }, tx) => {
    // Cash is handed out by staff, and nothing is nothing to move.
    if (holdId === null || amount.amount <= 0) return;
    await moveRefund(tx, { orderId, refundId, holdId, amount }, platform.now().toISOString());
  }),
];
