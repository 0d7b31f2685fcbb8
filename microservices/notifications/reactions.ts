import { react, type Reaction } from '../chassis/events/reaction.ts';
import type { Transaction } from '../chassis/transaction.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import { aboutNotification } from './service/shown.ts';
import type { NotificationRow } from './store/notifications.ts';
import { cancelMarketing, deleteAbout, erasePerson, moveCustomer } from './store/persons.ts';

/**
 * When customers are merged their messages move along; who withdraws a consent gets no message that still waits.
 * Messages to staff about an order may tell who placed it, so they go when that person is erased.
 */
export const reactions: readonly Reaction[] = [
  react(customersContract, 'customer.merged', async ({ data }, tx) =>
    moveCustomer(tx, data.mergedCustomerId, data.customerId),
  ),
  react(customersContract, 'consent.changed', async ({ data }, tx) => {
    if (data.granted || data.purpose !== 'marketing') return;
    announceCancelled(tx, await cancelMarketing(tx, data.customerId, data.channel), 'consent_withdrawn');
  }),
  react(ordersContract, 'order.erased', async ({ data }, tx) =>
    announceCancelled(tx, await deleteAbout(tx, data.orderId), 'customer_erased'),
  ),
];

/** Erases customers and cancels what still waited to be sent to them. */
export const erase = async (
  tx: Transaction,
  customerIds: readonly string[],
  emails: readonly string[],
): Promise<void> => announceCancelled(tx, await erasePerson(tx, customerIds, emails), 'customer_erased');

const announceCancelled = (
  tx: Transaction,
  rows: readonly NotificationRow[],
  reason: 'customer_erased' | 'consent_withdrawn',
): void => {
  for (const row of rows) tx.append('notification.cancelled', row.id, { ...aboutNotification(row), reason });
};
