import { react, type Reaction } from '../chassis/events/reaction.ts';
import { endPersons } from '../chassis/persons.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import type { Context } from './context.ts';
import { endOfOrder, refundOfOrder, type IssuedRefund } from './service/order-news.ts';
import { giveBackOrder, makeRefund } from './service/order-ends.ts';
import { movePayments } from './store/payments.ts';

/**
 * Orders that end give back what they hold and have paid; refunds that orders issue move the money. Orders are asked
 * whether it is so: an event alone moves no money. The reaction writes the movements, a job makes them.
 */
const orderReactions = (context: Context): Reaction[] => [
  ...(['order.cancelled', 'order.rejected'] as const).map((type) =>
    react(
      ordersContract,
      type,
      async ({ data }, tx, hasEnded: boolean) => {
        if (hasEnded) await giveBackOrder(tx, context, data.orderId);
      },
      ({ data }) => endOfOrder(context, data.orderId),
    ),
  ),
  react(
    ordersContract,
    'refund.issued',
    async (_event, tx, refund: IssuedRefund | undefined) => {
      if (refund) await makeRefund(tx, context, refund);
    },
    ({ data }) => refundOfOrder(context, data),
  ),
];

export const reactions = (context: Context): Reaction[] => [
  ...orderReactions(context),
  // Safe to repeat and to come late: when it runs again, nothing is left to move.
  react(customersContract, 'customer.merged', async ({ data }, tx) => {
    await endPersons(tx, [data.mergedCustomerId], context.now());
    await movePayments(tx, data.mergedCustomerId, data.customerId);
  }),
];
