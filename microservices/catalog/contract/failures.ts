import { z } from 'zod';
import { VERSION_CONFLICT } from '../../chassis/contract/index.ts';
import { gap, productState } from './shapes.ts';

/** NOT_FOUND of one kind of thing. */
export const notFound = <const Thing extends string>(thing: Thing) =>
  ({ status: 404, title: `${thing} not found` }) as const;

/** Failures that several operations of the catalog share. */
export const failures = {
  VERSION_CONFLICT,
  SKU_TAKEN: { status: 409, title: 'SKU already used', data: z.object({ sku: z.string() }) },
  GTIN_TAKEN: { status: 409, title: 'GTIN already used', data: z.object({ gtin: z.string() }) },
  SLUG_TAKEN: { status: 409, title: 'Slug already used', data: z.object({ slug: z.string() }) },
  INVALID_PRODUCT: {
    status: 422,
    title: 'Invalid product',
    data: z.object({ problems: z.array(gap) }),
  },
  INCOMPLETE: {
    status: 422,
    title: 'Product incomplete',
    data: z.object({ score: z.int(), gaps: z.array(gap) }),
  },
  ILLEGAL_STATE: {
    status: 409,
    title: 'Not allowed in this state',
    data: z.object({
      state: productState,
      allowed: z.array(z.string()).describe('Moves that are allowed in this state'),
    }),
  },
  CURRENCY_MISMATCH: {
    status: 422,
    title: 'Currency mismatch',
    data: z.object({ expected: z.string(), given: z.string() }),
  },
  STILL_NEEDED: {
    status: 409,
    title: 'Still in use',
    data: z.object({ examples: z.array(z.string()) }),
  },
} as const;
