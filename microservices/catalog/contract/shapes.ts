import { z } from 'zod';
import { choices, country, currency, id, line, text, timestamp, version } from '../../chassis/contract/index.ts';
import { media, mediaIds } from './media-values.ts';
import {
  attributes,
  code,
  customerGroup,
  gtin,
  image,
  localizedText,
  minQuantity,
  optionValues,
  sku,
  slug,
  taxCategory,
  unitPrice,
} from './values.ts';

export const productState = choices({
  draft: 'Being written; shoppers do not see it',
  in_review: 'Waits to be published or sent back',
  published: 'Shoppers find and buy it',
  archived: 'Taken out of the shop',
}).describe('How far a product has come');
export type ProductState = z.infer<typeof productState>;

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
    mediaIds,
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
    mediaIds: mediaIds.describe('Uploaded files, the first one shown first'),
    media: z.array(media).describe('The files of the product and of its variants'),
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
