import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { seedTemplates } from './built-in/index.ts';
import { customersContract } from '../customers/contract.ts';
import { notificationsContract } from './contract.ts';
import { devInboxPage } from './dev-inbox-page.ts';
import { jobs } from './jobs.ts';
import { erase, reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { readSettings } from './settings.ts';

/** Messages to people as a service. */
export const notifications = defineService({
  contract: notificationsContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => {
    const context = { platform, settings: readSettings(platform.environment) };
    return {
      handlers: handlers(context),
      reactions,
      jobs: jobs(context),
      erasure: eraser({ app: platform, customers: customersContract, erase }),
      routes: devInboxPage(context),
      prepare: () => seedTemplates(platform.database, platform.now()),
    };
  },
});
