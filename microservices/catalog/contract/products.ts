import { z } from 'zod';
import { country, expectedVersion, id, line, operation, page, pageQuery, text } from '../../chassis/contract/index.ts';
import { failures, notFound } from './failures.ts';
import {
  attributes,
  attributeValue,
  code,
  gap,
  gtin,
  image,
  localizedChanges,
  localizedText,
  optionValues,
  product,
  productState,
  sku,
  slug,
  taxCategory,
  variant,
} from './values.ts';

const NOT_FOUND = notFound('Product');
const VARIANT_NOT_FOUND = notFound('Variant');
const { VERSION_CONFLICT, SKU_TAKEN, GTIN_TAKEN, SLUG_TAKEN, INVALID_PRODUCT, INCOMPLETE, ILLEGAL_STATE } = failures;

const read = { scope: 'catalog:read' };
const write = { scope: 'catalog:write' };
const productId = id('prd');
const variantId = id('var');

const variantFields = {
  gtin: gtin.nullable().optional(),
  title: localizedText(200).nullable().optional().describe('Empty: named by its option values'),
  options: optionValues.optional().describe('A value for each option axis of the product, for example {"size": "M"}'),
  weightGrams: z.int().min(0).max(100_000_000).optional().describe('Weight with packaging, in grams'),
  taxCategory: taxCategory.optional(),
  requiresShipping: z.boolean().optional().describe('Whether it is shipped; vouchers and downloads are not'),
  sellable: z.boolean().optional().describe('Whether it can be bought; if not, it is off sale but kept'),
  position: z.int().min(0).max(10_000).optional().describe('Order among the variants'),
};
export const newVariant = z.object({ sku, ...variantFields });

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
  images: z.array(image).max(50).optional().describe('Pictures, the first one shown first'),
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
  addVariant: operation({
    method: 'POST',
    path: '/products/{productId}/variants',
    title: 'Add variant',
    description:
      'Adds a variant. On a published product it starts off sale: set its price, then put it on sale with Update variant.',
    access: write,
    input: newVariant.extend({ productId }),
    output: variant,
    errors: { NOT_FOUND, SKU_TAKEN, GTIN_TAKEN, INVALID_PRODUCT },
    successStatus: 201,
  }),
  updateVariant: operation({
    method: 'PATCH',
    path: '/variants/{variantId}',
    title: 'Update variant',
    description: 'Changes the fields that are given. The SKU cannot be changed, because stock and orders refer to it.',
    access: write,
    input: z.object({
      variantId,
      expectedVersion,
      ...variantFields,
      title: localizedChanges(200).nullable().optional(),
    }),
    output: variant,
    errors: { NOT_FOUND: VARIANT_NOT_FOUND, VERSION_CONFLICT, GTIN_TAKEN, INVALID_PRODUCT, INCOMPLETE },
  }),
  removeVariant: operation({
    method: 'DELETE',
    path: '/variants/{variantId}',
    title: 'Remove variant',
    description:
      'Removes a variant of a product that is not published. On a published product, take it off sale instead.',
    access: write,
    input: z.object({ variantId }),
    output: z.object({ variantId, sku }),
    errors: { NOT_FOUND: VARIANT_NOT_FOUND, ILLEGAL_STATE },
  }),
  getVariant: operation({
    method: 'GET',
    path: '/variants/{variantId}',
    title: 'Get variant',
    description: 'One variant by its id.',
    access: { ...read, public: true },
    input: z.object({ variantId }),
    output: variant,
    errors: { NOT_FOUND: VARIANT_NOT_FOUND },
  }),
  getVariantBySku: operation({
    method: 'GET',
    path: '/variants/by-sku',
    title: 'Get variant by SKU',
    description: 'One variant by its stock keeping unit.',
    access: { ...read, public: true },
    input: z.object({ sku }),
    output: variant,
    errors: { NOT_FOUND: VARIANT_NOT_FOUND },
  }),
  listVariants: operation({
    method: 'GET',
    path: '/variants',
    title: 'List variants',
    description:
      'Variants of all products or of one, sorted by SKU. Filters by the beginning of the SKU or by barcode.',
    access: read,
    input: z.object({
      ...pageQuery,
      productId: productId.optional(),
      skuPrefix: sku.optional(),
      gtin: gtin.optional(),
    }),
    output: page(variant),
  }),
};
