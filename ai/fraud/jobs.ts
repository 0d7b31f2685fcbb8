import type { Job } from '../../microservices/chassis/jobs.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import type { Context } from './service/context.ts';
import { expireReview } from './service/reviews.ts';
import { forgetOldFacts } from './store/facts.ts';
import { owedAcknowledgements, settleAcknowledgement } from './store/persons.ts';
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

/** Tells customers that a person was erased here; again next time when customers cannot be reached. */
const acknowledgeErasures = ({ platform }: Context): Job => ({
  name: 'acknowledge-erasures',
  everyMs: 5_000,
  run: async () => {
    const customers = platform.client(customersContract);
    for (const customerId of await owedAcknowledgements(platform.database, AT_ONCE)) {
      const told = { customerId, service: 'fraud' };
      await customers
        .acknowledgeErasure(told, { idempotencyKey: `fraud-erased-${customerId}` })
        .catch((error: unknown) => {
          // Nobody asked for this erasure any more: there is nobody to tell.
          if (!(error instanceof Problem && error.status === 404)) throw error;
        });
      await settleAcknowledgement(platform.database, customerId);
    }
  },
});

export const jobs = (context: Context): Job[] => [
  expireReviews(context),
  acknowledgeErasures(context),
  forgetOld(context),
];
