import { z } from 'zod';
import {
  choices,
  country,
  currency,
  id,
  languageTag,
  line,
  nonNegativeMoney,
  sku as anySku,
  text,
  timestamp,
  version,
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

export const productState = choices({
  draft: 'Being written; shoppers do not see it',
  in_review: 'Waits to be published or sent back',
  published: 'Shoppers find and buy it',
  archived: 'Taken out of the shop',
}).describe('How far a product has come');
export type ProductState = z.infer<typeof productState>;

export const optionValues = z
  .record(code, line(80))
  .refine((bag) => Object.keys(bag).length <= 5, 'at most 5 option axes')
  .meta({ maxProperties: 5 });

/** A reason why a product cannot be published. */
export const gap = z.object({
  field: z.string().describe('Missing field, for example attribute.material or price'),
  message: z.string(),
});
export type Gap = z.infer<typeof gap>;

export const variant = z
  .object({
    id: id('var'),
    productId: id('prd'),
    sku,
    gtin: gtin.nullable(),
    title: localizedText(200).nullable().describe('Empty: named by its option values'),
    options: optionValues.describe('A value for each option axis of the product, for example {"size": "M"}'),
    weightGrams: z.int(),
    taxCategory,
    requiresShipping: z.boolean(),
    sellable: z.boolean().describe('False: off sale, but kept'),
    position: z.int(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Variant', title: 'Variant' });
export type Variant = z.infer<typeof variant>;

export const product = z
  .object({
    id: id('prd'),
    state: productState,
    slug,
    title: localizedText(200),
    description: localizedText(10_000, text).nullable(),
    seoTitle: localizedText(200).nullable(),
    seoDescription: localizedText(500, text).nullable(),
    brand: z.string().nullable(),
    family: code.nullable().describe('Product family, which says what attributes are required'),
    attributes,
    optionAxes: z.array(code).describe('Properties in which its variants differ, for example ["size", "colour"]'),
    categoryIds: z.array(id('cat')),
    images: z.array(image),
    originCountry: country.nullable(),
    variants: z.array(variant),
    completeness: z
      .object({ score: z.int().min(0).max(100), gaps: z.array(gap) })
      .describe('How complete it is in percent; it cannot be published while there are gaps'),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
    publishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Product', title: 'Product' });
export type Product = z.infer<typeof product>;

export const category = z
  .object({
    id: id('cat'),
    slug,
    title: localizedText(200),
    description: localizedText(2_000, text).nullable(),
    parentId: id('cat').nullable(),
    position: z.int(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Category', title: 'Category' });
export type Category = z.infer<typeof category>;

export const attributeType = choices({
  text: 'Any text',
  number: 'A number',
  boolean: 'Yes or no',
  choice: 'One of the options of the attribute',
  date: 'A day such as 2026-11-23',
}).describe('The kind of value that products have for it');

export const attributeDefinition = z
  .object({
    code,
    title: localizedText(100),
    type: attributeType,
    options: z.array(line(100)).describe('The choices, for type choice'),
    facet: z.boolean().describe('Searches can count and filter by it'),
    version,
  })
  .meta({ id: 'AttributeDefinition', title: 'Attribute' });
export type AttributeDefinition = z.infer<typeof attributeDefinition>;

export const family = z
  .object({
    code,
    title: localizedText(100),
    required: z.array(code).describe('Attributes that a product of this family needs to be published'),
    optional: z.array(code),
    version,
  })
  .meta({ id: 'ProductFamily', title: 'Product family' });
export type Family = z.infer<typeof family>;

export const priceList = z
  .object({
    id: id('lst'),
    code,
    title: z.string(),
    currency,
    customerGroup: customerGroup.nullable().describe('Customer group it is for; empty: for everybody'),
    taxInclusive: z.boolean().describe('True: prices include tax'),
    priority: z
      .int()
      .describe(
        'Of the lists that apply, the one with the highest priority wins; a list for the customer’s group wins over lists for everybody',
      ),
    validFrom: timestamp.nullable(),
    validUntil: timestamp.nullable(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'PriceList', title: 'Price list' });
export type PriceList = z.infer<typeof priceList>;

export const price = z
  .object({
    id: id('prc'),
    version: z.int().describe('Number of the last change; id and version always name the same amount'),
    priceListId: id('lst'),
    variantId: id('var'),
    sku,
    minQuantity,
    unitPrice,
    changedAt: timestamp,
  })
  .meta({ id: 'Price', title: 'Price' });
export type Price = z.infer<typeof price>;
