import { randomInt } from 'node:crypto';
import type { Queryable } from '../../chassis/database/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { WRITTEN_HERE, type TemplateData } from '../contract.ts';
import { afterQuietHours } from '../policy/sending.ts';
import {
  findByDedupeKey,
  insertNotification,
  type NewNotification,
  type NotificationRow,
} from '../store/notifications.ts';
import { findPreference } from '../store/persons.ts';
import { BUCKETS } from '../store/queue.ts';
import type { Words } from './liquid.ts';
import { customerRecipient, mayMarket, type Recipient } from './recipient.ts';
import { noCustomer } from './refusals.ts';
import { aboutNotification, shown } from './shown.ts';
import { wordingFor, type SendInput as Input, type Wording } from './wording.ts';
import { framed } from './written-here.ts';

type SendFailures = Failures<'sendNotification'>;

/** Writes the message before the transaction, from what other services return, and queues it in one commit. */
export const sendNotification = (context: Context): Handlers['sendNotification'] =>
  command({
    prepare: async (input, { errors }): Promise<NewNotification | NotificationRow> =>
      (await sentBefore(context.database, input)) ?? written(context, input, errors),
    commit: async (tx, input, _request, prepared) => {
      if ('state' in prepared) return shown(prepared);
      const queued = await insertNotification(tx, prepared);
      // Somebody else was first with this dedupe key: the response is theirs.
      if (!queued) return shown((await sentBefore(tx, input)) ?? never(input.dedupeKey));
      const { id, locale, send_after: sendAfter } = queued;
      tx.append('notification.queued', id, { ...aboutNotification(queued), locale, sendAfter });
      return shown(queued);
    },
  });

const sentBefore = async (database: Queryable, { dedupeKey, channel }: Input): Promise<NotificationRow | undefined> =>
  dedupeKey === undefined ? undefined : findByDedupeKey(database, dedupeKey, channel);

const written = async (context: Context, input: Input, errors: SendFailures): Promise<NewNotification> => {
  const inLanguage = await wordingFor(context, input, errors);
  const recipient = await recipientOf(context, input, errors);
  const wording = await inLanguage(recipient.locale);
  if (input.purpose === 'marketing') await askConsent(context, recipient, input, errors);
  const scope = scopeOf(context.settings, input.data, recipient.name, wording.locale);
  const filled = await write(context, wording, scope, errors);
  const words = input.template === undefined ? await framed(context, filled, scope) : filled;
  const now = context.now();
  const sendAfter = input.purpose === 'marketing' ? await whenNotQuiet(context, recipient, now) : now;
  return newNotification(input, recipient, wording, words, sendAfter, now);
};

const never = (key: string | undefined): never => {
  throw new Error(`No notification has the dedupe key ${key ?? ''} although inserting one met it`);
};

const recipientOf = async (context: Context, input: Input, errors: SendFailures): Promise<Recipient> => {
  if (input.customerId === undefined) return { customerId: null, email: input.email ?? null, name: null, locale: null };
  const recipient = await customerRecipient(context, input.customerId);
  if (!recipient) throw errors.CUSTOMER_NOT_FOUND(noCustomer(input.customerId));
  if (input.channel === 'email' && recipient.email === null) {
    throw errors.NO_ADDRESS(
      `The customer ${input.customerId} has no e-mail address. Use the channel in_app, or send by email.`,
    );
  }
  return recipient;
};

const askConsent = async (
  context: Context,
  { customerId }: Recipient,
  { channel, purpose }: Input,
  errors: SendFailures,
): Promise<void> => {
  if (await mayMarket(context, customerId, channel)) return;
  const who = customerId === null ? 'An e-mail address without a customer' : `The customer ${customerId}`;
  throw errors.CONSENT_MISSING(`${who} has not agreed to marketing by ${channel}. Nothing was sent.`, {
    customerId,
    purpose,
    channel,
  });
};

const whenNotQuiet = async ({ database, settings }: Context, { customerId }: Recipient, now: Date): Promise<Date> => {
  const chosen = customerId === null ? undefined : await findPreference(database, customerId);
  const { quietHours, timeZone } = chosen ?? settings;
  return afterQuietHours(now, quietHours, timeZone);
};

/** The values that a template can name: the caller's, and the platform's own, which win. */
export const scopeOf = (
  settings: Context['settings'],
  data: TemplateData,
  customerName: string | null,
  locale: string,
): TemplateData => ({
  ...data,
  customer: { name: customerName },
  shop: { name: settings.shopName, url: settings.shopUrl ?? null },
  locale,
});

const write = async (
  { writers }: Context,
  { template, locale, words }: Wording,
  scope: TemplateData,
  errors: SendFailures,
): Promise<Words> => {
  const { written } = await writers.messages.write({ words, scope });
  if (written.ok) return written.words;
  const { part, message } = written.fault;
  throw errors.TEMPLATE_DATA(
    `The ${part} of ${template === WRITTEN_HERE ? 'the message' : template} (${locale}) cannot be written: ${message}. Give the value in data.`,
    { part, message },
  );
};

const newNotification = (
  input: Input,
  recipient: Recipient,
  wording: Wording,
  words: Words,
  sendAfter: Date,
  now: Date,
): NewNotification => ({
  id: newId('ntf'),
  channel: input.channel,
  purpose: input.purpose,
  template: wording.template,
  template_version: wording.version,
  locale: wording.locale,
  customer_id: recipient.customerId,
  recipient: input.channel === 'email' ? recipient.email : null,
  subject: words.subject,
  body: words.text,
  html: words.html,
  confidential: wording.confidential,
  about: input.about ?? null,
  dedupe_key: input.dedupeKey ?? null,
  bucket: randomInt(BUCKETS),
  send_after: sendAfter.toISOString(),
  created_at: now.toISOString(),
});
