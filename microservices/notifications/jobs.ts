import type { Job } from '../chassis/jobs.ts';
import { Problem } from '../chassis/problem.ts';
import { customersContract } from '../customers/contract.ts';
import { deliverDue } from './deliver.ts';
import type { Context } from './service/context.ts';
import { markAcknowledged, unacknowledgedErasures } from './store/persons.ts';
import { deleteOld } from './store/queue.ts';

const DAY_MS = 86_400_000;

const forgetOld = ({ platform, settings }: Context): Job => ({
  name: 'forget-old-notifications',
  everyMs: 600_000,
  run: () => deleteOld(platform.database, new Date(platform.now().getTime() - settings.keepDays * DAY_MS), 500),
});

/** Tells customers that a person was erased here; again next time when customers cannot be reached. */
const acknowledgeErasures = ({ platform }: Context): Job => ({
  name: 'acknowledge-erasures',
  everyMs: 5_000,
  run: async () => {
    const customers = platform.client(customersContract);
    for (const customerId of await unacknowledgedErasures(platform.database, 50)) {
      await customers
        .acknowledgeErasure(
          { customerId, service: 'notifications' },
          { idempotencyKey: `notifications-erased-${customerId}` },
        )
        .catch((error: unknown) => {
          if (!(error instanceof Problem && error.status === 404)) throw error;
        });
      await markAcknowledged(platform.database, customerId, platform.now());
    }
  },
});

export const jobs = (context: Context): Job[] => [
  { name: 'send-notifications', everyMs: context.settings.pollMs, run: deliverDue(context) },
  acknowledgeErasures(context),
  forgetOld(context),
];
