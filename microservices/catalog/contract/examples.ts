/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const product = {
  productId: exampleId('prd'),
  version: 3,
  slug: 'camping-lantern',
  title: { en: 'Camping lantern' },
  brand: 'Northlight',
  categoryIds: [exampleId('cat')],
  skus: ['LANTERN-01', 'LANTERN-02'],
};
const euros = (amount: number) => ({ amount, currency: 'EUR' });

export const catalogExamples = {
  'product.created': { ...product, version: 1, state: 'draft' as const },
  'product.updated': { ...product, state: 'published' as const, changed: ['title', 'images'] },
  'product.submitted': { ...product, state: 'in_review' as const },
  'product.rejected': { ...product, state: 'draft' as const, reason: 'The second picture shows another lantern.' },
  'product.published': { ...product, state: 'published' as const },
  'product.archived': { ...product, state: 'archived' as const },
  'product.restored': { ...product, state: 'draft' as const },
  'price.changed': {
    productId: exampleId('prd'),
    variantId: exampleId('var'),
    sku: 'LANTERN-01',
    priceId: exampleId('prc'),
    priceVersion: 4,
    priceListId: exampleId('lst'),
    minQuantity: 1,
    previous: euros(3490),
    unitPrice: euros(2900),
  },
  'price.dropped': {
    productId: exampleId('prd'),
    variantId: exampleId('var'),
    sku: 'LANTERN-01',
    priceListId: exampleId('lst'),
    minQuantity: 1,
    previous: euros(3490),
    unitPrice: euros(2900),
    percent: 16,
  },
  'price_list.changed': {
    priceListId: exampleId('lst'),
    code: 'winter-sale',
    currency: 'EUR',
    customerGroup: null,
    validFrom: '2026-12-01T00:00:00.000Z',
    validUntil: '2027-01-31T23:00:00.000Z',
  },
  'category.changed': {
    categoryId: exampleId('cat'),
    change: 'created' as const,
    slug: 'camping-lights',
    parentId: exampleId('cat', 2),
  },
  'collection.changed': {
    collectionId: exampleId('col'),
    change: 'created' as const,
    slug: 'gifts-below-20',
    published: true,
  },
  'media.changed': { mediaId: exampleId('med'), kind: 'image' as const, change: 'uploaded' as const },
  'synonyms.changed': { synonymsId: exampleId('syn'), change: 'created' as const },
  'search_redirect.changed': { redirectId: exampleId('rdr'), change: 'created' as const },
  'attribute.changed': { code: 'colour' },
  'family.changed': { code: 'lamps' },
  'import.completed': { importId: exampleId('imp'), rows: 500, accepted: 497, rejected: 3, created: 120, updated: 377 },
};
