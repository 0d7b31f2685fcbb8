import { z } from 'zod';
import { choices, currency, id, line, text, timestamp, version } from '../../chassis/contract/index.ts';
import { code, image, localizedText, slug } from './values.ts';

export const conditionField = choices({
  brand: 'Name of the brand',
  category: 'A category, or one below it; the values are category ids',
  attribute: 'The attribute that is named',
  price: 'The lowest price, in minor units of the currency, for example 1999 for 19.99 EUR',
  stock: 'If a variant on sale is in stock at a location: in_stock or out_of_stock',
  daysPublished: 'Whole days since it was published last',
}).describe('The fact that is compared');
export type ConditionField = z.infer<typeof conditionField>;

export const conditionOperator = choices({
  is: 'One of the values',
  is_not: 'None of the values',
  at_least: 'The value or more',
  at_most: 'The value or less',
}).describe('How the fact is compared with the values');
export type ConditionOperator = z.infer<typeof conditionOperator>;

export const condition = z
  .object({
    field: conditionField,
    attribute: code.optional().describe('Code of the attribute, for the field attribute'),
    operator: conditionOperator,
    values: z.array(line(200)).min(1).max(50).describe('What it is compared with; one value for at least and at most'),
    currency: currency.optional().describe('Currency of prices; the shop’s own unless given'),
  })
  .meta({ id: 'CollectionCondition', title: 'Condition' });
export type Condition = z.infer<typeof condition>;

export const conditions = z.array(condition).max(10);

export const conditionMatch = choices({
  all: 'Every condition holds',
  any: 'One condition holds',
}).describe('How many of the conditions must hold');

export const collectionSort = choices({
  manual: 'In the order that was given by hand; published last first where it has conditions',
  newest: 'Published last first',
  price_asc: 'Cheapest first',
  price_desc: 'Dearest first',
  title: 'By title, A to Z',
}).describe('Which products come first');

export const collection = z
  .object({
    id: id('col'),
    slug,
    title: localizedText(200),
    description: localizedText(2_000, text).nullable(),
    seoTitle: localizedText(200).nullable(),
    seoDescription: localizedText(500, text).nullable(),
    image: image.nullable(),
    published: z.boolean().describe('True: shoppers see it'),
    match: conditionMatch,
    conditions: conditions.describe('Which products are in it; empty: those that were added by hand'),
    sort: collectionSort,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Collection', title: 'Collection' });
export type Collection = z.infer<typeof collection>;
