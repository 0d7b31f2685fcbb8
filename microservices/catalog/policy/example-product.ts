import type { ProductRecord } from './record.ts';
import { buildVariant } from './variant.ts';

/** A draft without variants, for tests. */
export const product = (more: Partial<ProductRecord> = {}): ProductRecord => ({
  id: `prd_${'0'.repeat(32)}`,
  state: 'draft',
  slug: 'lantern',
  title: { en: 'Lantern' },
  description: null,
  seoTitle: null,
  seoDescription: null,
  brand: null,
  family: null,
  attributes: {},
  optionAxes: [],
  categoryIds: [],
  images: [],
  mediaIds: [],
  originCountry: null,
  variants: [],
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  publishedAt: null,
  ...more,
});
/** A variant on sale, for tests. */
export const variant = (sku: string, options: Record<string, string> = {}) =>
  buildVariant('prd_1', { sku, options }, '2026-01-01T00:00:00.000Z');
