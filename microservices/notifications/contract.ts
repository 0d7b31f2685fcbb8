import { z } from 'zod';
import {
  choices,
  defineContract,
  expectedVersion,
  id,
  line,
  operation,
  page,
  pageQuery,
  text,
  timestamp,
  VERSION_CONFLICT,
  withExamples,
} from '../chassis/contract/index.ts';
import { notificationExamples } from './contract/examples.ts';
import {
  channel,
  inboxMessage,
  locale,
  notification,
  preferences,
  preview,
  purpose,
  quietHours,
  recipientEmail,
  state,
  template,
  templateData,
  templateInput,
  templateKey,
  templateVariable,
  timeZone,
  WRITTEN_HERE,
} from './contract/values.ts';
import { about, sendNotification, templateNotFound } from './contract/sending.ts';
import { notificationEvents } from './contract/events.ts';

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

const notificationId = id('ntf');

const notificationNotFound = { NOTIFICATION_NOT_FOUND: { status: 404, title: 'Notification not found' } } as const;
const illegalState = {
  ILLEGAL_STATE: {
    status: 409,
    title: 'Not allowed in this state',
    data: z.object({ state, allowed: z.array(z.string()) }),
  },
} as const;
const templateInvalid = {
  TEMPLATE_INVALID: {
    status: 422,
    title: 'Invalid template',
    data: z.object({ part: z.enum(['subject', 'text', 'html']), message: z.string() }),
  },
} as const;

const tooManyAttempts = {
  TOO_MANY_ATTEMPTS: {
    status: 429,
    title: 'Too many attempts',
    data: z.object({ retryAfterSeconds: z.int() }),
  },
} as const;

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
        order: choices({ newest: 'Newest first', oldest: 'Oldest first' })
          .default('newest')
          .describe('Which come first'),
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
    listTemplates: operation({
      method: 'GET',
      path: '/notifications/templates',
      title: 'List templates',
      description: 'Every template in every language, by key and language.',
      access: { scope: 'notifications:read' },
      input: z.object({
        template: templateKey.optional(),
        locale: locale.optional(),
        language: locale
          .optional()
          .describe('Each template once only: in this language, or the nearest that it exists in'),
        purpose: purpose.optional(),
        search: line(100).optional().describe('Part of the key or the title'),
        ...pageQuery,
      }),
      output: page(template),
    }),
    getTemplate: operation({
      method: 'GET',
      path: '/notifications/templates/{template}/{locale}',
      title: 'Get template',
      description: 'One template in exactly this language.',
      access: { scope: 'notifications:read' },
      input: z.object({ template: templateKey, locale }),
      output: template,
      errors: templateNotFound,
    }),
    listTemplateVariables: operation({
      method: 'GET',
      path: '/notifications/templates/{template}/variables',
      title: 'List variables of template',
      description:
        'The values that a template names in any of its parts, in its order. Customer, shop and language are left out: the platform fills them in.',
      access: { scope: 'notifications:read' },
      input: z.object({ template: templateKey, locale: locale.optional() }),
      output: z.object({ items: z.array(templateVariable) }),
      errors: templateNotFound,
    }),
    saveTemplate: operation({
      method: 'PUT',
      path: '/notifications/templates/{template}/{locale}',
      title: 'Save template',
      description:
        'Creates or replaces a template in one language. Its Liquid is checked, and tried with sampleData when that is given. Messages that are queued already do not change.',
      access: { scope: 'notifications:write' },
      input: z
        .object({ template: templateKey, locale, expectedVersion, ...templateInput })
        .refine(({ template: key }) => key !== WRITTEN_HERE, {
          message: `${WRITTEN_HERE} stands for messages without a template: choose another key`,
          path: ['template'],
        }),
      output: template,
      errors: { ...templateInvalid, ...tooManyAttempts, VERSION_CONFLICT },
    }),
    deleteTemplate: operation({
      method: 'DELETE',
      path: '/notifications/templates/{template}/{locale}',
      title: 'Delete template',
      description: 'Deletes a template in one language. A built-in one is restored at the next start.',
      access: { scope: 'notifications:write' },
      input: z.object({ template: templateKey, locale }),
      output: z.object({ template: templateKey, locale, deleted: z.literal(true) }),
      errors: templateNotFound,
    }),
    previewTemplate: operation({
      method: 'POST',
      path: '/notifications/templates/{template}/preview',
      title: 'Preview template',
      description:
        'Writes a message without sending it: a saved template (in the nearest language, as for sending) with these values, or with its sample values.',
      access: { scope: 'notifications:read' },
      readOnly: true,
      input: z.object({
        template: templateKey,
        locale: locale.optional(),
        data: templateData.optional().describe('Values; the sample values of the template when left out'),
        draft: z
          .object({ subject: templateInput.subject, text: templateInput.text, html: templateInput.html })
          .optional()
          .describe('A template that is not saved yet, instead of the saved one'),
      }),
      output: preview,
      errors: { ...templateNotFound, ...templateInvalid, ...tooManyAttempts },
    }),
    getPreferences: operation({
      method: 'GET',
      path: '/notifications/preferences/{customerId}',
      title: 'Get notification preferences',
      description: 'A customer’s time zone and quiet hours, or the shop’s when nothing was chosen.',
      access: { scope: 'notifications:read', customer: true },
      input: z.object({ customerId: id('cus') }),
      output: preferences,
      errors: { CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' } },
    }),
    setPreferences: operation({
      method: 'PUT',
      path: '/notifications/preferences/{customerId}',
      title: 'Set notification preferences',
      description: 'Sets time zone and quiet hours of a customer. Consents are kept with the customer.',
      access: { scope: 'notifications:write', customer: true },
      input: z.object({ customerId: id('cus'), timeZone, quietHours: quietHours.nullable() }),
      output: preferences,
      errors: { CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' } },
    }),
    listDevInbox: operation({
      method: 'GET',
      path: '/notifications/dev-inbox',
      title: 'List development inbox',
      description:
        'Messages that would have been e-mailed, newest first. They go there while no mail server is set up.',
      access: { scope: 'notifications:read' },
      input: z.object({
        to: recipientEmail.optional(),
        template: templateKey.optional(),
        search: line(100).optional().describe('Part of the subject'),
        ...pageQuery,
      }),
      output: page(inboxMessage),
      errors: { DEV_INBOX_OFF: { status: 409, title: 'Development inbox switched off' } },
    }),
  },
  events: withExamples(notificationEvents, notificationExamples),
});
