import { Router } from 'express';
import { defineService } from '../chassis/service.ts';
import { eventsContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { handlers } from './service.ts';
import { followDeadLetters } from './service/dead-letters/collect.ts';
import { deadLettersPage } from './service/dead-letters/dead-letters-page.ts';
import { followEvents } from './service/following/follow-events.ts';
import { createPush } from './service/push/supervise.ts';
import { gauges } from './service/journeys/gauges.ts';
import { journeysPage } from './service/journeys/journeys-page.ts';
import { startResumer, type Resumer } from './service/waits/resume.ts';
import { settings } from './settings.ts';

/** Event types, custom events, and delivery of events to webhooks as a service. */
export const events = defineService({
  contract: eventsContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const push = createPush(app);
    let resumer: Resumer | undefined;
    const wake = (): void => resumer?.wake();
    return {
      handlers: handlers(app, push),
      routes: Router().use(deadLettersPage(app), journeysPage(app)),
      gauges: gauges(app),
      jobs: jobs(app, wake),
      start: () => {
        resumer = startResumer(app);
        const running = [push.start(), followEvents(app, wake), followDeadLetters(app), resumer];
        return { stop: async () => void (await Promise.all(running.map((one) => one.stop()))) };
      },
    };
  },
});
