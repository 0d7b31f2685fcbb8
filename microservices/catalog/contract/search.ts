import { z } from 'zod';
import { choices, currency, id, line, minorUnitsOf, operation, pageQuery } from '../../chassis/contract/index.ts';
import { code, image, locale, slug, unitPrice } from './values.ts';

const foundProduct = z
  .object({
    productId: id('prd'),
    slug,
    title: z.string(),
    brand: z.string().nullable(),
    image: image.nullable(),
    skus: z.array(z.string()),
    lowestPrice: unitPrice.nullable().describe('Lowest price of its variants in the currency asked for'),
  })
  .meta({ id: 'FoundProduct', title: 'Found product' });

const facet = z
  .object({
    field: z.string().describe('brand, category (values are category ids) or attribute.<code>'),
    values: z.array(z.object({ value: z.string(), count: z.int() })).describe('Most frequent first, 50 at most'),
  })
  .meta({ id: 'Facet', title: 'Facet' });
export type Facet = z.infer<typeof facet>;

const price = (about: string) => minorUnitsOf('currency', z.int().min(0).max(100_000_000_000), about);

export const searchSort = choices({
  relevance: 'Best match of the words first',
  newest: 'Published last first',
  price_asc: 'Cheapest first',
  price_desc: 'Dearest first',
  title: 'By title, A to Z',
}).describe('Which products come first');
export type SearchSort = z.infer<typeof searchSort>;

export const searchOperations = {
  searchProducts: operation({
    method: 'POST',
    path: '/catalog/search',
    title: 'Search products',
    description:
      'Finds published products by words, category, collection, brand, attributes and price. Typing errors and synonyms are understood, and the last word may be unfinished. Facets count the products that each choice would find.',
    access: { scope: 'catalog:read', public: true },
    input: z.object({
      ...pageQuery,
      query: line(200).optional().describe('Words, as a shopper types them'),
      categoryId: id('cat').optional().describe('In this category or below it'),
      collectionId: id('col').optional().describe('In this published collection, in its order unless words are given'),
      brands: z.array(line(120)).max(50).optional().describe('Any of these brands'),
      attributes: z
        .record(code, z.array(line(500)).min(1).max(50))
        .refine((bag) => Object.keys(bag).length <= 20, 'at most 20 attributes')
        .meta({ maxProperties: 20 })
        .optional()
        .describe('Any of the values of each attribute, for example {"colour": ["red", "blue"]}'),
      minPrice: price('Lowest price').optional(),
      maxPrice: price('Highest price').optional(),
      currency: currency.optional().describe('Currency of prices; the shop’s own unless given'),
      locale: locale.optional(),
      sort: searchSort.default('relevance'),
      facets: z.boolean().default(true).describe('Whether to count facets'),
    }),
    output: z.object({
      items: z.array(foundProduct),
      nextCursor: z.string().nullable(),
      total: z.int(),
      facets: z.array(facet),
      correctedQuery: z.string().nullable().describe('The corrected query, if words were corrected'),
      redirect: z.string().nullable().describe('Page that the shop leads this query to: a path or a web address'),
    }),
    readOnly: true,
  }),
};
