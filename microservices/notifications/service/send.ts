import { randomInt } from 'node:crypto';
import { newId } from '../../chassis/ids.ts';
import type { TemplateData } from '../contract.ts';
import { writeWords, type Words } from '../liquid.ts';
import { afterQuietHours, localeChain } from '../policy.ts';
import type { NotificationSettings } from '../settings.ts';
import { findByDedupeKey, insertNotification, type NewNotification } from '../store/notifications.ts';
import { findPreference } from '../store/persons.ts';
import { BUCKETS } from '../store/queue.ts';
import { findInLanguage, type TemplateRow } from '../store/templates.ts';
import type { Context, NotificationHandlers } from './context.ts';
import { customerRecipient, mayMarket, type Recipient } from './recipient.ts';
import { happened, shown } from './shown.ts';

type Send = NotificationHandlers['sendNotification'];
type Input = Parameters<Send>[0];
type Failures = Parameters<Send>[1]['errors'];

/** Writes the message and queues it in one commit; everything that others are asked comes before. */
export const sendNotification =
  ({ platform, settings }: Context): Send =>
  async (input, { errors, commit }) => {
    const { dedupeKey = null, channel } = input;
    const known = dedupeKey === null ? undefined : await findByDedupeKey(platform.database, dedupeKey, channel);
    if (known) return commit(async () => shown(known));

    const template = await templateFor({ platform, settings }, input, errors);
    const recipient = await recipientOf({ platform, settings }, input, errors);
    const { row, locale } = await template(recipient.locale);
    if (input.purpose === 'marketing') await askConsent({ platform, settings }, recipient, input, errors);
    const words = write(row, scopeOf(settings, input.data, recipient.name, locale), errors);
    const now = platform.now();
    const sendAfter = input.purpose === 'marketing' ? await whenNotQuiet({ platform, settings }, recipient, now) : now;
    return commit(async (tx) => {
      const queued = await insertNotification(tx, newNotification(input, recipient, row, words, sendAfter, now));
      // Somebody else was first with this dedupe key: theirs is the answer.
      if (!queued) return shown((await findByDedupeKey(tx, dedupeKey ?? '', channel)) ?? never(dedupeKey));
      tx.append('notification.queued', queued.id, {
        ...happened(queued),
        locale: queued.locale,
        sendAfter: queued.send_after,
      });
      return shown(queued);
    });
  };

const never = (key: string | null): never => {
  throw new Error(`No notification has the dedupe key ${key ?? ''} although inserting one met it`);
};

/** The template in the nearest language, to be chosen when the recipient's is known; that there is one at all is checked before. */
const templateFor = async ({ platform, settings }: Context, input: Input, errors: Failures) => {
  const inLanguage = async (locale: string) => {
    const row = await findInLanguage(platform.database, input.template, localeChain(locale, settings.locale));
    if (!row)
      throw errors.TEMPLATE_NOT_FOUND(
        `There is no template ${input.template}. Save it first, or choose one of listTemplates.`,
      );
    return row;
  };
  const row = await inLanguage(input.locale ?? settings.locale);
  if (row.purpose === 'marketing' && input.purpose !== 'marketing') {
    throw errors.PURPOSE_MISMATCH(
      `The template ${row.template} is for marketing; send it with purpose "marketing", which asks for consent.`,
    );
  }
  return async (own: string | null) => {
    const chosen = input.locale !== undefined || own === null ? row : await inLanguage(own);
    return { row: chosen, locale: chosen.locale };
  };
};

const recipientOf = async ({ platform }: Context, input: Input, errors: Failures): Promise<Recipient> => {
  if (input.customerId === undefined) return { customerId: null, email: input.email ?? null, name: null, locale: null };
  const recipient = await customerRecipient(platform, input.customerId);
  if (!recipient)
    throw errors.CUSTOMER_NOT_FOUND(`There is no customer ${input.customerId}, or the person’s data was erased.`);
  if (input.channel === 'email' && recipient.email === null) {
    throw errors.NO_ADDRESS(
      `The customer ${input.customerId} has no e-mail address. Use the channel in_app, or send by email.`,
    );
  }
  return recipient;
};

const askConsent = async (
  { platform }: Context,
  { customerId }: Recipient,
  { channel, purpose }: Input,
  errors: Failures,
): Promise<void> => {
  if (await mayMarket(platform, customerId, channel)) return;
  const who = customerId === null ? 'An e-mail address without a customer' : `The customer ${customerId}`;
  throw errors.CONSENT_MISSING(`${who} has not agreed to marketing by ${channel}. Nothing was sent.`, {
    customerId,
    purpose,
    channel,
  });
};

const whenNotQuiet = async ({ platform, settings }: Context, { customerId }: Recipient, now: Date): Promise<Date> => {
  const chosen = customerId === null ? undefined : await findPreference(platform.database, customerId);
  const { quietHours, timeZone } = chosen ?? settings;
  return afterQuietHours(now, quietHours, timeZone);
};

/** What a template can name: the caller's values, and the platform's own, which win. */
export const scopeOf = (
  settings: NotificationSettings,
  data: TemplateData,
  customerName: string | null,
  locale: string,
): TemplateData => ({
  ...data,
  customer: { name: customerName },
  shop: settings.shop,
  locale,
});

const write = (template: TemplateRow, scope: TemplateData, errors: Failures): Words => {
  const written = writeWords({ subject: template.subject, text: template.body, html: template.html }, scope);
  if (written.ok) return written.words;
  const { part, message } = written.fault;
  throw errors.TEMPLATE_DATA(
    `The ${part} of ${template.template} (${template.locale}) cannot be written: ${message}. Give the value in data.`,
    { part, message },
  );
};

const newNotification = (
  input: Input,
  recipient: Recipient,
  template: TemplateRow,
  words: Words,
  sendAfter: Date,
  now: Date,
): NewNotification => ({
  id: newId('ntf'),
  channel: input.channel,
  purpose: input.purpose,
  template: template.template,
  template_version: template.version,
  locale: template.locale,
  customer_id: recipient.customerId,
  recipient: input.channel === 'email' ? recipient.email : null,
  subject: words.subject,
  body: words.text,
  html: words.html,
  confidential: template.confidential,
  about: input.about ?? null,
  dedupe_key: input.dedupeKey ?? null,
  bucket: randomInt(BUCKETS),
  send_after: sendAfter.toISOString(),
  created_at: now.toISOString(),
});
