import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import type { Context } from './context.ts';
import { notificationsContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { erase, reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { seedTemplates } from './service/built-in/index.ts';
import { devInboxPage } from './service/dev-inbox-page.ts';
import { hasDevInbox } from './service/dev-inbox.ts';
import { startInboxMail } from './service/inbox-mail.ts';
import { createWriter } from './service/writer.ts';
import { mailServersOf, settings } from './settings.ts';

/** The time that a template has to be filled in, in milliseconds. */
const WRITE_MS = 1_000;

/** Messages to people as a service. */
export const notifications = defineService({
  contract: notificationsContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const writers = { messages: createWriter(WRITE_MS), trials: createWriter(WRITE_MS) };
    const context: Context = { ...app, mailServers: mailServersOf(app.settings), writers };
    return {
      handlers: handlers(context),
      reactions,
      jobs: jobs(context),
      erasure: eraser({ app, customers: customersContract, erase }),
      routes: devInboxPage(context),
      prepare: () => seedTemplates(app.database, app.now()),
      start: () => {
        const { inboxSmtpUrl } = app.settings;
        const mail = inboxSmtpUrl && hasDevInbox(context) ? startInboxMail(context, inboxSmtpUrl) : undefined;
        return {
          stop: async () => {
            await Promise.all([mail?.stop(), writers.messages.close(), writers.trials.close()]);
          },
        };
      },
    };
  },
});
