import type { Client } from '../../../microservices/chassis/client.ts';
import type { PayloadOf } from '../../../microservices/chassis/contract/index.ts';
import { Problem } from '../../../microservices/chassis/problem.ts';
import type { inventoryContract } from '../../../microservices/inventory/contract.ts';
import type { notificationsContract } from '../../../microservices/notifications/contract.ts';
import type { ordersContract } from '../../../microservices/orders/contract.ts';
import type { walletContract } from '../../../microservices/wallet/contract.ts';

export interface JourneyServices {
  orders: Client<typeof ordersContract>;
  inventory: Client<typeof inventoryContract>;
  wallet: Client<typeof walletContract>;
  notifications: Client<typeof notificationsContract>;
}

type OrderCreated = PayloadOf<typeof ordersContract, 'order.created'>;

/**
 * The way of every order: approve → reserve → hold → confirm → capture → notify. Each step carries a key derived from
 * the event, so the whole may be run again from the start at any time and repeats nothing. A step that is refused for
 * good cancels the order; the services give back stock and money on order.cancelled. Transient trouble (503, 429) is
 * thrown to the caller, who tries again later.
 */
export const orderToConfirmation = async (
  order: OrderCreated,
  eventId: string,
  services: JourneyServices,
): Promise<'confirmed' | 'cancelled'> => {
  const key = (step: string) => ({ idempotencyKey: `journey:${eventId}:${step}` });
  try {
    await services.orders.approveOrder({ orderId: order.orderId }, key('approve'));
    const reservation = await services.inventory.reserveStock(
      { ownerId: order.orderId, lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })) },
      key('reserve'),
    );
    const hold = await authorize(order, services, key('authorize'));
    await services.orders.confirmOrder(
      { orderId: order.orderId, reservationId: reservation.id, ...(hold ? { holdId: hold.id } : {}) },
      key('confirm'),
    );
    if (hold) await services.wallet.captureHold({ holdId: hold.id }, key('capture'));
    await tellCustomer(order, services, key('notify'));
    return 'confirmed';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await services.orders
      .cancelOrder({ orderId: order.orderId, reason: cancelReason(error) }, key('cancel'))
      .catch(ignoreRefusal);
    return 'cancelled';
  }
};

const authorize = async (order: OrderCreated, { wallet }: JourneyServices, key: { idempotencyKey: string }) =>
  order.paymentMethod === 'wallet' && order.customerId && order.totals.grandTotal.amount > 0
    ? wallet.authorizeHold(
        { ownerId: order.customerId, amount: order.totals.grandTotal, reference: order.orderId },
        key,
      )
    : undefined;

/** A confirmed order stays confirmed when its message cannot be addressed: guests without e-mail, erased customers. */
const tellCustomer = async (
  order: OrderCreated,
  { notifications, orders }: JourneyServices,
  key: { idempotencyKey: string },
): Promise<void> => {
  const { email } = await orders.getOrder({ orderId: order.orderId });
  const recipient = order.customerId ? { customerId: order.customerId } : email ? { email } : undefined;
  if (!recipient) return;
  await notifications
    .sendNotification(
      {
        ...recipient,
        channel: 'email',
        template: 'order-confirmation',
        purpose: 'transactional',
        data: { order: confirmationData(order) },
        dedupeKey: `order-confirmed:${order.orderId}`,
      },
      key,
    )
    .catch(ignoreRefusal);
};

/** The amount as text; the template writes it as the reader's language does. */
const confirmationData = (order: OrderCreated) => ({
  number: order.number,
  total: order.totals.grandTotal,
  lines: order.lines.map(({ title, quantity }) => ({ title, quantity })),
});

/** A refusal will be the same tomorrow; anything else may pass. */
const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429 && error.status !== 401;

const ignoreRefusal = (error: unknown): void => {
  if (!isRefusal(error)) throw error;
};

const cancelReason = (problem: Problem): string =>
  ({ OUT_OF_STOCK: 'out of stock', INSUFFICIENT_FUNDS: 'payment declined' })[problem.code] ??
  `${problem.title}: ${problem.message}`.slice(0, 200);
