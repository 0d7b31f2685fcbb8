import { z } from 'zod';
import { gap, productState } from './values.ts';

/** Failures that several operations of the catalog share. */
export const failures = {
  NOT_FOUND: { status: 404, title: 'Not found' },
  VERSION_CONFLICT: {
    status: 409,
    title: 'Somebody else changed it first',
    data: z.object({ expected: z.int(), actual: z.int() }),
  },
  SKU_TAKEN: { status: 409, title: 'This SKU is in use', data: z.object({ sku: z.string() }) },
  GTIN_TAKEN: { status: 409, title: 'This GTIN is in use', data: z.object({ gtin: z.string() }) },
  SLUG_TAKEN: { status: 409, title: 'This slug is in use', data: z.object({ slug: z.string() }) },
  INVALID_PRODUCT: {
    status: 422,
    title: 'The product does not fit together',
    data: z.object({ problems: z.array(gap) }),
  },
  INCOMPLETE: {
    status: 422,
    title: 'The product is not complete',
    data: z.object({ score: z.int(), gaps: z.array(gap) }),
  },
  ILLEGAL_STATE: {
    status: 409,
    title: 'Not possible in this state',
    data: z.object({ state: productState, allowed: z.array(z.string()).describe('What is possible in this state') }),
  },
  CURRENCY_MISMATCH: {
    status: 422,
    title: 'Not the currency of the price list',
    data: z.object({ expected: z.string(), given: z.string() }),
  },
  STILL_NEEDED: {
    status: 409,
    title: 'Something published still needs it',
    data: z.object({ examples: z.array(z.string()) }),
  },
} as const;
