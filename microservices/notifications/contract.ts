import { defineContract, withExamples } from '../chassis/contract/index.ts';
import { notificationExamples } from './contract/examples.ts';
import { sendNotification } from './contract/sending.ts';
import { notificationEvents } from './contract/events.ts';
import { messageOperations } from './contract/messages.ts';
import { templateOperations } from './contract/templates.ts';
import { recipientOperations } from './contract/recipients.ts';

export { WRITTEN_HERE } from './contract/values.ts';
export type {
  Channel,
  Notification,
  Purpose,
  QuietHours,
  State,
  Template,
  TemplateData,
  TemplateVariable,
} from './contract/values.ts';

/** Messages to people: templates, consent, the queue that survives, the inboxes. */
export const notificationsContract = defineContract({
  domain: 'notifications',
  title: 'Notifications',
  noun: 'Notification',
  description: 'Messages to customers by e-mail and in the app: templates, consent, quiet hours, delivery.',
  version: 1,
  personalData: true,
  operations: {
    sendNotification,
    ...messageOperations,
    ...templateOperations,
    ...recipientOperations,
  },
  events: withExamples(notificationEvents, notificationExamples),
});
