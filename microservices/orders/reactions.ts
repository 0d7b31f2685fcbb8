import { react, type Reaction } from '../chassis/events/reaction.ts';
import { endPersons } from '../chassis/persons.ts';
import type { Transaction } from '../chassis/transaction.ts';
import { customersContract } from '../customers/contract.ts';
import { inventoryContract } from '../inventory/contract.ts';
import { paymentsContract } from '../payments/contract.ts';
import { walletContract } from '../wallet/contract.ts';
import type { Context } from './context.ts';
import type { ReservationState } from './policy/allocation.ts';
import { factsOfPayment } from './policy/payment.ts';
import { provedEmail } from './policy/link.ts';
import { askPayments, type Payment, type Refunded } from './service/ask-payments.ts';
import { askWallet } from './service/ask-wallet.ts';
import { refundCancelled } from './service/cancel-rest.ts';
import type { Change } from './service/change.ts';
import {
  learnPayment,
  learnPaymentFailed,
  learnRefunded,
  learnRefundFailed,
  learnReservation,
} from './service/learn.ts';
import { findClaimant, linkByEmail } from './service/link.ts';
import { lockHead, saveHead } from './store/order-head.ts';
import { moveCustomer } from './store/persons.ts';

/**
 * Learns something about an order under its row lock. Reservations and holds of other owners than orders are passed
 * over.
 */
const aboutOrder = async (
  tx: Transaction,
  orderId: string,
  at: string,
  learn: (change: Change) => Promise<Change> | Change,
): Promise<void> => {
  if (!orderId.startsWith('ord_')) return;
  const head = await lockHead(tx, orderId);
  if (!head) return;
  const change = await learn({ head, entries: [], at });
  if (change.entries.length > 0) await saveHead(tx, change.head, change.entries, at);
};

const STOCK = {
  'inventory.reserved': 'reserved',
  'inventory.reservation_failed': 'failed',
  'inventory.committed': 'committed',
  'inventory.released': 'released',
  'inventory.expired': 'expired',
} as const satisfies Record<string, ReservationState>;

const stockReactions = (now: () => Date): Reaction[] => [
  ...(Object.keys(STOCK) as (keyof typeof STOCK)[]).map((type) =>
    react(inventoryContract, type, async ({ data }, tx) => {
      const lines = data.lines.map((line) => ({
        sku: line.sku,
        quantity: 'quantity' in line ? line.quantity : line.requested,
      }));
      await aboutOrder(tx, data.ownerId, now().toISOString(), (change) =>
        learnReservation(
          tx,
          change,
          { reservationId: data.reservationId, state: STOCK[type] },
          { actor: `event:${type}`, lines },
        ),
      );
    }),
  ),
  react(inventoryContract, 'inventory.returned', async ({ data }, tx) => {
    const { state, reservationId, lines } = data;
    // Some of its units are still out or will be shipped.
    if (state !== 'released' && state !== 'returned') return;
    await aboutOrder(tx, data.ownerId, now().toISOString(), (change) =>
      learnReservation(tx, change, { reservationId, state }, { actor: 'event:inventory.returned', lines }),
    );
  }),
];

const moneyReactions = (context: Context): Reaction[] => {
  const { now, settings } = context;
  const wallet = askWallet(context);
  return [
    react(
      walletContract,
      'wallet.held',
      async ({ data }, tx, isHeld: boolean) => {
        if (!isHeld) return;
        const fact = { holdId: data.holdId, state: 'authorized', authorized: data.amount.amount, captured: 0 } as const;
        await aboutOrder(tx, data.reference, now().toISOString(), (change) =>
          learnPayment(tx, change, fact, 'event:wallet.held'),
        );
      },
      ({ data }) => wallet.isHeld(data),
    ),
    react(
      walletContract,
      'wallet.captured',
      async ({ data }, tx, isCaptured: boolean) => {
        if (!isCaptured) return;
        const actor = 'event:wallet.captured';
        const fact = { holdId: data.holdId, state: data.state, authorized: 0, captured: data.captured.amount };
        await aboutOrder(tx, data.reference, now().toISOString(), async (change) =>
          refundCancelled(tx, { settings }, await learnPayment(tx, change, fact, actor), actor),
        );
      },
      ({ data }) => wallet.isCaptured(data),
    ),
    react(
      walletContract,
      'wallet.released',
      async ({ data }, tx, isReleased: boolean) => {
        if (!isReleased) return;
        const fact = { holdId: data.holdId, state: data.state, authorized: 0, captured: 0 };
        await aboutOrder(tx, data.reference, now().toISOString(), (change) =>
          learnPayment(tx, change, fact, 'event:wallet.released'),
        );
      },
      ({ data }) => wallet.isReleased(data),
    ),
    react(
      walletContract,
      'wallet.refunded',
      async ({ data }, tx, isRefunded: boolean) => {
        if (!isRefunded) return;
        const given = { holdId: data.holdId, refundReference: data.refundReference, amount: data.amount.amount };
        await aboutOrder(tx, data.reference, now().toISOString(), (change) =>
          learnRefunded(tx, { settings }, change, given, 'event:wallet.refunded'),
        );
      },
      ({ data }) => wallet.isRefunded(data),
    ),
    ...failureReactions(context),
  ];
};

/** What the wallet could not do. It keeps no record that could be asked for; no money moves on these. */
const failureReactions = ({ now }: Context): Reaction[] => [
  react(walletContract, 'payment.failed', async ({ data }, tx) => {
    const why = { reason: data.reason, amount: data.amount.amount };
    await aboutOrder(tx, data.reference, now().toISOString(), (change) =>
      learnPaymentFailed(change, why, 'event:payment.failed'),
    );
  }),
  react(walletContract, 'payment.refund_failed', async ({ data }, tx) => {
    await aboutOrder(tx, data.orderId, now().toISOString(), (change) =>
      learnRefundFailed(tx, change, data, 'event:payment.refund_failed'),
    );
  }),
];

const PAYMENT_NEWS = [
  'payment.authorized',
  'payment.captured',
  'payment.voided',
  'payment.expired',
] as const satisfies (keyof (typeof paymentsContract)['events'])[];

/** What happens to payments of orders. An event only says that there is news: payments are asked what it is. */
const paymentReactions = (context: Context): Reaction[] => {
  const { now, settings } = context;
  const payments = askPayments(context);
  return [
    ...PAYMENT_NEWS.map((type) =>
      react<typeof paymentsContract, typeof type, Payment | undefined>(
        paymentsContract,
        type,
        async (_event, tx, payment) => {
          if (!payment?.orderId || payment.authorized.amount === 0) return;
          const actor = `event:${type}`;
          await aboutOrder(tx, payment.orderId, now().toISOString(), async (change) =>
            refundCancelled(tx, { settings }, await learnPayment(tx, change, factsOfPayment(payment), actor), actor),
          );
        },
        ({ data }) => payments.paymentOf(data),
      ),
    ),
    react(
      paymentsContract,
      'payment.refunded',
      async (_event, tx, refund: Refunded | undefined) => {
        if (!refund) return;
        await aboutOrder(tx, refund.orderId, now().toISOString(), (change) =>
          learnRefunded(tx, { settings }, change, refund, 'event:payment.refunded'),
        );
      },
      ({ data }) => payments.refundOf(data),
    ),
    react(
      paymentsContract,
      'payment.declined',
      async ({ data }, tx, payment: Payment | undefined) => {
        if (!payment?.orderId || payment.state !== 'failed') return;
        const why = { reason: data.failure, amount: data.amount.amount };
        await aboutOrder(tx, payment.orderId, now().toISOString(), (change) =>
          learnPaymentFailed(change, why, 'event:payment.declined'),
        );
      },
      ({ data }) => payments.paymentOf(data),
    ),
    react(
      paymentsContract,
      'payment.movement_refused',
      async ({ data }, tx, isRefused: boolean) => {
        if (!isRefused || data.orderId === null || data.reference === null) return;
        const failed = { refundId: data.reference, reason: data.failure };
        await aboutOrder(tx, data.orderId, now().toISOString(), (change) =>
          learnRefundFailed(tx, change, failed, 'event:payment.movement_refused'),
        );
      },
      ({ data }) => payments.isRefused(data),
    ),
  ];
};

const personReactions = ({ now, ...context }: Context): Reaction[] => [
  react(customersContract, 'customer.merged', async ({ data }, tx) => {
    await endPersons(tx, [data.mergedCustomerId], now());
    await moveCustomer(tx, data.mergedCustomerId, data.customerId);
  }),
  react(
    customersContract,
    'customer.verified',
    async ({ data: { customerId } }, tx, email: string | undefined) => {
      if (email !== undefined)
        await linkByEmail(tx, { customerId, email, actor: 'event:customer.verified', now: now() });
    },
    async ({ data: { customerId, contact } }) => {
      const claimant =
        contact === 'email' ? await findClaimant(context.client(customersContract), customerId) : undefined;
      return claimant && provedEmail(claimant);
    },
  ),
];

/** Learns of stock and money, and follows customers that were merged. */
export const reactions = (context: Context): Reaction[] => [
  ...stockReactions(context.now),
  ...moneyReactions(context),
  ...paymentReactions(context),
  ...personReactions(context),
];
