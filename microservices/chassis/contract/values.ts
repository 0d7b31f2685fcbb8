import { z } from 'zod';

/** An amount of money: an integer of minor units (cents, yen) and its ISO 4217 currency. Never a float. */
export const money = z
  .object({
    amount: z.int().describe('Minor units, for example 1999 for 19.99 EUR'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency is three capital letters (ISO 4217), for example EUR')
      .describe('ISO 4217 code'),
  })
  .meta({ id: 'Money', title: 'Money' });
export type Money = z.infer<typeof money>;

/** A three-letter ISO 4217 currency code. */
export const currency = money.shape.currency;

/** Money that must not be negative: prices, totals, limits. */
export const nonNegativeMoney = z
  .object({ amount: z.int().min(0, 'an amount here cannot be negative'), currency })
  .meta({ id: 'NonNegativeMoney', title: 'Money, zero or more' });

/** Money that must be more than zero: payments, refunds, top-ups. */
export const positiveMoney = z
  .object({ amount: z.int().min(1, 'an amount here must be more than zero'), currency })
  .meta({ id: 'PositiveMoney', title: 'Money, more than zero' });

/** An identifier with a readable prefix, for example `ord_0199…`: the prefix, an underscore, a UUIDv7 without dashes. */
export const id = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-f]{32}$`),
      `an identifier here looks like ${prefix}_ followed by 32 hexadecimal digits`,
    )
    .describe(`Identifier, ${prefix}_…`);

/** A reference to something outside the domain that answers: any short printable text without white space. */
export const reference = z
  .string()
  .regex(/^[\x21-\x7e]{1,120}$/, 'a reference is 1 to 120 printable characters without spaces');

/** Text a person wrote, trimmed, free of NUL (which SQL cannot store) and not empty. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'this text cannot be empty')
    .max(max, `this text can be ${max} characters at most`)
    .refine((value) => !hasUnstorable(value), 'this text contains a NUL character or half of a surrogate pair');

/** NUL and lone surrogates are legal in JSON strings and illegal in UTF-8 databases. */
const hasUnstorable = (value: string): boolean => value.includes('\u0000') || !value.isWellFormed();

/** A moment, ISO 8601 in UTC, for example 2026-11-23T10:00:00.000Z. Years that databases and calendars disagree about (0000) stay out. */
export const timestamp = z.iso
  .datetime('a moment looks like 2026-11-23T10:00:00Z (ISO 8601, in UTC)')
  .refine((value) => value >= '1900', 'a moment here lies in the years 1900 to 9999')
  .describe('ISO 8601, UTC');

/** ISO 3166-1 alpha-2 country code. */
export const country = z.string().regex(/^[A-Z]{2}$/, 'a country is two capital letters (ISO 3166-1), for example DE');

export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('this is not an e-mail address'))
  .describe('E-mail address');

/** A postal address as carriers read it. */
export const address = z
  .object({
    name: text(200),
    line1: text(200),
    line2: text(200).optional(),
    city: text(100),
    region: text(100).optional(),
    postalCode: text(20),
    country,
    phone: text(40).optional(),
  })
  .meta({ id: 'Address', title: 'Postal address' });
export type Address = z.infer<typeof address>;

/** A small bag of text that integrations attach to a record. */
export const metadata = z
  .record(text(60), text(500))
  .refine((bag) => Object.keys(bag).length <= 50, 'at most 50 entries');
