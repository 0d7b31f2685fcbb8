import type { Money } from '../../chassis/contract/index.ts';
import { orMissing } from '../../chassis/problem.ts';
import { ordersContract } from '../../orders/contract.ts';
import type { Context } from '../context.ts';

// What orders say when they are asked about an event of theirs.

const orderOf = ({ client }: Pick<Context, 'client'>, orderId: string) =>
  orMissing(client(ordersContract).getOrder({ orderId }));

/** True when the order really ended without being fulfilled. */
export const endOfOrder = async (context: Pick<Context, 'client'>, orderId: string): Promise<boolean> => {
  const state = (await orderOf(context, orderId))?.state;
  return state === 'cancelled' || state === 'rejected';
};

export interface IssuedRefund {
  paymentId: string;
  refundId: string;
  amount: Money;
}

/** A refund that orders issued and that comes from a payment of ours. */
export const refundOfOrder = async (
  context: Pick<Context, 'client'>,
  { orderId, refundId }: { orderId: string; refundId: string },
): Promise<IssuedRefund | undefined> => {
  const refund = (await orderOf(context, orderId))?.refunds.find(({ id }) => id === refundId);
  if (!refund?.holdId?.startsWith('pay_') || refund.amount.amount <= 0) return undefined;
  return { paymentId: refund.holdId, refundId, amount: refund.amount };
};
