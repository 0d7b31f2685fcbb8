import type { Job } from '../chassis/jobs.ts';
import { defineService } from '../chassis/service.ts';
import type { Context } from './context.ts';
import { eventsContract } from './contract.ts';
import { followLatest } from './latest.ts';
import { createPush } from './push/supervise.ts';
import { handlers } from './service.ts';
import { readSettings } from './settings.ts';
import { deleteOldDeliveries } from './store/deliveries.ts';

const TWO_WEEKS_MS = 14 * 24 * 60 * 60 * 1_000;

const forgetOld = ({ platform }: Context): Job => ({
  name: 'forget-old-deliveries',
  everyMs: 600_000,
  run: () => deleteOldDeliveries(platform.database, new Date(platform.now().getTime() - TWO_WEEKS_MS), 500),
});

/** The event catalogue, events of one's own, and their delivery to webhooks. */
export const events = defineService({
  contract: eventsContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => {
    const context = { platform, settings: readSettings(platform.environment) };
    const push = createPush(context);
    return {
      handlers: handlers(context, push),
      jobs: [forgetOld(context)],
      start: () => {
        const running = [push.start(), followLatest(context)];
        return { stop: async () => void (await Promise.all(running.map((one) => one.stop()))) };
      },
    };
  },
});
