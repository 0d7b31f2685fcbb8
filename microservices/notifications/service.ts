import type { Context, Handlers } from './context.ts';
import { changeHandlers } from './service/changes.ts';
import { devInboxHandlers } from './service/dev-inbox.ts';
import { queryHandlers } from './service/queries.ts';
import { preferenceHandlers } from './service/preferences.ts';
import { sendNotification } from './service/send.ts';
import { templateHandlers } from './service/templates.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  sendNotification: sendNotification(context),
  ...queryHandlers(context),
  ...changeHandlers(context),
  ...templateHandlers(context),
  ...preferenceHandlers(context),
  ...devInboxHandlers(context),
});
