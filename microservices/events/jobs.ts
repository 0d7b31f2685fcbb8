import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { removeSubscription } from './service/subscriptions/moves.ts';
import { tellStaff } from './service/dead-letters/tell-staff.ts';
import { deleteOldDeadLetters } from './store/dead-letters.ts';
import { deleteOldDeliveries } from './store/deliveries.ts';
import { deleteOldUses } from './store/limits.ts';
import { deleteOldOnce } from './store/once.ts';
import { deleteOldRuns } from './store/runs.ts';
import { endedSubscriptions } from './store/subscriptions.ts';
import { deleteOldWaits, settleOverdue } from './store/waits.ts';
import { deleteOldEvents, unwatchIdle } from './store/watched.ts';

const TELL_MS = 1_000;
const END_MS = 1_000;
const FORGET_MS = 600_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const BATCH = 500;

/** `onSettled` learns that journeys are to be resumed. */
export const jobs = (context: Context, onSettled: () => void): Job[] => [
  { name: 'end-subscriptions', everyMs: END_MS, run: () => endSubscriptions(context) },
  { name: 'tell-staff', everyMs: TELL_MS, run: () => tellStaff(context) },
  { name: 'time-out-waits', everyMs: context.settings.waitPollMs, run: () => timeOutWaits(context, onSettled) },
  { name: 'forget-old-waits', everyMs: FORGET_MS, run: () => forgetOldWaits(context) },
  ...forgetting(context, {
    deliveries: (daysAgo) => deleteOldDeliveries(context.database, daysAgo(14), BATCH),
    'dead-letters': (daysAgo) => deleteOldDeadLetters(context.database, daysAgo(30), BATCH),
    once: (daysAgo) => deleteOldOnce(context.database, daysAgo(90), BATCH),
    journeys: (daysAgo) => deleteOldRuns(context.database, daysAgo(90), BATCH),
    uses: (daysAgo) => deleteOldUses(context.database, daysAgo(0), BATCH),
  }),
];

type Forget = (daysAgo: (days: number) => Date) => Promise<boolean>;

/** Jobs that delete what is old, a batch at a time. */
const forgetting = ({ now }: Context, all: Record<string, Forget>): Job[] =>
  Object.entries(all).map(([name, forget]) => ({
    name: `forget-old-${name}`,
    everyMs: FORGET_MS,
    run: () => forget((days) => daysBefore(now(), days)),
  }));

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

const timeOutWaits = async ({ database, now }: Context, onSettled: () => void): Promise<boolean> => {
  const settled = await settleOverdue(database, now(), BATCH);
  if (settled > 0) onSettled();
  return settled === BATCH;
};

/** Deletes waits that ended, and the events that were kept for waits to come. */
const forgetOldWaits = async ({ database, now, settings }: Context): Promise<boolean> => {
  await unwatchIdle(database, daysBefore(now(), Math.max(30, settings.waitHistoryDays)));
  const events = await deleteOldEvents(database, daysBefore(now(), settings.waitHistoryDays), BATCH);
  const waits = await deleteOldWaits(database, daysBefore(now(), 30), BATCH);
  return events || waits;
};

const ENDED = 50;

/** Deletes subscriptions that end. Those who deliver to them notice at their next look. */
const endSubscriptions = async (context: Context): Promise<boolean> => {
  const ended = await endedSubscriptions(context.database, context.now(), ENDED);
  for (const id of ended) await context.commit((tx) => removeSubscription(tx, id));
  return ended.length === ENDED;
};
