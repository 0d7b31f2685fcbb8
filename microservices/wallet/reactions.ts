import { react, type Reaction } from '../chassis/events/reaction.ts';
import { ordersContract } from '../orders/contract.ts';
import type { Context } from './context.ts';
import { giveBackOrder, moveRefund } from './service/order-ends.ts';

/** Orders that end give back what they hold and have paid; refunds that orders issue move the money. */
export const reactions = ({ now }: Context): Reaction[] => [
  ...(['order.cancelled', 'order.rejected'] as const).map((type) =>
    react(ordersContract, type, async ({ data }, tx) => giveBackOrder(tx, data.orderId, now().toISOString())),
  ),
  react(ordersContract, 'refund.issued', async ({ data: { orderId, refundId, holdId, amount } }, tx) => {
    // Cash is handed out by staff, and a refund of zero moves nothing.
    if (holdId === null || amount.amount <= 0) return;
    await moveRefund(tx, { orderId, refundId, holdId, amount }, now().toISOString());
  }),
];
