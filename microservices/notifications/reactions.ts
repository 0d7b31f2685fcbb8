import { react, type Reaction } from '../chassis/events/reaction.ts';
import type { Transaction } from '../chassis/transaction.ts';
import { customersContract } from '../customers/contract.ts';
import { happened } from './service/shown.ts';
import type { NotificationRow } from './store/notifications.ts';
import { cancelMarketing, erasePerson, moveCustomer } from './store/persons.ts';

/** What this domain does when persons change: it follows them, and stops writing to who no longer wants it. */
export const reactions: readonly Reaction[] = [
  react(customersContract, 'customer.merged', async ({ data }, tx) =>
    moveCustomer(tx, data.mergedCustomerId, data.customerId),
  ),
  react(customersContract, 'consent.changed', async ({ data }, tx) => {
    if (data.granted || data.purpose !== 'marketing') return;
    tellCancelled(tx, await cancelMarketing(tx, data.customerId, data.channel), 'consent_withdrawn');
  }),
];

/** Erases customers and cancels what still waited to be sent to them. */
export const erase = async (tx: Transaction, customerIds: readonly string[]): Promise<void> =>
  tellCancelled(tx, await erasePerson(tx, customerIds), 'customer_erased');

const tellCancelled = (
  tx: Transaction,
  rows: readonly NotificationRow[],
  reason: 'customer_erased' | 'consent_withdrawn',
): void => {
  for (const row of rows) tx.append('notification.cancelled', row.id, { ...happened(row), reason });
};
