import { react, type Reaction } from '../../microservices/chassis/events/reaction.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import type { FactKind } from './features/history.ts';
import { expireReview } from './service/reviews.ts';
import { addToShopDay, insertAlias, insertFact, type NewFact } from './store/facts.ts';
import { eraseOrder } from './store/persons.ts';
import { lockOpenReview } from './store/reviews.ts';

const momentOf = (time: string): number => {
  const at = Date.parse(time);
  if (Number.isNaN(at))
    throw new Error(`The event's time "${time}" is not a moment (ISO 8601), so its place in history is unknown.`);
  return at;
};

const NOTHING = { customerId: null, orderId: null, amount: null, currency: null, country: null };

const factOf = (event: CommerceEvent, kind: FactKind, known: Partial<NewFact>): NewFact => ({
  ...NOTHING,
  id: event.id.toLowerCase(),
  kind,
  at: momentOf(event.time),
  ...known,
});

const customerReactions: Reaction[] = [
  react(customersContract, 'customer.registered', async (event, tx) =>
    insertFact(tx, factOf(event, 'registered', { customerId: event.data.customerId, country: event.data.country })),
  ),
  react(customersContract, 'customer.guest_created', async (event, tx) =>
    insertFact(tx, factOf(event, 'registered', { customerId: event.data.customerId, country: event.data.country })),
  ),
  react(customersContract, 'customer.updated', async (event, tx) =>
    insertFact(
      tx,
      factOf(event, 'profile_changed', { customerId: event.data.customerId, country: event.data.country }),
    ),
  ),
  react(customersContract, 'customer.verified', async (event, tx) =>
    insertFact(tx, factOf(event, 'verified', { customerId: event.data.customerId })),
  ),
  react(customersContract, 'customer.password_changed', async (event, tx) => {
    // A change by someone who knows the old password is no sign of fraud.
    if (event.data.by === 'reset')
      await insertFact(tx, factOf(event, 'password_reset', { customerId: event.data.customerId }));
  }),
  react(customersContract, 'session.ended', async (event, tx) => {
    if (event.data.reason === 'token_reused')
      await insertFact(tx, factOf(event, 'token_reused', { customerId: event.data.customerId }));
  }),
  react(customersContract, 'customer.merged', async ({ data, time }, tx) =>
    insertAlias(tx, data.mergedCustomerId, data.customerId, momentOf(time)),
  ),
];

const ORDER_ENDS = { 'order.rejected': 'order_rejected', 'order.cancelled': 'order_cancelled' } as const;

const orderReactions: Reaction[] = [
  react(ordersContract, 'order.created', async (event, tx) => {
    const { customerId, orderId, totals, shippingCountry, paymentMethod, lines, placedAt } = event.data;
    const { amount, currency } = totals.grandTotal;
    const largestQuantity = lines.length > 0 ? Math.max(...lines.map(({ quantity }) => quantity)) : null;
    // The moment that journeys see in the event, so that a score from the event and one from input see the same past.
    const at = momentOf(placedAt);
    const placed = { at, customerId, orderId, amount, currency, country: shippingCountry };
    await insertFact(tx, factOf(event, 'order_placed', { ...placed, paymentMethod, largestQuantity }));
    await addToShopDay(tx, currency, at, amount);
  }),
  ...(Object.keys(ORDER_ENDS) as (keyof typeof ORDER_ENDS)[]).map((type) =>
    react(ordersContract, type, async (event, tx) => {
      const { customerId, orderId } = event.data;
      await insertFact(tx, factOf(event, ORDER_ENDS[type], { customerId, orderId }));
      const review = await lockOpenReview(tx, orderId);
      if (review) await expireReview(tx, review, 'order_ended');
    }),
  ),
  react(ordersContract, 'order.delivered', async (event, tx) => {
    const { customerId, orderId } = event.data;
    await insertFact(tx, factOf(event, 'order_delivered', { customerId, orderId }));
  }),
  react(ordersContract, 'order.erased', async ({ data }, tx) => eraseOrder(tx, data.orderId)),
  react(ordersContract, 'refund.issued', async (event, tx) => {
    const { customerId, orderId, amount } = event.data;
    await insertFact(tx, factOf(event, 'order_refunded', { customerId, orderId, ...amount }));
  }),
];

const walletReactions: Reaction[] = [
  react(walletContract, 'payment.failed', async (event, tx) => {
    const { ownerId: customerId, reference: orderId, amount, reason } = event.data;
    // A payment for an order that was cancelled is no sign of fraud.
    if (reason !== 'reference_closed')
      await insertFact(tx, factOf(event, 'payment_failed', { customerId, orderId, ...amount }));
  }),
  react(walletContract, 'wallet.topped_up', async (event, tx) => {
    const { ownerId: customerId, amount } = event.data;
    await insertFact(tx, factOf(event, 'topped_up', { customerId, ...amount }));
  }),
];

/** Keeps facts of other domains' events, and ends reviews of orders that end. */
export const reactions: readonly Reaction[] = [...customerReactions, ...orderReactions, ...walletReactions];
