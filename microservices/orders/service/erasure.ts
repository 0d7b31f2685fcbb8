import type { EraserOptions } from '../../chassis/erasure.ts';
import type { Context, Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { whyErasureWaits } from '../policy/erasure.ts';
import { forgetActivity } from '../store/activity.ts';
import { deleteCartsAndQuotes, emptyOrders, forgetRedeemers, lockOrdersOf, retainInvoices } from '../store/erasure.ts';
import { redeemersOf } from './redeemer.ts';

/** Erases who placed orders. Open orders make it wait: a parcel cannot be sent to nobody. */
export const erasureOf = ({
  settings,
  now,
}: Pick<Context, 'settings' | 'now'>): Required<Pick<EraserOptions<typeof ordersContract>, 'erase' | 'waits'>> => ({
  waits: async (tx, customerIds, emails) => whyErasureWaits(await lockOrdersOf(tx, { customerIds, emails })),
  erase: async (tx, customerIds, emails) => {
    const person = { customerIds, emails };
    const orders = await lockOrdersOf(tx, person);
    const ids = orders.map(({ id }) => id);
    await forgetActivity(tx, customerIds);
    await deleteCartsAndQuotes(tx, person, ids);
    await retainInvoices(tx, ids, { days: settings.invoiceRetentionDays, now: now() });
    await forgetRedeemers(tx, ids, redeemersOf(null, ...emails, ...orders.map(({ email }) => email)));
    await emptyOrders(tx, ids, now());
    for (const { id: orderId, number, customerId } of orders)
      tx.append('order.erased', orderId, { orderId, number, customerId });
  },
});

/** Erases the order of customers who were erased before, unless it is open. */
export const eraseLeftover = async (
  context: Pick<Context, 'settings' | 'now'>,
  tx: Tx,
  customerId: string,
): Promise<void> => {
  const { waits, erase } = erasureOf(context);
  if ((await waits(tx, [customerId], [])) === undefined) await erase(tx, [customerId], []);
};
