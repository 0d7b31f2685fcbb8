import type { Money } from '../chassis/contract/index.ts';
import { react, type Reaction } from '../chassis/events/reaction.ts';
import { orMissing } from '../chassis/problem.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import type { Context } from './context.ts';
import { giveBackOrder, moveRefund } from './service/order-ends.ts';
import { endErased, mergeOwner } from './service/owner-ends.ts';

/**
 * Orders that end give back what they hold and have paid; refunds that orders issue move the money. Orders are asked
 * whether it is so: an event alone moves no money.
 */
const orderReactions = (context: Context): Reaction[] => {
  const { now } = context;
  const orders = context.client(ordersContract);
  const order = (orderId: string) => orMissing(orders.getOrder({ orderId }));
  const ended = { 'order.cancelled': 'cancelled', 'order.rejected': 'rejected' } as const;
  return [
    ...(['order.cancelled', 'order.rejected'] as const).map((type) =>
      react(
        ordersContract,
        type,
        async ({ data }, tx, hasEnded: boolean) => {
          if (hasEnded) await giveBackOrder(tx, data.orderId, now().toISOString());
        },
        async ({ data }) => (await order(data.orderId))?.state === ended[type],
      ),
    ),
    react(
      ordersContract,
      'refund.issued',
      async ({ data: { orderId, refundId } }, tx, refund: { holdId: string; amount: Money } | undefined) => {
        if (refund) await moveRefund(tx, { orderId, refundId, ...refund }, now().toISOString());
      },
      async ({ data: { orderId, refundId } }) => {
        const refund = (await order(orderId))?.refunds.find(({ id }) => id === refundId);
        // Cash is handed out by staff, payments make their own refunds, and a refund of zero moves nothing.
        if (!refund?.holdId?.startsWith('hld_') || refund.amount.amount <= 0) return undefined;
        return { holdId: refund.holdId, amount: refund.amount };
      },
    ),
  ];
};

/** Customers that end take their money along or leave it to be settled. Customers are asked in the same way. */
const customerReactions = (context: Context): Reaction[] => {
  const { now } = context;
  const customers = context.client(customersContract);
  const customer = (customerId: string) => orMissing(customers.getCustomer({ customerId }));
  return [
    react(
      customersContract,
      'customer.merged',
      async ({ data }, tx, survivorId: string | null) => {
        if (survivorId !== null) await mergeOwner(tx, data.mergedCustomerId, survivorId, now().toISOString());
      },
      async ({ data }) => (await customer(data.mergedCustomerId))?.mergedInto ?? null,
    ),
    react(
      customersContract,
      'customer.erase_requested',
      async ({ data }, tx, isErased: boolean) => {
        if (isErased) await endErased(tx, data.customerId, now().toISOString());
      },
      async ({ data }) => (await customer(data.customerId))?.state === 'erased',
    ),
  ];
};

export const reactions = (context: Context): Reaction[] => [...orderReactions(context), ...customerReactions(context)];
