import { z } from 'zod';
import { defineContract, event, id, withExamples } from '../chassis/contract/index.ts';
import { collectionOperations } from './contract/collections.ts';
import { catalogExamples } from './contract/examples.ts';
import { importOperations } from './contract/imports.ts';
import { mediaOperations } from './contract/media.ts';
import { mediaKind } from './contract/media-values.ts';
import { priceListOperations } from './contract/price-lists.ts';
import { priceOperations } from './contract/prices.ts';
import { productOperations } from './contract/products.ts';
import { searchTermOperations } from './contract/search-terms.ts';
import { searchOperations } from './contract/search.ts';
import { shopOperations } from './contract/shop.ts';
import { structureOperations } from './contract/structure.ts';
import { variantOperations } from './contract/variants.ts';
import { code, localizedText, minQuantity, sku, slug, unitPrice } from './contract/values.ts';
import { productState } from './contract/shapes.ts';

const productFacts = {
  productId: id('prd'),
  version: z.int(),
  state: productState,
  slug,
  title: localizedText(200),
  brand: z.string().nullable(),
  categoryIds: z.array(id('cat')),
  skus: z.array(sku),
};
const productPayload = z.object(productFacts);

export const catalogContract = defineContract({
  domain: 'catalog',
  title: 'Catalog',
  noun: 'Product',
  description:
    'Products with variants, categories, collections, attributes and prices; search and import. The price shown is the price charged.',
  version: 1,
  operations: {
    ...productOperations,
    ...variantOperations,
    ...structureOperations,
    ...priceListOperations,
    ...collectionOperations,
    ...mediaOperations,
    ...priceOperations,
    ...searchOperations,
    ...searchTermOperations,
    ...shopOperations,
    ...importOperations,
  },
  events: withExamples(
    {
      'product.created': event({
        title: 'Product created',
        description: 'A draft was created.',
        aggregate: 'product',
        payload: productPayload,
      }),
      'product.updated': event({
        title: 'Product updated',
        description: 'A product or one of its variants changed.',
        aggregate: 'product',
        payload: productPayload.extend({ changed: z.array(z.string()).describe('Names of the fields that changed') }),
      }),
      'product.submitted': event({
        title: 'Product submitted',
        description: 'A draft was submitted for review.',
        aggregate: 'product',
        payload: productPayload,
      }),
      'product.rejected': event({
        title: 'Product sent back',
        description: 'A product in review was sent back to draft.',
        aggregate: 'product',
        payload: productPayload.extend({ reason: z.string().nullable() }),
      }),
      'product.published': event({
        title: 'Product published',
        description: 'Shoppers can now find and buy it.',
        aggregate: 'product',
        payload: productPayload,
      }),
      'product.archived': event({
        title: 'Product archived',
        description: 'It was taken out of the shop.',
        aggregate: 'product',
        payload: productPayload,
      }),
      'product.restored': event({
        title: 'Product restored',
        description: 'An archived product is a draft again.',
        aggregate: 'product',
        payload: productPayload,
      }),
      'price.changed': event({
        title: 'Price changed',
        description: 'The price of a variant in a price list was set, changed or removed.',
        aggregate: 'product',
        payload: z.object({
          productId: id('prd'),
          variantId: id('var'),
          sku,
          priceId: id('prc'),
          priceVersion: z.int(),
          priceListId: id('lst'),
          minQuantity,
          previous: unitPrice.nullable().describe('Empty if there was none'),
          unitPrice: unitPrice.nullable().describe('Empty if it was removed'),
        }),
      }),
      'price.dropped': event({
        title: 'Price dropped',
        description: 'The price of a variant in a price list is lower than before. Comes beside price.changed.',
        aggregate: 'product',
        payload: z.object({
          productId: id('prd'),
          variantId: id('var'),
          sku,
          priceListId: id('lst'),
          minQuantity,
          previous: unitPrice,
          unitPrice,
          percent: z.int().describe('How much lower it is, in percent of the previous price, rounded down'),
        }),
      }),
      'price_list.changed': event({
        title: 'Price list changed',
        description: 'A price list was created or its title or period changed.',
        technical: true,
        aggregate: 'price_list',
        payload: z.object({
          priceListId: id('lst'),
          code,
          currency: z.string(),
          customerGroup: z.string().nullable(),
          validFrom: z.string().nullable(),
          validUntil: z.string().nullable(),
        }),
      }),
      'category.changed': event({
        title: 'Category changed',
        description: 'A category was created, changed, moved or deleted.',
        aggregate: 'category',
        payload: z.object({
          categoryId: id('cat'),
          change: z.enum(['created', 'updated', 'moved', 'deleted']),
          slug,
          parentId: id('cat').nullable(),
        }),
      }),
      'collection.changed': event({
        title: 'Collection changed',
        description:
          'A collection was created, changed or deleted, or products were added, moved or taken out by hand. Products that begin or cease to fit its conditions are not announced.',
        aggregate: 'collection',
        payload: z.object({
          collectionId: id('col'),
          change: z.enum(['created', 'updated', 'products', 'deleted']),
          slug,
          published: z.boolean(),
        }),
      }),
      'media.changed': event({
        title: 'Media file changed',
        description: 'A picture, video or 3-D model was uploaded, changed or deleted.',
        technical: true,
        aggregate: 'media',
        payload: z.object({
          mediaId: id('med'),
          kind: mediaKind,
          change: z.enum(['uploaded', 'updated', 'deleted']),
        }),
      }),
      'synonyms.changed': event({
        title: 'Synonyms changed',
        description: 'Words that mean the same in searches were created, changed or deleted.',
        technical: true,
        aggregate: 'synonyms',
        payload: z.object({ synonymsId: id('syn'), change: z.enum(['created', 'updated', 'deleted']) }),
      }),
      'search_redirect.changed': event({
        title: 'Search redirect changed',
        description: 'A query that leads to a page was created, changed or deleted.',
        technical: true,
        aggregate: 'search_redirect',
        payload: z.object({ redirectId: id('rdr'), change: z.enum(['created', 'updated', 'deleted']) }),
      }),
      'attribute.changed': event({
        title: 'Attribute changed',
        description: 'An attribute was defined or changed.',
        technical: true,
        aggregate: 'attribute',
        payload: z.object({ code }),
      }),
      'family.changed': event({
        title: 'Product family changed',
        description: 'A family was defined or changed.',
        technical: true,
        aggregate: 'family',
        payload: z.object({ code }),
      }),
      'import.completed': event({
        title: 'Import completed',
        description: 'A CSV file was read to its end. List rejected rows returns the rows that were not accepted.',
        aggregate: 'import',
        payload: z.object({
          importId: id('imp'),
          rows: z.int(),
          accepted: z.int(),
          rejected: z.int(),
          created: z.int(),
          updated: z.int(),
        }),
      }),
    },
    catalogExamples,
  ),
});
