import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { expireBatch } from './service/settle.ts';

export const jobs = (context: Context): Job[] => [
  {
    name: 'expire-reservations',
    everyMs: context.settings.expiryIntervalMs,
    run: () => context.commit(expireBatch),
  },
];
