import type { Job } from '../../microservices/chassis/jobs.ts';
import type { Context } from './context.ts';
import { expireBatch } from './service/reviews.ts';
import { forgetOldFacts } from './store/facts.ts';

/**
 * Longer than features look back, so that a decision of the last months can be computed again from the same history.
 */
const KEEP = { factDays: 400, sightingDays: 200 };

export const jobs = (context: Context): Job[] => [
  {
    name: 'expire-fraud-reviews',
    everyMs: context.settings.jobIntervalMs,
    run: () => context.commit((tx) => expireBatch(tx, context.now())),
  },
  {
    name: 'forget-old-facts',
    everyMs: 600_000,
    run: () => forgetOldFacts(context.database, context.now(), KEEP, 1_000),
  },
];
