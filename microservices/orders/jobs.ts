import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { announceAbandoned } from './service/abandon-cart.ts';
import { eraseLeftover } from './service/erasure.ts';
import { announceLate } from './service/fulfil.ts';
import { cancelUnconfirmed } from './service/lifecycle.ts';
import { markInactive } from './store/activity.ts';
import { deleteStaleCarts, markAbandoned } from './store/carts.ts';
import { erasedWithOrders } from './store/erasure.ts';
import { markLate } from './store/fulfilments.ts';
import { lockLate, lockOverdue } from './store/order-head.ts';
import { deleteOldQuotes } from './store/quotes.ts';
import { deleteOverdueInvoices } from './store/retained-invoices.ts';
import { foldRecipients } from './store/search.ts';

const BATCH = 50;
const BIG_BATCH = 500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const before = (now: Date, milliseconds: number): Date => new Date(now.getTime() - milliseconds);

export const jobs = (context: Context): Job[] => [
  cancelUnconfirmedOrders(context),
  reportAbandonedCarts(context),
  reportInactiveCustomers(context),
  reportLateDeliveries(context),
  deleteStale(context),
  foldOldRecipients(context),
  deleteOldInvoices(context),
  eraseLeftovers(context),
];

/** Cancels orders that were placed or approved but not confirmed in time; those under review wait for a person. */
const cancelUnconfirmedOrders = ({ settings, now, ...context }: Context): Job => ({
  name: 'cancel-unconfirmed-orders',
  everyMs: settings.jobIntervalMs,
  run: () =>
    context.commit(async (tx) => {
      const by = {
        actor: 'job:cancel-unconfirmed-orders',
        reason: `not confirmed within ${settings.confirmWithinHours} hours`,
        at: now().toISOString(),
      };
      const overdue = await lockOverdue(tx, before(now(), settings.confirmWithinHours * HOUR), BATCH);
      for (const head of overdue) await cancelUnconfirmed(tx, head, by);
      return overdue.length === BATCH;
    }),
});

const reportAbandonedCarts = ({ settings, now, ...context }: Context): Job => ({
  name: 'report-abandoned-carts',
  everyMs: settings.jobIntervalMs,
  run: () =>
    context.commit(async (tx) => {
      const carts = await markAbandoned(tx, before(now(), settings.cartAbandonedMinutes * MINUTE), now(), BATCH);
      for (const cart of carts) announceAbandoned(tx, cart);
      return carts.length === BATCH;
    }),
});

const reportInactiveCustomers = ({ settings, now, ...context }: Context): Job => ({
  name: 'report-inactive-customers',
  everyMs: settings.jobIntervalMs,
  run: () =>
    context.commit(async (tx) => {
      const days = settings.customerInactiveDays;
      const inactive = await markInactive(tx, before(now(), days * DAY), now(), BATCH);
      for (const one of inactive) tx.append('customer.inactive', one.customerId, { ...one, days });
      return inactive.length === BATCH;
    }),
});

/** Announces shipments that did not arrive by the promised moment, under the lock of their orders. */
const reportLateDeliveries = ({ settings, now, ...context }: Context): Job => ({
  name: 'report-late-deliveries',
  everyMs: settings.jobIntervalMs,
  run: () =>
    context.commit(async (tx) => {
      const heads = await lockLate(tx, now(), BATCH);
      const late = await markLate(
        tx,
        heads.map(({ id }) => id),
        now(),
      );
      for (const head of heads)
        await announceLate(
          tx,
          head,
          late.filter(({ orderId }) => orderId === head.id),
          now().toISOString(),
        );
      return heads.length === BATCH;
    }),
});

/** Carts that nobody came back to and quotes that expired hold addresses of persons. */
const deleteStale = ({ settings, database, now }: Context): Job => ({
  name: 'delete-stale-carts-and-quotes',
  everyMs: 10 * MINUTE,
  run: async () => {
    const carts = await deleteStaleCarts(database, before(now(), settings.cartDays * DAY), BIG_BATCH);
    const quotes = await deleteOldQuotes(database, before(now(), DAY), BIG_BATCH);
    return carts === BIG_BATCH || quotes === BIG_BATCH;
  },
});

/** Orders of erased customers that the erasure itself did not see. */
const eraseLeftovers = (context: Context): Job => ({
  name: 'erase-leftovers',
  everyMs: context.settings.jobIntervalMs,
  run: async () => {
    for (const customerId of await erasedWithOrders(context.database, BATCH))
      await context.commit((tx) => eraseLeftover(context, tx, customerId));
  },
});

/** The time that tax law wants names and addresses of invoices kept is over. */
const deleteOldInvoices = ({ settings, database, now }: Context): Job => ({
  name: 'delete-retained-invoices',
  everyMs: settings.jobIntervalMs,
  run: async () => (await deleteOverdueInvoices(database, now(), BIG_BATCH)) === BIG_BATCH,
});

const foldOldRecipients = ({ settings, database }: Context): Job => ({
  name: 'fold-recipients',
  everyMs: settings.jobIntervalMs,
  run: async () => (await foldRecipients(database, BIG_BATCH)) === BIG_BATCH,
});
