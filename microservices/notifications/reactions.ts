import { oweAcknowledgement } from '../chassis/erasure.ts';
import { react, type Reaction } from '../chassis/events/reaction.ts';
import type { Transaction } from '../chassis/transaction.ts';
import { customersContract } from '../customers/contract.ts';
import { happened } from './service/shown.ts';
import type { NotificationRow } from './store/notifications.ts';
import { cancelMarketing, erasePerson, moveCustomer } from './store/persons.ts';

/** What this domain does when persons change: it forgets them, follows them, and stops writing to who no longer wants it. */
export const reactions = (now: () => Date): Reaction[] => [
  react(customersContract, 'customer.erase_requested', async ({ data }, tx) => {
    tellCancelled(tx, await erasePerson(tx, [data.customerId, ...data.alsoKnownAs]), 'customer_erased');
    if (data.services.includes('notifications')) await oweAcknowledgement(tx, data.customerId, now());
  }),
  // What came in between the request and the last acknowledgement goes too.
  react(customersContract, 'customer.erased', async ({ data }, tx) => {
    tellCancelled(tx, await erasePerson(tx, [data.customerId]), 'customer_erased');
  }),
  react(customersContract, 'customer.merged', async ({ data }, tx) =>
    moveCustomer(tx, data.mergedCustomerId, data.customerId),
  ),
  react(customersContract, 'consent.changed', async ({ data }, tx) => {
    if (data.granted || data.purpose !== 'marketing') return;
    tellCancelled(tx, await cancelMarketing(tx, data.customerId, data.channel), 'consent_withdrawn');
  }),
];

const tellCancelled = (
  tx: Transaction,
  rows: readonly NotificationRow[],
  reason: 'customer_erased' | 'consent_withdrawn',
): void => {
  for (const row of rows) tx.append('notification.cancelled', row.id, { ...happened(row), reason });
};
