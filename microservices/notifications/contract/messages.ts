import { z } from 'zod';
import { choices, id, line, operation, page, pageQuery, text, timestamp } from '../../chassis/contract/index.ts';
import { channel, notification, purpose, recipientEmail, state, templateKey } from './values.ts';
import { about } from './sending.ts';

const notificationId = id('ntf');

const notificationNotFound = { NOTIFICATION_NOT_FOUND: { status: 404, title: 'Notification not found' } } as const;
const illegalState = {
  ILLEGAL_STATE: {
    status: 409,
    title: 'Not allowed in this state',
    data: z.object({ state, allowed: z.array(z.string()) }),
  },
} as const;

export const messageOperations = {
  getNotification: operation({
    method: 'GET',
    path: '/notifications/{notificationId}',
    title: 'Get notification',
    description: 'One notification with its state. Customers see their own.',
    access: { scope: 'notifications:read', customer: true },
    input: z.object({ notificationId }),
    output: notification,
    errors: notificationNotFound,
  }),
  listNotifications: operation({
    method: 'GET',
    path: '/notifications',
    title: 'List notifications',
    description: 'Notifications, newest first, filtered. Customers see their own.',
    access: { scope: 'notifications:read', customer: true },
    input: z.object({
      customerId: id('cus').optional(),
      email: recipientEmail.optional(),
      channel: channel.optional(),
      state: state.optional(),
      purpose: purpose.optional(),
      template: templateKey.optional(),
      about: about.optional(),
      unread: z.boolean().optional().describe('Whether to list unread messages only'),
      search: line(100).optional().describe('Part of the subject'),
      since: timestamp.optional().describe('Created at this moment or later'),
      order: choices({ newest: 'Newest first', oldest: 'Oldest first' }).default('newest').describe('Which come first'),
      ...pageQuery,
    }),
    output: page(notification),
  }),
  countUnread: operation({
    method: 'GET',
    path: '/notifications/unread',
    title: 'Count unread',
    description: 'How many messages of a customer’s in-app inbox are unread.',
    access: { scope: 'notifications:read', customer: true },
    input: z.object({ customerId: id('cus') }),
    output: z.object({ customerId: id('cus'), unread: z.int() }),
    errors: { CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' } },
  }),
  markRead: operation({
    method: 'POST',
    path: '/notifications/{notificationId}/read',
    title: 'Mark as read',
    description: 'Marks a message as read by the person. Repeating it changes nothing.',
    access: { scope: 'notifications:write', customer: true },
    input: z.object({ notificationId }),
    output: notification,
    errors: { ...notificationNotFound, ...illegalState },
  }),
  reportDelivery: operation({
    method: 'POST',
    path: '/notifications/{notificationId}/delivery',
    title: 'Report delivery',
    description: 'Records what a provider reports later about a sent message: it was delivered, or it failed.',
    access: { scope: 'notifications:write' },
    input: z.object({
      notificationId,
      outcome: choices({ delivered: 'It arrived', failed: 'It could not be delivered' }).describe(
        'What the provider reports',
      ),
      detail: text(500).optional().describe('The provider’s own text'),
    }),
    output: notification,
    errors: { ...notificationNotFound, ...illegalState },
  }),
  retryNotification: operation({
    method: 'POST',
    path: '/notifications/{notificationId}/retry',
    title: 'Send again after a failure',
    description: 'Puts a failed notification back into the queue.',
    access: { scope: 'notifications:write' },
    input: z.object({ notificationId }),
    output: notification,
    errors: {
      ...notificationNotFound,
      ...illegalState,
      CONTENT_GONE: { status: 410, title: 'Message text deleted' },
    },
  }),
  cancelNotification: operation({
    method: 'POST',
    path: '/notifications/{notificationId}/cancel',
    title: 'Cancel notification',
    description: 'Cancels a notification that was not sent yet.',
    access: { scope: 'notifications:write' },
    input: z.object({ notificationId }),
    output: notification,
    errors: { ...notificationNotFound, ...illegalState },
  }),
} as const;
