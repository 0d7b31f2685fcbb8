import { z } from 'zod';
import {
  choices,
  email,
  freeData,
  id,
  languageTag,
  line,
  liquid,
  reference,
  text,
  timestamp,
  version,
} from '../../chassis/contract/index.ts';

export const channel = choices({ email: 'E-mail', in_app: 'The inbox inside the shop' }).describe(
  'email, or in_app for the inbox inside the shop',
);
export type Channel = z.infer<typeof channel>;

export const purpose = choices({
  transactional: 'The person waits for it',
  marketing: 'Only with consent, and outside quiet hours',
}).describe('transactional: the person waits for it. marketing: sent only with consent and outside quiet hours');
export type Purpose = z.infer<typeof purpose>;

export const state = choices({
  queued: 'Waits to be sent',
  sent: 'Handed to the mail server, or put into the inbox',
  delivered: 'Arrived',
  read: 'Read by the person',
  failed: 'Given up',
  cancelled: 'Cancelled before it was sent',
}).describe('queued → sent → delivered → read; or failed; or cancelled while queued');
export type State = z.infer<typeof state>;

/** BCP 47 as far as shops use it: language, script, region. */
export const locale = languageTag.describe('Language, for example en or pt-BR');

export const templateKey = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'a template key is lower-case words joined by dashes, for example order-confirmation',
  )
  .max(60)
  .describe(
    'Template, for example order-confirmation. Built in: order-confirmation, order-cancelled, order-rejected, order-shipped, refund-issued, cart-reminder, verify-email, reset-password, account-exists, and staff-… for the people who run the shop',
  );

/** Stands in `template` of a message that was written in the request itself. */
export const WRITTEN_HERE = 'written-here';

/** The values that a template is filled with: any JSON object within bounds. */
export const templateData = freeData({ bytes: 64_000, levels: 8 }).describe(
  'The values that the template names, for example {"number": "1007"}',
);
export type TemplateData = z.infer<typeof templateData>;

export const notification = z
  .object({
    id: id('ntf'),
    state,
    channel,
    purpose,
    template: templateKey,
    locale: locale.describe('The language that it was written in'),
    customerId: id('cus').nullable(),
    to: z
      .string()
      .nullable()
      .describe('E-mail address; null in the in-app inbox and after the person’s data was erased'),
    subject: z.string(),
    text: z
      .string()
      .nullable()
      .describe('The message as text; null when it held a secret (a code to reset a password)'),
    about: reference.nullable(),
    dedupeKey: reference.nullable(),
    attempts: z.int().describe('How many times sending was tried'),
    lastError: z.string().nullable(),
    sendAfter: timestamp.describe('Not sent before this time: quiet hours, or the pause before the next attempt'),
    createdAt: timestamp,
    sentAt: timestamp.nullable(),
    deliveredAt: timestamp.nullable(),
    readAt: timestamp.nullable(),
  })
  .meta({ id: 'Notification', title: 'Notification' });
export type Notification = z.infer<typeof notification>;

const templateBody = {
  subject: line(300).describe('Subject line, Liquid'),
  text: text(50_000).describe('The message as plain text, Liquid'),
  html: text(200_000).optional().describe('The message as HTML, Liquid; values are escaped automatically'),
};

const written = {
  subject: liquid(line(300)).describe('Subject line. Liquid placeholders such as {{ customer.name }} are filled in'),
  text: liquid(text(50_000)).describe(
    'The message as plain text. Liquid placeholders such as {{ customer.name }}, {{ shop.name }} or a value of data are filled in; an empty line begins a paragraph',
  ),
};

/** A message that is written in the request, in the shop's language and in others. */
export const writtenHere = {
  subject: written.subject.optional(),
  text: written.text.optional(),
  translations: z
    .array(z.object({ locale, ...written }))
    .max(50)
    .refine((all) => new Set(all.map((one) => one.locale)).size === all.length, 'name each language once')
    .optional()
    .describe('Subject and text in other languages; who has none of them gets the text above'),
};

/** A value that a template names. */
export const templateVariable = z
  .object({
    name: z.string().describe('The path to the value, for example order.number'),
    example: z.unknown().describe('From the sample values of the template; null when they have none'),
  })
  .meta({ id: 'NotificationTemplateVariable', title: 'Template variable' });
export type TemplateVariable = z.infer<typeof templateVariable>;

export const templateInput = {
  ...templateBody,
  title: line(120).describe('Name of the template for people'),
  purpose,
  confidential: z
    .boolean()
    .default(false)
    .describe(
      'Whether the message holds a secret (a code to sign in): its text is then deleted after sending and never listed',
    ),
  sampleData: templateData
    .optional()
    .describe('Example values: the template is checked with them when saved, and previewed with them'),
};

export const template = z
  .object({
    template: templateKey,
    locale,
    title: z.string(),
    purpose,
    confidential: z.boolean(),
    subject: z.string(),
    text: z.string(),
    html: z.string().nullable(),
    sampleData: z.record(z.string(), z.unknown()).nullable(),
    version,
    builtIn: z.boolean().describe('Came with the platform and was not changed'),
    updatedAt: timestamp,
  })
  .meta({ id: 'NotificationTemplate', title: 'Template' });
export type Template = z.infer<typeof template>;

export const preview = z
  .object({ subject: z.string(), text: z.string(), html: z.string().nullable(), locale })
  .meta({ id: 'NotificationPreview', title: 'Preview' });

export const inboxMessage = z
  .object({
    id: id('ntf'),
    to: z.string(),
    from: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string().nullable(),
    template: templateKey,
    receivedAt: timestamp,
  })
  .meta({ id: 'DevInboxMessage', title: 'Message in the development inbox' });

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is hours and minutes, for example 21:30');

const isTimeZone = (name: string): boolean => {
  // Offsets are no places: they know no summer time.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

export const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, 'a time zone is a name of the IANA database, for example Europe/Berlin')
  .describe('IANA time zone, for example Europe/Berlin');

export const quietHours = z
  .object({
    from: clock.describe('Local time, for example 21:00'),
    until: clock.describe('Local time, for example 08:00'),
  })
  .refine(({ from, until }) => from !== until, {
    message: 'quiet hours end at another time than they begin; give null for none',
    path: ['until'],
  })
  .describe('From and until, local time; may pass midnight. Marketing waits until they end');
export type QuietHours = z.infer<typeof quietHours>;

export const preferences = z
  .object({
    customerId: id('cus'),
    timeZone,
    quietHours: quietHours.nullable().describe('null: none, marketing is sent at any time'),
    isDefault: z.boolean().describe('Nothing was chosen: this is the shop’s setting'),
  })
  .meta({ id: 'NotificationPreferences', title: 'Notification preferences' });

export const recipientEmail = email.describe('E-mail address, for guests; customers are named by customerId');
