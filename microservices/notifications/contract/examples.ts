/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const message = {
  notificationId: exampleId('ntf'),
  customerId: exampleId('cus'),
  channel: 'email' as const,
  purpose: 'transactional' as const,
  template: 'order-confirmation',
  about: exampleId('ord'),
};

export const notificationExamples = {
  'notification.queued': { ...message, locale: 'de', sendAfter: '2026-11-23T10:00:00.000Z' },
  'notification.sent': { ...message, provider: 'smtp', attempts: 1 },
  'notification.delivered': message,
  'notification.failed': { ...message, attempts: 5, reason: 'The mailbox does not exist' },
  'notification.cancelled': { ...message, reason: 'requested' as const },
  'notification.read': { ...message, channel: 'in_app' as const },
  'notification_template.saved': {
    template: 'order-confirmation',
    locale: 'de',
    purpose: 'transactional' as const,
    version: 2,
  },
  'notification_template.deleted': { template: 'order-confirmation', locale: 'de' },
  'notification_preferences.changed': { customerId: exampleId('cus') },
};
