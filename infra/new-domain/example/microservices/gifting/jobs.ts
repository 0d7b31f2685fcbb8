import type { Job } from '../../../../../microservices/chassis/jobs.ts';
import type { Context } from './context.ts';
import { expireBatch } from './service.ts';

export const jobs = (context: Context): Job[] => [
  {
    name: 'expire-gift-notes',
    everyMs: context.settings.expiryIntervalMs,
    run: () => context.commit((tx) => expireBatch(tx, context.now())),
  },
];
