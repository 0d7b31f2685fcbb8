import { z } from 'zod';
import { id, line, operation, page, pageQuery } from '../../chassis/contract/index.ts';
import { inboxMessage, preferences, quietHours, recipientEmail, templateKey, timeZone } from './values.ts';

export const recipientOperations = {
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
    description: 'Messages that would have been e-mailed, newest first. They go there while no mail server is set up.',
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
} as const;
