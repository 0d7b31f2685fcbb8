import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { customer } from '../Customer/pickers.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** n8n's editor speaks English. */
const EDITOR_LANGUAGE = 'en';

/** The inputs of this node that are chosen from a list. */
export const notificationPickers = {
  customerId: customer,
  notificationId: pickerFrom(notificationsContract, 'Notification', 'searchNotifications', 'listNotifications', {
    label: ['subject', 'state'],
  }),
  template: pickerFrom(notificationsContract, 'Template', 'searchTemplates', 'listTemplates', {
    value: 'template',
    label: ['title', 'subject'],
    query: { language: EDITOR_LANGUAGE },
  }),
} satisfies Pickers;
