import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { removeSubscription } from './service/moves.ts';
import { tellStaff } from './service/tell-staff.ts';
import { deleteOldDeadLetters } from './store/dead-letters.ts';
import { deleteOldDeliveries } from './store/deliveries.ts';
import { deleteOldOnce } from './store/once.ts';
import { endedSubscriptions } from './store/subscriptions.ts';

const TELL_MS = 1_000;
const END_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

export const jobs = (context: Context): Job[] => [
  { name: 'end-subscriptions', everyMs: END_MS, run: () => endSubscriptions(context) },
  { name: 'tell-staff', everyMs: TELL_MS, run: () => tellStaff(context) },
  {
    name: 'forget-old-dead-letters',
    everyMs: 600_000,
    run: () => deleteOldDeadLetters(context.database, daysBefore(context.now(), 30), 500),
  },
  {
    name: 'forget-old-once',
    everyMs: 600_000,
    run: () => deleteOldOnce(context.database, daysBefore(context.now(), 90), 500),
  },
  {
    name: 'forget-old-deliveries',
    everyMs: 600_000,
    run: () => deleteOldDeliveries(context.database, daysBefore(context.now(), 14), 500),
  },
];

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

const BATCH = 50;

/** Deletes subscriptions that end. Those who deliver to them notice at their next look. */
const endSubscriptions = async (context: Context): Promise<boolean> => {
  const ended = await endedSubscriptions(context.database, context.now(), BATCH);
  for (const id of ended) await context.commit((tx) => removeSubscription(tx, id));
  return ended.length === BATCH;
};
