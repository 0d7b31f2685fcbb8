import { z } from 'zod';
import { defineSettings, kinds, type SettingsOf } from '../chassis/settings/index.ts';
import { locale, quietHours, timeZone, type QuietHours } from './contract/values.ts';

const mailServer = kinds.url('smtp', 'smtps');
const sender = z
  .string()
  .min(3)
  .max(320)
  .regex(/^[^\r\n]*@[^\r\n]*$/);
const NO_QUIET_HOURS = 'none';
const quietSpan = z
  .string()
  .transform((text) => (text === NO_QUIET_HOURS ? null : { from: text.split('-')[0], until: text.split('-')[1] }))
  .pipe(quietHours.nullable());
const writeQuietSpan = (span: QuietHours | null): string => (span ? `${span.from}-${span.until}` : NO_QUIET_HOURS);

export const settings = defineSettings({
  smtpUrl: {
    variable: 'SMTP_URL',
    kind: kinds.optional(mailServer),
    secret: true,
    description:
      'The mail server, for example smtp://user:password@mail.example.com:587; without it e-mail goes to the development inbox.',
  },
  smtpFallbackUrls: {
    variable: 'SMTP_FALLBACK_URLS',
    kind: kinds.list(mailServer, { max: 5 }),
    default: [],
    secret: true,
    description: 'Mail servers to try when SMTP_URL cannot be reached.',
  },
  from: {
    variable: 'MAIL_FROM',
    kind: kinds.parsed(sender, 'a sender, for example Lantern Shop <hello@example.com>'),
    default: 'FusionCommerce <shop@localhost>',
    description: 'The sender of e-mail.',
  },
  shopName: {
    variable: 'SHOP_NAME',
    kind: kinds.parsed(z.string().min(1).max(100), 'the name of the shop, 1 to 100 characters'),
    default: 'FusionCommerce',
    description: 'The name of the shop in messages.',
  },
  shopUrl: {
    variable: 'SHOP_URL',
    kind: kinds.optional(kinds.url('http', 'https')),
    description: 'The address of the shop that messages link to, for example https://shop.example.com.',
  },
  locale: {
    variable: 'SHOP_LOCALE',
    kind: kinds.parsed(locale, 'a language and maybe a region, for example en or pt-BR'),
    default: 'en',
    description: 'The language of messages to people whose language is not known.',
  },
  timeZone: {
    variable: 'SHOP_TIME_ZONE',
    kind: kinds.parsed(timeZone, 'a time zone of the IANA database, for example Europe/Berlin'),
    default: 'UTC',
    description:
      'The time zone of the shop: of quiet hours for people who chose none, and of workflows in n8n that name none.',
  },
  quietHours: {
    variable: 'NOTIFICATIONS_QUIET_HOURS',
    kind: kinds.parsed(quietSpan, 'hours without marketing, for example 21:00-08:00, or none', writeQuietSpan),
    default: { from: '21:00', until: '08:00' },
    description: 'Marketing waits until these hours are over.',
  },
  maxAttempts: {
    variable: 'NOTIFICATIONS_MAX_ATTEMPTS',
    kind: kinds.integer({ min: 1, max: 100 }),
    default: 12,
    description: 'A message fails for good after this many attempts.',
  },
  retryMs: {
    variable: 'NOTIFICATIONS_RETRY_MS',
    kind: kinds.milliseconds({ min: 1, max: 3_600_000 }),
    default: 5_000,
    description: 'The pause after the first failed attempt, in milliseconds; it grows fourfold with each.',
  },
  pollMs: {
    variable: 'NOTIFICATIONS_POLL_MS',
    kind: kinds.milliseconds({ min: 1, max: 60_000 }),
    default: 1_000,
    description: 'How often messages that are due are looked for, in milliseconds.',
  },
  keepDays: {
    variable: 'NOTIFICATIONS_KEEP_DAYS',
    kind: kinds.days({ min: 1, max: 3_650 }),
    default: 90,
    description: 'Messages that no longer wait are deleted after this many days.',
  },
  devInbox: {
    variable: 'NOTIFICATIONS_DEV_INBOX',
    kind: kinds.choice('local', 'open', 'off'),
    default: 'local',
    description: 'Who may read the development inbox: this machine only, everybody, or nobody.',
  },
  inboxSmtpUrl: {
    variable: 'NOTIFICATIONS_INBOX_SMTP_URL',
    kind: kinds.optional(kinds.url('smtp')),
    secret: true,
    description:
      'Where the development inbox takes e-mail of other programs, with the user and password that it asks for, for example smtp://journeys:secret@127.0.0.1:2525; npm start sets it for n8n.',
  },
});

/** Mail servers in the order they are tried. Throws when there are fallbacks for a server that is not set. */
export const mailServersOf = ({ smtpUrl, smtpFallbackUrls }: SettingsOf<typeof settings>): string[] => {
  if (smtpUrl !== undefined) return [smtpUrl, ...smtpFallbackUrls];
  if (smtpFallbackUrls.length > 0) throw new Error('SMTP_FALLBACK_URLS is set without SMTP_URL; set SMTP_URL first.');
  return [];
};
