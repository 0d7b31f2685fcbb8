import { defineService } from '../chassis/service.ts';
import { eventsContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { handlers } from './service.ts';
import { followDeadLetters } from './service/collect.ts';
import { deadLettersPage } from './service/dead-letters-page.ts';
import { followLatest } from './service/latest.ts';
import { createPush } from './service/push/supervise.ts';
import { settings } from './settings.ts';

/** Event types, custom events, and delivery of events to webhooks as a service. */
export const events = defineService({
  contract: eventsContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const push = createPush(app);
    return {
      handlers: handlers(app, push),
      jobs: jobs(app),
      routes: deadLettersPage(app),
      start: () => {
        const running = [push.start(), followLatest(app), followDeadLetters(app)];
        return { stop: async () => void (await Promise.all(running.map((one) => one.stop()))) };
      },
    };
  },
});
