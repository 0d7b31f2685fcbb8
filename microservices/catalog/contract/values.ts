import { z } from 'zod';
import {
  choices,
  languageTag,
  line,
  nonNegativeMoney,
  sku as anySku,
  text,
  webAddress,
} from '../../chassis/contract/index.ts';

/** A stock keeping unit: what catalog, inventory and orders know a variant by. */
export const sku = anySku.describe('Stock keeping unit, unique in the catalog');

/** BCP 47: en, de-AT, zh-Hant-TW. */
export const locale = languageTag.describe('Language, for example en or de-AT');

/** Text by locale, of one line each unless it is `text`; at least one. */
export const localizedText = (max: number, kind: typeof text = line) =>
  z
    .record(locale, kind(max))
    .refine(
      (texts) => Object.keys(texts).length > 0,
      'give the text in at least one language, for example {"en": "Lantern"}',
    )
    .refine((texts) => Object.keys(texts).length <= 40, 'at most 40 languages')
    .meta({ minProperties: 1, maxProperties: 40 });

/** Changes of text by locale: other languages keep theirs, null removes one. */
export const localizedChanges = (max: number, kind: typeof text = line) =>
  z
    .record(locale, kind(max).nullable())
    .refine((texts) => Object.keys(texts).length <= 40, 'at most 40 languages')
    .meta({ maxProperties: 40 })
    .describe('Changes the languages that are given and keeps the others; null removes one');
export type LocalizedText = Record<string, string>;

/** The last part of a page's address: lower case, digits, single dashes. */
export const slug = z
  .string()
  .max(120)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a slug is lower-case letters, digits and single dashes, for example red-lantern')
  .describe('Last part of the page address; unique');

/** A code that people choose for attributes, families and option axes. */
export const code = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'a code starts with a small letter, then small letters, digits, _ or -, 40 at most')
  .describe('Short name of small letters, digits, _ and -, for example colour');

/** A customer group, as customers carry it. */
export const customerGroup = z
  .string()
  .regex(/^[\x21-\x7e]{1,60}$/, 'a customer group is 1 to 60 printable characters without spaces')
  .describe('Customer group, for example wholesale');

const digitsSum = (digits: string): number =>
  [...digits].toReversed().reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);

/**
 * The check digit of a GTIN without its last digit: GS1 General Specifications, section 7.9 (weights 3 and 1 from the
 * right).
 */
export const gtinCheckDigit = (withoutCheckDigit: string): number => (10 - (digitsSum(withoutCheckDigit) % 10)) % 10;

/** A barcode number: GTIN-8, -12 (UPC), -13 (EAN) or -14 with a right check digit. */
export const gtin = z
  .string()
  .regex(/^(\d{8}|\d{12,14})$/, 'a GTIN has 8, 12, 13 or 14 digits')
  .refine(
    (digits) => gtinCheckDigit(digits.slice(0, -1)) === Number(digits.at(-1)),
    'the check digit of this GTIN is wrong: a digit was mistyped',
  )
  .describe('Barcode number (GTIN/EAN/UPC) with its check digit');

export const taxCategory = choices({
  standard: 'The usual rate of the country',
  reduced: 'The lower rate, for example of food or books where a country has one',
  zero: 'Never taxed',
}).describe('Which tax rate of a country applies');

/** A price per unit. Its limit keeps quantity × price exact. */
export const unitPrice = nonNegativeMoney.extend({
  amount: z
    .int()
    .min(0, 'a price cannot be negative')
    .max(100_000_000_000)
    .describe('Minor units, for example 1999 for 19.99 EUR'),
});

/** The quantity from which a price applies. */
export const minQuantity = z.int().min(1).max(1_000_000).describe('Applies from this quantity');

export const image = z.object({
  url: webAddress(2_000, 'an image needs an http(s) address').describe('Web address of the picture'),
  alt: line(300).optional().describe('Description of the image for people who cannot see it'),
});

/** The value of an attribute. */
export const attributeValue = z.union([text(500), z.number(), z.boolean()]);
export type AttributeValue = z.infer<typeof attributeValue>;
export const attributes = z
  .record(code, attributeValue)
  .refine((bag) => Object.keys(bag).length <= 100, 'at most 100 attributes')
  .meta({ maxProperties: 100 });

export const optionValues = z
  .record(code, line(80))
  .refine((bag) => Object.keys(bag).length <= 5, 'at most 5 option axes')
  .meta({ maxProperties: 5 });
