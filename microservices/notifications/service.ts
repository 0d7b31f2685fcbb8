import { implementContract } from '../chassis/http/handlers.ts';
import { notificationsContract } from './contract.ts';
import type { Context, NotificationHandlers } from './service/context.ts';
import { devInboxHandlers } from './service/dev-inbox.ts';
import { changes, reads } from './service/notifications.ts';
import { preferenceHandlers } from './service/preferences.ts';
import { sendNotification } from './service/send.ts';
import { templateHandlers } from './service/templates.ts';

/** Every operation of notifications. */
export const handlers = (context: Context): NotificationHandlers =>
  implementContract(notificationsContract, {
    sendNotification: sendNotification(context),
    ...reads(context),
    ...changes(context),
    ...templateHandlers(context),
    ...preferenceHandlers(context),
    ...devInboxHandlers(context),
  });
