import type { Job } from '../chassis/jobs.ts';
import { deliverDue } from './deliver.ts';
import type { Context } from './service/context.ts';
import { deleteOld } from './store/queue.ts';

const DAY_MS = 86_400_000;

const forgetOld = ({ platform, settings }: Context): Job => ({
  name: 'forget-old-notifications',
  everyMs: 600_000,
  run: () => deleteOld(platform.database, new Date(platform.now().getTime() - settings.keepDays * DAY_MS), 500),
});

export const jobs = (context: Context): Job[] => [
  { name: 'send-notifications', everyMs: context.settings.pollMs, run: deliverDue(context) },
  forgetOld(context),
];
