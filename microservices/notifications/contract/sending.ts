import { z } from 'zod';
import { id, operation, reference } from '../../chassis/contract/index.ts';
import {
  channel,
  locale,
  notification,
  purpose,
  recipientEmail,
  templateData,
  templateKey,
  writtenHere,
} from './values.ts';

export const about = reference.describe('The thing that the message is about, for example an order’s id');

export const templateNotFound = { TEMPLATE_NOT_FOUND: { status: 404, title: 'Template not found' } } as const;
const isOneMessage = (input: {
  template?: unknown;
  subject?: unknown;
  text?: unknown;
  translations?: unknown;
}): boolean =>
  input.template === undefined || [input.subject, input.text, input.translations].every((one) => one === undefined);

/** A message from a template, or from words that come with the request. */
export const sendNotification = operation({
  method: 'POST',
  path: '/notifications',
  title: 'Send notification',
  description:
    'Writes a message from a template, or from the subject and text given here, and queues it. Sent once per Idempotency-Key and once per dedupeKey and channel: a repeat returns the first. Marketing needs the customer’s consent and waits until quiet hours end.',
  access: { scope: 'notifications:write' },
  successStatus: 202,
  input: z
    .object({
      customerId: id('cus').optional().describe('To this customer; address and language come from the account'),
      email: recipientEmail.optional(),
      channel: channel.default('email'),
      template: templateKey.optional(),
      ...writtenHere,
      locale: locale.optional().describe('Language to write in; when left out, the customer’s own or the shop’s'),
      data: templateData.default({}),
      purpose: purpose.default('transactional'),
      about: about.optional(),
      dedupeKey: reference
        .optional()
        .describe('Only the first notification with this key is sent, for example order-1007-shipped'),
    })
    .refine((input) => (input.customerId === undefined) !== (input.email === undefined), {
      message: 'name the recipient by customerId or by email, one of the two',
      path: ['customerId'],
    })
    .refine((input) => input.channel === 'email' || input.customerId !== undefined, {
      message: 'the in-app inbox belongs to a customer: give customerId',
      path: ['channel'],
    })
    .refine((input) => (input.template === undefined) === (input.subject !== undefined && input.text !== undefined), {
      message: 'choose a template, or write subject and text',
      path: ['template'],
    })
    .refine(isOneMessage, {
      message: 'a message from a template has its words from there: leave subject, text and translations out',
      path: ['subject'],
    }),
  output: notification,
  errors: {
    ...templateNotFound,
    CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' },
    NO_ADDRESS: { status: 422, title: 'Customer has no e-mail address' },
    CONSENT_MISSING: {
      status: 409,
      title: 'Consent missing',
      data: z.object({ customerId: z.string().nullable(), purpose, channel }),
    },
    PURPOSE_MISMATCH: { status: 422, title: 'Template has another purpose' },
    TEMPLATE_DATA: {
      status: 422,
      title: 'Template values missing',
      data: z.object({ part: z.enum(['subject', 'text', 'html']), message: z.string() }),
    },
  },
});
