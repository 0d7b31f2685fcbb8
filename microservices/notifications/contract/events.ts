import { z } from 'zod';
import { event, id, reference, timestamp } from '../../chassis/contract/index.ts';
import { channel, locale, purpose, templateKey } from './values.ts';

const happened = {
  notificationId: id('ntf'),
  customerId: id('cus').nullable().describe('null for guests'),
  channel,
  purpose,
  template: templateKey,
  about: reference.nullable().describe('What it is about, for example an order’s id'),
};

/** What happens to messages, templates and preferences; never what is in a message. */
export const notificationEvents = {
  'notification.queued': event({
    title: 'Notification queued',
    description: 'A message was written and waits to be sent.',
    aggregate: 'notification',
    payload: z.object({ ...happened, locale, sendAfter: timestamp }),
  }),
  'notification.sent': event({
    title: 'Notification sent',
    description: 'The channel has taken the message over: the mail server accepted it, or it lies in the inbox.',
    aggregate: 'notification',
    payload: z.object({ ...happened, provider: z.string().describe('Which provider took it'), attempts: z.int() }),
  }),
  'notification.delivered': event({
    title: 'Notification delivered',
    description: 'The message has arrived, as far as the channel can tell.',
    aggregate: 'notification',
    payload: z.object(happened),
  }),
  'notification.failed': event({
    title: 'Notification failed',
    description: 'The message was given up after every attempt, or came back. Somebody should look.',
    aggregate: 'notification',
    payload: z.object({
      ...happened,
      attempts: z.int(),
      reason: z.string().describe('A short reason without personal data'),
    }),
  }),
  'notification.cancelled': event({
    title: 'Notification cancelled',
    description: 'The message was taken out of the queue before it was sent.',
    aggregate: 'notification',
    payload: z.object({ ...happened, reason: z.enum(['requested', 'consent_withdrawn', 'customer_erased']) }),
  }),
  'notification_template.saved': event({
    title: 'Template saved',
    description: 'A template was created or changed in one language.',
    aggregate: 'notification_template',
    payload: z.object({ template: templateKey, locale, purpose, version: z.int() }),
  }),
  'notification_template.deleted': event({
    title: 'Template deleted',
    description: 'A template is gone in one language.',
    aggregate: 'notification_template',
    payload: z.object({ template: templateKey, locale }),
  }),
  'notification_preferences.changed': event({
    title: 'Notification preferences changed',
    description: 'A customer chose a time zone and quiet hours.',
    aggregate: 'notification_preferences',
    payload: z.object({ customerId: id('cus') }),
  }),
  'notification.read': event({
    title: 'Notification read',
    description: 'The person has seen the message.',
    aggregate: 'notification',
    payload: z.object(happened),
  }),
} as const;
