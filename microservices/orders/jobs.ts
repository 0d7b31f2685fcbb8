import type { Job } from '../chassis/jobs.ts';
import { cartAbout } from './service/cart-state.ts';
import { callOff } from './service/life.ts';
import type { OrdersPlatform } from './service/pricing.ts';
import type { OrdersSettings } from './settings.ts';
import { deleteStaleCarts, markAbandoned } from './store/carts.ts';
import { lockOverdue, saveHead } from './store/order-head.ts';
import { deleteOldQuotes } from './store/quotes.ts';

const BATCH = 50;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const before = (now: Date, milliseconds: number): Date => new Date(now.getTime() - milliseconds);

/** Cancels orders that were placed or approved but not confirmed in time; those under review wait for a person. */
const cancelUnconfirmed = (platform: OrdersPlatform, settings: OrdersSettings): Job => ({
  name: 'cancel-unconfirmed-orders',
  everyMs: settings.jobIntervalMs,
  run: async () => {
    const now = platform.now();
    const reason = `not confirmed within ${settings.confirmWithinHours} hours`;
    const cancelled = await platform.commit(async (tx) => {
      const overdue = await lockOverdue(tx, before(now, settings.confirmWithinHours * HOUR), BATCH);
      for (const head of overdue) {
        const by = { actor: 'job:cancel-unconfirmed-orders', reason, at: now.toISOString() };
        const change = await callOff(tx, head, 'cancel', by);
        if (change) await saveHead(tx, change.head, change.entries, change.at);
      }
      return overdue.length;
    });
    return cancelled === BATCH;
  },
});

const tellAbandoned = (platform: OrdersPlatform, settings: OrdersSettings): Job => ({
  name: 'tell-abandoned-carts',
  everyMs: settings.jobIntervalMs,
  run: async () => {
    const now = platform.now();
    const told = await platform.commit(async (tx) => {
      const carts = await markAbandoned(tx, before(now, settings.cartAbandonedMinutes * MINUTE), now, BATCH);
      for (const cart of carts) {
        tx.append('cart.abandoned', cart.id, {
          ...cartAbout(cart),
          hasEmail: cart.email !== null,
          lastChangedAt: cart.updatedAt,
        });
      }
      return carts.length;
    });
    return told === BATCH;
  },
});

/** Carts that nobody came back to and quotes that ran out hold addresses of persons: they go. */
const forgetStale = (platform: OrdersPlatform, settings: OrdersSettings): Job => ({
  name: 'forget-stale-carts-and-quotes',
  everyMs: 10 * MINUTE,
  run: async () => {
    const now = platform.now();
    const carts = await deleteStaleCarts(platform.database, before(now, settings.cartDays * DAY), 500);
    const quotes = await deleteOldQuotes(platform.database, before(now, DAY), 500);
    return carts === 500 || quotes === 500;
  },
});

export const jobs = (platform: OrdersPlatform, settings: OrdersSettings): Job[] => [
  cancelUnconfirmed(platform, settings),
  tellAbandoned(platform, settings),
  forgetStale(platform, settings),
];
