import { z } from 'zod';
import { currency } from './codes.ts';
import { line, text } from './text.ts';

export { country, currency, languageTag, sku } from './codes.ts';
export { email } from './email.ts';
export { freeData } from './free-data.ts';
export { timestamp } from './moment.ts';
export {
  address,
  addressParts,
  needsWholeAddress,
  newAddress,
  newAddressParts,
  type Address,
} from './postal-address.ts';
export { line, opaque, storableText, text, webAddress } from './text.ts';
export { expectedVersion, version, VERSION_CONFLICT } from './version.ts';

/** An amount of money: an integer of minor units (cents, yen) and its ISO 4217 currency. Never a float. */
export const money = z
  .object({
    amount: z.int().describe('Minor units, for example 1999 for 19.99 EUR'),
    currency,
  })
  .meta({ id: 'Money', title: 'Money' });
export type Money = z.infer<typeof money>;

/** A whole number of minor units whose currency is the field of this name beside it. Forms show it in major units. */
export const minorUnitsOf = (currency: string, amount: z.ZodInt, about: string) =>
  amount.meta({ description: `${about}; in minor units`, 'x-minorUnitsOf': currency });

/**
 * A text with Liquid placeholders. Forms send what an expression gives as plain text, since values must not become
 * placeholders.
 */
export const liquid = (written: z.ZodString) => written.meta({ 'x-liquid': true });

/** Money that must not be negative: prices, totals, limits. */
export const nonNegativeMoney = z
  .object({
    amount: z.int().min(0, 'an amount here cannot be negative').describe('Minor units, for example 1999 for 19.99 EUR'),
    currency,
  })
  .meta({ id: 'NonNegativeMoney', title: 'Money, zero or more' });

/** Money that must be more than zero: payments, refunds, top-ups. */
export const positiveMoney = z
  .object({
    amount: z
      .int()
      .min(1, 'an amount here must be more than zero')
      .describe('Minor units, for example 1999 for 19.99 EUR'),
    currency,
  })
  .meta({ id: 'PositiveMoney', title: 'Money, more than zero' });

/**
 * An identifier with a readable prefix, for example `ord_0199…`: the prefix, an underscore, a UUIDv7 without dashes.
 */
export const id = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-f]{32}$`),
      `an identifier here looks like ${prefix}_ followed by 32 hexadecimal digits`,
    )
    .describe(`Identifier, ${prefix}_…`);

/** The place in n8n that a request came from. */
export const journeyOrigin = z
  .object({
    workflowId: z.string().describe('The workflow'),
    executionId: z.string().describe('Its execution'),
    node: z.string().nullable().describe('The node'),
  })
  .meta({ id: 'JourneyOrigin', title: 'Journey' });
export type JourneyOrigin = z.infer<typeof journeyOrigin>;

/** A reference to something outside the domain that answers: any short printable text without white space. */
export const reference = z
  .string()
  .regex(/^[\x21-\x7e]{1,120}$/, 'a reference is 1 to 120 printable characters without spaces');

/** A small bag of text that integrations attach to a record. */
export const metadata = z
  .record(line(60), text(500))
  .refine((bag) => Object.keys(bag).length <= 50, 'at most 50 entries')
  .meta({ maxProperties: 50, description: 'Names and texts that integrations attach to it' });
