import { z } from 'zod';
import { wholeNumber } from '../chassis/whole-number.ts';
import { locale, quietHours, timeZone, type QuietHours } from './contract/values.ts';

const mailServer = z.url({ protocol: /^smtps?$/ }).max(500);
const NO_QUIET_HOURS = 'none';
const quietSpan = z
  .string()
  .default('21:00-08:00')
  .transform((text) => (text === NO_QUIET_HOURS ? null : { from: text.split('-')[0], until: text.split('-')[1] }))
  .pipe(quietHours.nullable());

interface Variable<Schema extends z.ZodType> {
  schema: Schema;
  holds: string;
  /** Its value is not repeated in an error. */
  secret?: true;
}
const variable = <Schema extends z.ZodType>(schema: Schema, holds: string, secret?: true): Variable<Schema> => ({
  schema,
  holds,
  ...(secret ? { secret } : {}),
});

const variables = {
  SMTP_URL: variable(
    mailServer.optional(),
    'the address of a mail server, for example smtp://user:password@mail.example.com:587',
    true,
  ),
  SMTP_FALLBACK_URLS: variable(
    z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((url) => url.trim())
          .filter((url) => url !== ''),
      )
      .pipe(z.array(mailServer).max(5)),
    'addresses of mail servers to try when SMTP_URL is away, separated by commas',
    true,
  ),
  MAIL_FROM: variable(
    z
      .string()
      .min(3)
      .max(320)
      .regex(/^[^\r\n]*@[^\r\n]*$/)
      .default('FusionCommerce <shop@localhost>'),
    'a sender, for example Lantern Shop <hello@example.com>',
  ),
  SHOP_NAME: variable(
    z.string().min(1).max(100).default('FusionCommerce'),
    'the name of the shop, 1 to 100 characters',
  ),
  SHOP_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address of the shop, for example https://shop.example.com',
  ),
  SHOP_LOCALE: variable(locale.default('en'), 'a language and maybe a region, for example en or pt-BR'),
  SHOP_TIME_ZONE: variable(timeZone.default('UTC'), 'a time zone of the IANA database, for example Europe/Berlin'),
  NOTIFICATIONS_QUIET_HOURS: variable(quietSpan, 'hours without marketing, for example 21:00-08:00, or none'),
  NOTIFICATIONS_MAX_ATTEMPTS: variable(wholeNumber(12, 100), 'a whole number from 1 to 100'),
  NOTIFICATIONS_RETRY_MS: variable(
    wholeNumber(5_000, 3_600_000),
    'the first pause before trying again in milliseconds, from 1 to 3600000',
  ),
  NOTIFICATIONS_POLL_MS: variable(wholeNumber(1_000, 60_000), 'a whole number of milliseconds from 1 to 60000'),
  NOTIFICATIONS_KEEP_DAYS: variable(wholeNumber(90, 3_650), 'a whole number of days from 1 to 3650'),
  NOTIFICATIONS_DEV_INBOX: variable(
    z.enum(['local', 'open', 'off']).default('local'),
    'local (this machine only), open (everybody) or off',
  ),
} as const;
type Name = keyof typeof variables;

export interface NotificationSettings {
  /** Mail servers in the order they are tried; none: e-mail goes to the development inbox. */
  mailServers: string[];
  from: string;
  shop: { name: string; url: string | null };
  locale: string;
  timeZone: string;
  quietHours: QuietHours | null;
  /** A message is given up after this many attempts. */
  maxAttempts: number;
  /** The pause after the first failed attempt; it grows fourfold with each. */
  retryMs: number;
  pollMs: number;
  /** Messages that are done with are deleted after this many days. */
  keepDays: number;
  /** Who may look into the development inbox. */
  devInbox: 'local' | 'open' | 'off';
}

/** Reads the settings from the environment. Throws naming the variable, what it holds (unless secret) and what it should hold. */
export const readSettings = (environment: Record<string, string | undefined>): NotificationSettings => {
  const read = <Which extends Name>(name: Which): z.output<(typeof variables)[Which]['schema']> => {
    const { schema, holds, secret } = variables[name] as Variable<z.ZodType>;
    const parsed = schema.safeParse(environment[name]);
    if (parsed.success) return parsed.data as z.output<(typeof variables)[Which]['schema']>;
    throw new Error(
      `${name} holds ${secret ? 'something else' : `"${environment[name] ?? ''}"`}; it should hold ${holds}.`,
    );
  };
  const first = read('SMTP_URL');
  const fallbacks = read('SMTP_FALLBACK_URLS');
  if (first === undefined && fallbacks.length > 0)
    throw new Error('SMTP_FALLBACK_URLS is set without SMTP_URL; set SMTP_URL first.');
  return {
    mailServers: first === undefined ? [] : [first, ...fallbacks],
    from: read('MAIL_FROM'),
    shop: { name: read('SHOP_NAME'), url: read('SHOP_URL') ?? null },
    locale: read('SHOP_LOCALE'),
    timeZone: read('SHOP_TIME_ZONE'),
    quietHours: read('NOTIFICATIONS_QUIET_HOURS'),
    maxAttempts: read('NOTIFICATIONS_MAX_ATTEMPTS'),
    retryMs: read('NOTIFICATIONS_RETRY_MS'),
    pollMs: read('NOTIFICATIONS_POLL_MS'),
    keepDays: read('NOTIFICATIONS_KEEP_DAYS'),
    devInbox: read('NOTIFICATIONS_DEV_INBOX'),
  };
};
