import type { Job } from '../../microservices/chassis/jobs.ts';
import type { Context } from './service/context.ts';
import { expireReview } from './service/reviews.ts';
import { forgetOldFacts } from './store/facts.ts';
import { lockDueReviews } from './store/reviews.ts';

const AT_ONCE = 100;
/** Longer than features look back, so that a decision of the last months can still be made again from what it saw. */
const KEEP = { factDays: 400, sightingDays: 200 };

const expireReviews = ({ platform, settings }: Context): Job => ({
  name: 'expire-fraud-reviews',
  everyMs: settings.jobIntervalMs,
  run: () =>
    platform.commit(async (tx) => {
      const due = await lockDueReviews(tx, platform.now().toISOString(), AT_ONCE);
      for (const review of due) await expireReview(tx, review, 'time');
      return due.length === AT_ONCE;
    }),
});

const forgetOld = ({ platform }: Context): Job => ({
  name: 'forget-old-facts',
  everyMs: 600_000,
  run: () => forgetOldFacts(platform.database, platform.now(), KEEP, 1_000),
});

export const jobs = (context: Context): Job[] => [expireReviews(context), forgetOld(context)];
