import type { Context, Tx } from '../context.ts';
import { planGiveBack, refundsOf } from '../policy/give-back.ts';
import { paymentsOfOrder } from '../store/payments.ts';
import type { IssuedRefund } from './order-news.ts';
import { requestMovements } from './request.ts';

/** Gives back all that an order holds and has paid. Safe to repeat: what is under way is counted. */
export const giveBackOrder = async (tx: Tx, context: Context, orderId: string): Promise<void> => {
  const giveBack = `${orderId}/cancelled`;
  for (const paymentId of await paymentsOfOrder(tx, orderId))
    await requestMovements(tx, context, { paymentId, requestKey: giveBack, headStartMs: 0 }, (whole) =>
      planGiveBack({ ...whole, payment: { ...whole.payment, giveBack } }),
    );
};

/** Makes a refund that orders issued; what the payment no longer has was given back when the order ended. */
export const makeRefund = async (
  tx: Tx,
  context: Context,
  { paymentId, refundId, amount }: IssuedRefund,
): Promise<void> => {
  await requestMovements(tx, context, { paymentId, requestKey: refundId, headStartMs: 0 }, (whole) => {
    const isKnown = whole.operations.some((one) => one.kind === 'refund' && one.reference === refundId);
    const isOurs = amount.currency === whole.payment.currency && !isKnown;
    return { movements: isOurs ? refundsOf(whole, amount.amount, refundId) : [] };
  });
};
