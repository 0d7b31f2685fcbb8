import { z } from 'zod';
import { expectedVersion, id, line, operation, page, pageQuery, text } from '../../chassis/contract/index.ts';
import { collection, collectionSort, condition, conditionMatch, conditions } from './collection-values.ts';
import { read, write } from './access.ts';
import { failures, notFound } from './failures.ts';
import { image, localizedChanges, localizedText, slug } from './values.ts';

const { VERSION_CONFLICT, SLUG_TAKEN } = failures;
const NOT_FOUND = notFound('Collection');
const INVALID_CONDITIONS = {
  status: 422,
  title: 'Invalid conditions',
  data: z.object({ problems: z.array(z.string()) }),
} as const;
const UNKNOWN_PRODUCT = {
  status: 422,
  title: 'Product not found',
  data: z.object({ productIds: z.array(id('prd')) }),
} as const;
const CHOSEN_BY_CONDITIONS = { status: 409, title: 'Collection has conditions' } as const;
const TOO_MANY_PRODUCTS = {
  status: 422,
  title: 'Too many products',
  data: z.object({ most: z.int() }),
} as const;

const collectionId = id('col');
const collectionFields = {
  image: image.nullable().optional().describe('Picture above its products'),
  published: z.boolean().optional().describe('Whether shoppers see it'),
  match: conditionMatch.optional(),
  conditions: conditions
    .optional()
    .describe('Which products are in it, always as they are now; without conditions you add them by hand'),
  sort: collectionSort.optional(),
};
const some = (about: string) => z.array(id('prd')).min(1).max(500).describe(about);

/** Collections: products chosen by hand, or by conditions that hold at the moment of asking. */
export const collectionOperations = {
  createCollection: operation({
    method: 'POST',
    path: '/collections',
    title: 'Create collection',
    description:
      'Creates a collection: with conditions its products are those that fit them now, without it holds what you add. Read its products with Search products.',
    access: write,
    input: z.object({
      title: localizedText(200).describe('Name that shoppers read'),
      slug: slug.optional().describe('Made from the title when not given'),
      description: localizedText(2_000, text).nullable().optional().describe('Text above its products'),
      seoTitle: localizedText(200).nullable().optional().describe('Title for search engines; the title when left out'),
      seoDescription: localizedText(500, text).nullable().optional().describe('Text for search engines'),
      ...collectionFields,
    }),
    output: collection,
    errors: { SLUG_TAKEN, INVALID_CONDITIONS },
    successStatus: 201,
  }),
  updateCollection: operation({
    method: 'PATCH',
    path: '/collections/{collectionId}',
    title: 'Update collection',
    description: 'Changes the fields that are given. Products added by hand are kept while it has conditions.',
    access: write,
    input: z.object({
      collectionId,
      expectedVersion,
      title: localizedChanges(200).optional().describe('Name that shoppers read'),
      slug: slug.optional(),
      description: localizedChanges(2_000, text).nullable().optional().describe('Text above its products'),
      seoTitle: localizedChanges(200).nullable().optional().describe('Title for search engines'),
      seoDescription: localizedChanges(500, text).nullable().optional().describe('Text for search engines'),
      ...collectionFields,
    }),
    output: collection,
    errors: { NOT_FOUND, VERSION_CONFLICT, SLUG_TAKEN, INVALID_CONDITIONS },
  }),
  deleteCollection: operation({
    method: 'DELETE',
    path: '/collections/{collectionId}',
    title: 'Delete collection',
    description: 'Deletes a collection; its products stay.',
    access: write,
    input: z.object({ collectionId }),
    output: z.object({ collectionId }),
    errors: { NOT_FOUND },
  }),
  getCollection: operation({
    method: 'GET',
    path: '/collections/{collectionId}',
    title: 'Get collection',
    description: 'One collection by its id. Unpublished ones need an API key that may read the catalog.',
    access: { ...read, public: true },
    input: z.object({ collectionId }),
    output: collection,
    errors: { NOT_FOUND },
  }),
  getCollectionBySlug: operation({
    method: 'GET',
    path: '/collections/by-slug',
    title: 'Get collection by slug',
    description: 'One collection by its slug, the last part of its page address.',
    access: { ...read, public: true },
    input: z.object({ slug }),
    output: collection,
    errors: { NOT_FOUND },
  }),
  listCollections: operation({
    method: 'GET',
    path: '/collections',
    title: 'List collections',
    description: 'Collections sorted by slug; shoppers get the published ones.',
    access: { ...read, public: true },
    input: z.object({
      ...pageQuery,
      search: line(120).optional().describe('Part of the title or the slug'),
      productId: id('prd').optional().describe('Only those to which this product was added by hand'),
    }),
    output: page(collection),
  }),
  addToCollection: operation({
    method: 'POST',
    path: '/collections/{collectionId}/products',
    title: 'Add products to collection',
    description: 'Puts products at the end of a collection, in the order given. Products that are in it already move.',
    access: write,
    input: z.object({ collectionId, productIds: some('Products to add, in their order') }),
    output: collection,
    errors: { NOT_FOUND, UNKNOWN_PRODUCT, CHOSEN_BY_CONDITIONS, TOO_MANY_PRODUCTS },
  }),
  removeFromCollection: operation({
    method: 'POST',
    path: '/collections/{collectionId}/products/remove',
    title: 'Remove products from collection',
    description: 'Takes products out of a collection; those that are not in it are passed over.',
    access: write,
    input: z.object({ collectionId, productIds: some('Products to take out') }),
    output: collection,
    errors: { NOT_FOUND, CHOSEN_BY_CONDITIONS },
  }),
  moveInCollection: operation({
    method: 'POST',
    path: '/collections/{collectionId}/products/move',
    title: 'Move products in collection',
    description:
      'Moves products of a collection to the beginning, or behind another product of it, in the order given.',
    access: write,
    input: z.object({
      collectionId,
      productIds: some('Products to move, in their order'),
      afterProductId: id('prd').optional().describe('Product that they come behind; the beginning when left out'),
    }),
    output: collection,
    errors: {
      NOT_FOUND,
      CHOSEN_BY_CONDITIONS,
      NOT_IN_COLLECTION: {
        status: 422,
        title: 'Product not in the collection',
        data: z.object({ productIds: z.array(id('prd')) }),
      },
    },
  }),
  previewConditions: operation({
    method: 'POST',
    path: '/collections/preview',
    title: 'Preview conditions',
    description: 'Counts the published products that fit conditions now, and shows some of them. Changes nothing.',
    access: read,
    input: z.object({
      match: conditionMatch.default('all'),
      conditions: z.array(condition).min(1).max(10).describe('Conditions as a collection would have them'),
    }),
    output: z.object({
      total: z.int(),
      examples: z.array(z.object({ productId: id('prd'), slug })).describe('Published last first, 10 at most'),
    }),
    errors: { INVALID_CONDITIONS },
    readOnly: true,
  }),
};
