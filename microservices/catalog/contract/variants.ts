import { z } from 'zod';
import { expectedVersion, id, operation, page, pageQuery } from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { failures, notFound } from './failures.ts';
import { mediaIds } from './media-values.ts';
import { gtin, localizedChanges, localizedText, optionValues, sku, taxCategory } from './values.ts';
import { variant } from './shapes.ts';

const { VERSION_CONFLICT, SKU_TAKEN, GTIN_TAKEN, INVALID_PRODUCT, INCOMPLETE, ILLEGAL_STATE } = failures;
const NOT_FOUND = notFound('Product');
const VARIANT_NOT_FOUND = notFound('Variant');
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
  mediaIds: mediaIds.optional().describe('Uploaded files of this variant, the first one shown first'),
  position: z.int().min(0).max(10_000).optional().describe('Order among the variants'),
};
export const newVariant = z.object({ sku, ...variantFields });

export const variantOperations = {
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
