import { z } from 'zod';
import { event, id, reference, timestamp } from '../../chassis/contract/index.ts';
import { channel, locale, purpose, templateKey } from './values.ts';

const happened = {
  notificationId: id('ntf'),
  customerId: id('cus').nullable().describe('null for guests'),
  channel,
  purpose,
  template: templateKey,
  about: reference.nullable().describe('The thing that the message is about, for example an order’s id'),
};

/** Events of messages, templates and preferences; they never carry what is in a message. */
export const notificationEvents = {
  'notification.queued': event({
    title: 'Notification queued',
    description: 'A message was written and waits to be sent.',
    aggregate: 'notification',
    payload: z.object({ ...happened, locale, sendAfter: timestamp }),
  }),
  'notification.sent': event({
    title: 'Notification sent',
    description: 'The channel has accepted the message: the mail server took it, or it is in the inbox.',
    aggregate: 'notification',
    payload: z.object({
      ...happened,
      provider: z.string().describe('The provider that accepted it'),
      attempts: z.int(),
    }),
  }),
  'notification.delivered': event({
    title: 'Notification delivered',
    description: 'The message was delivered, as far as the channel reports.',
    aggregate: 'notification',
    payload: z.object(happened),
  }),
  'notification.failed': event({
    title: 'Notification failed',
    description: 'All attempts to send the message failed, or the provider reported a failure. A person should look.',
    aggregate: 'notification',
    payload: z.object({
      ...happened,
      attempts: z.int(),
      reason: z.string().describe('A short reason without personal data'),
    }),
  }),
  'notification.cancelled': event({
    title: 'Notification cancelled',
    description: 'The message was cancelled before it was sent.',
    aggregate: 'notification',
    payload: z.object({ ...happened, reason: z.enum(['requested', 'consent_withdrawn', 'customer_erased']) }),
  }),
  'notification_template.saved': event({
    title: 'Template saved',
    description: 'A template was created or changed in one language.',
    technical: true,
    aggregate: 'notification_template',
    payload: z.object({ template: templateKey, locale, purpose, version: z.int() }),
  }),
  'notification_template.deleted': event({
    title: 'Template deleted',
    description: 'A template was deleted in one language.',
    technical: true,
    aggregate: 'notification_template',
    payload: z.object({ template: templateKey, locale }),
  }),
  'notification_preferences.changed': event({
    title: 'Notification preferences changed',
    description: 'A customer’s time zone or quiet hours changed.',
    technical: true,
    aggregate: 'notification_preferences',
    payload: z.object({ customerId: id('cus') }),
  }),
  'notification.read': event({
    title: 'Notification read',
    description: 'The person has read the message.',
    aggregate: 'notification',
    payload: z.object(happened),
  }),
} as const;
