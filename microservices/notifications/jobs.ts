import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { deliverDue } from './jobs/deliver.ts';
import { deleteOld } from './store/queue.ts';

const DAY_MS = 86_400_000;
const BATCH = 500;

export const jobs = (context: Context): Job[] => {
  const { database, settings, now } = context;
  return [
    { name: 'send-notifications', everyMs: settings.pollMs, run: deliverDue(context) },
    {
      name: 'forget-old-notifications',
      everyMs: 600_000,
      run: () => deleteOld(database, new Date(now().getTime() - settings.keepDays * DAY_MS), BATCH),
    },
  ];
};
