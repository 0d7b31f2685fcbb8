import { z } from 'zod';
import { read, write } from './access.ts';
import { country, expectedVersion, id, line, operation, page, pageQuery, text } from '../../chassis/contract/index.ts';
import { failures, notFound } from './failures.ts';
import { attributes, attributeValue, code, image, localizedChanges, localizedText, slug } from './values.ts';
import { gap, product, productState } from './shapes.ts';
import { newVariant } from './variants.ts';
import { mediaIds } from './media-values.ts';

const NOT_FOUND = notFound('Product');
const { VERSION_CONFLICT, SKU_TAKEN, GTIN_TAKEN, SLUG_TAKEN, INVALID_PRODUCT, INCOMPLETE, ILLEGAL_STATE } = failures;

const productId = id('prd');

export const productFields = {
  description: localizedText(10_000, text).nullable().optional().describe('Text of the product page'),
  seoTitle: localizedText(200).nullable().optional().describe('Title for search engines; the title when left out'),
  seoDescription: localizedText(500, text).nullable().optional().describe('Text for search engines'),
  brand: line(120).nullable().optional(),
  family: code.nullable().optional().describe('Product family, which says what attributes are required'),
  optionAxes: z
    .array(code)
    .max(5)
    .optional()
    .describe('Properties in which its variants differ, for example ["size", "colour"]'),
  categoryIds: z.array(id('cat')).max(50).optional().describe('Categories that it is found in'),
  images: z.array(image).max(50).optional().describe('Pictures elsewhere, the first one shown first'),
  mediaIds: mediaIds.optional().describe('Uploaded pictures, videos and models, the first one shown first'),
  originCountry: country.nullable().optional(),
};

const move = <Extra extends z.ZodRawShape = Record<never, never>>(
  path: `/${string}`,
  title: string,
  description: string,
  extra?: Extra,
) =>
  operation({
    method: 'POST',
    path: `/products/{productId}${path}`,
    title,
    description,
    access: write,
    input: z.object({ productId, expectedVersion, ...(extra ?? ({} as Extra)) }),
    output: product,
    errors: { NOT_FOUND, ILLEGAL_STATE, VERSION_CONFLICT, INCOMPLETE },
  });

export const productOperations = {
  createProduct: operation({
    method: 'POST',
    path: '/products',
    title: 'Create product',
    description:
      'Creates a draft with its variants. A slug that is not given is made from the title. Prices are set in price lists.',
    access: write,
    input: z.object({
      title: localizedText(200).describe('Name that shoppers read'),
      slug: slug.optional(),
      ...productFields,
      attributes: attributes.optional().describe('A value for each attribute, for example {"colour": "red"}'),
      variants: z.array(newVariant).max(100).optional().describe('What shoppers buy: each with a SKU of its own'),
    }),
    output: product,
    errors: { SKU_TAKEN, GTIN_TAKEN, SLUG_TAKEN, INVALID_PRODUCT },
    successStatus: 201,
  }),
  updateProduct: operation({
    method: 'PATCH',
    path: '/products/{productId}',
    title: 'Update product',
    description: 'Changes the fields that are given. A published product must stay complete.',
    access: write,
    input: z.object({
      productId,
      expectedVersion,
      title: localizedChanges(200).optional().describe('Name that shoppers read'),
      slug: slug.optional(),
      ...productFields,
      description: localizedChanges(10_000, text).nullable().optional().describe('Text of the product page'),
      seoTitle: localizedChanges(200).nullable().optional().describe('Title for search engines'),
      seoDescription: localizedChanges(500, text).nullable().optional().describe('Text for search engines'),
      attributes: z
        .record(code, attributeValue.nullable())
        .refine((bag) => Object.keys(bag).length <= 100, 'at most 100 attributes')
        .meta({ maxProperties: 100 })
        .optional()
        .describe('Sets the attributes that are given; null removes one'),
    }),
    output: product,
    errors: { NOT_FOUND, VERSION_CONFLICT, SLUG_TAKEN, INVALID_PRODUCT, INCOMPLETE },
  }),
  getProduct: operation({
    method: 'GET',
    path: '/products/{productId}',
    title: 'Get product',
    description: 'One product with its variants. Unpublished products need an API key that may read the catalog.',
    access: { ...read, public: true },
    input: z.object({ productId }),
    output: product,
    errors: { NOT_FOUND },
  }),
  getProductBySlug: operation({
    method: 'GET',
    path: '/products/by-slug',
    title: 'Get product by slug',
    description: 'One product by its slug, the last part of its page address.',
    access: { ...read, public: true },
    input: z.object({ slug }),
    output: product,
    errors: { NOT_FOUND },
  }),
  listProducts: operation({
    method: 'GET',
    path: '/products',
    title: 'List products',
    description: 'All products, newest first, also unpublished ones. For shoppers use Search products.',
    access: read,
    input: z.object({
      ...pageQuery,
      state: productState.optional(),
      family: code.optional().describe('Only products of this family'),
      categoryId: id('cat').optional().describe('In this category or below it'),
      search: line(120).optional().describe('Part of the title, the slug or a SKU'),
    }),
    output: page(product),
  }),
  submitProduct: move('/submit', 'Submit product for review', 'Moves a draft to review.'),
  rejectProduct: move(
    '/reject',
    'Send product back to draft',
    'Moves a product in review back to draft, with the reason.',
    {
      reason: text(500).optional().describe('The reason, for whoever wrote it'),
    },
  ),
  publishProduct: move(
    '/publish',
    'Publish product',
    'Publishes a product in review. It needs a price for every variant on sale and all required attributes; otherwise the error lists what is missing.',
  ),
  archiveProduct: move(
    '/archive',
    'Archive product',
    'Takes a product out of the shop. It can be restored as a draft.',
  ),
  restoreProduct: move('/restore', 'Restore product', 'Moves an archived product back to draft.'),
  getCompleteness: operation({
    method: 'GET',
    path: '/products/{productId}/completeness',
    title: 'Check completeness',
    description: 'How complete a product is in percent, and what is missing before it can be published.',
    access: read,
    input: z.object({ productId }),
    output: z.object({ productId, score: z.int().min(0).max(100), publishable: z.boolean(), gaps: z.array(gap) }),
    errors: { NOT_FOUND },
  }),
};
