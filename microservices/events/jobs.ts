import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { deleteOldDeliveries } from './store/deliveries.ts';

const TWO_WEEKS_MS = 14 * 24 * 60 * 60 * 1_000;

export const jobs = ({ database, now }: Context): Job[] => [
  {
    name: 'forget-old-deliveries',
    everyMs: 600_000,
    run: () => deleteOldDeliveries(database, new Date(now().getTime() - TWO_WEEKS_MS), 500),
  },
];
