import fc from 'fast-check';
import { completenessOf } from '../completeness.ts';
import { misfits } from '../fit.ts';
import { admit, applyRow } from './apply-row.ts';
import { readHeader, readRow } from './columns.ts';
import { categoryKey, type CatalogPart } from './catalog-part.ts';

const COLUMNS = [
  'sku',
  'slug',
  'title',
  'option.size',
  'attribute.material',
  'family',
  'categories',
  'gtin',
  'price',
  'currency',
  'minQuantity',
  'state',
];

const emptyPart = (): CatalogPart => ({
  settings: { locale: 'en', currency: 'EUR' },
  now: new Date('2026-06-01T00:00:00Z'),
  products: new Map(),
  productBySku: new Map(),
  productBySlug: new Map(),
  gtins: new Map(),
  categories: new Map(),
  lists: [
    {
      id: `lst_${'0'.repeat(32)}`,
      code: 'standard',
      title: 'Standard',
      currency: 'EUR',
      customerGroup: null,
      taxInclusive: true,
      priority: 0,
      validFrom: null,
      validUntil: null,
      version: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    },
  ],
  attributes: new Map([
    [
      'material',
      {
        code: 'material',
        title: { en: 'Material' },
        type: 'choice',
        options: ['wood', 'metal'],
        facet: false,
        version: 1,
      },
    ],
  ]),
  families: new Map([
    ['toys', { code: 'toys', title: { en: 'Toys' }, required: ['material'], optional: [], version: 1 }],
  ]),
  priced: new Set(),
});

const header = readHeader(COLUMNS, 'en');
if (typeof header === 'string') throw new Error(header);

const cells = fc.tuple(
  fc.constantFrom('A', 'B', 'C', 'D', 'bad sku'),
  fc.constantFrom('', 'one', 'two'),
  fc.constantFrom('', 'Thing', 'Other thing'),
  fc.constantFrom('', '', 'S', 'M'),
  fc.constantFrom('', 'wood', 'plastic'),
  fc.constantFrom('', '', 'toys', 'nowhere'),
  fc.constantFrom('', 'Home > Garden', 'Home | Gifts'),
  fc.constantFrom('', '', '4006381333931', '96385074'),
  fc.constantFrom('', '1.00', '2.50', 'x'),
  fc.constantFrom('', 'EUR', 'USD'),
  fc.constantFrom('', '1', '10'),
  fc.constantFrom('', 'published', 'published', 'draft'),
);

test('whatever rows come, what is accepted fits together, is complete when published, and no SKU or GTIN is there twice', () => {
  fc.assert(
    fc.property(fc.array(cells, { maxLength: 25 }), (rows) => {
      const part = emptyPart();
      for (const [index, row] of rows.entries()) {
        const read = readRow(header, { line: index + 2, cells: row });
        const outcome = Array.isArray(read) ? read : applyRow(part, read);
        if (Array.isArray(outcome)) {
          expect(outcome.length).toBeGreaterThan(0);
          for (const { line, reason } of outcome) expect([line, reason === '']).toEqual([index + 2, false]);
        } else {
          admit(part, outcome, (category) => categoryKey(category.parentId, category.title['en'] ?? ''));
        }
      }
      const products = [...part.products.values()];
      const categoryIds = new Set([...part.categories.values()].map(({ id }) => id));
      const reference = {
        attributes: part.attributes,
        families: part.families,
        categoryIds,
        mediaIds: new Set<string>(),
      };
      for (const product of products) {
        expect(misfits(product, reference)).toEqual([]);
        if (product.state === 'published')
          expect(completenessOf(product, part.families.get(product.family ?? ''), part.priced).gaps).toEqual([]);
      }
      const variants = products.flatMap((product) => product.variants);
      for (const taken of [
        variants.map(({ sku }) => sku),
        variants.flatMap(({ gtin }) => gtin ?? []),
        products.map(({ slug }) => slug),
      ]) {
        expect(new Set(taken).size).toBe(taken.length);
      }
    }),
    { numRuns: 300 },
  );
});

test('the same file again changes nothing', () => {
  const part = emptyPart();
  const run = () => {
    for (const [index, row] of [
      ['A', 'one', 'Thing', 'S', 'wood', 'toys', 'Home > Garden', '4006381333931', '1.00', 'EUR', '', 'published'],
      ['B', 'one', '', 'M', '', '', '', '', '2.00', '', '', ''],
    ].entries()) {
      const read = readRow(header, { line: index + 2, cells: row });
      const outcome = Array.isArray(read) ? read : applyRow(part, read);
      if (Array.isArray(outcome)) throw new Error(JSON.stringify(outcome));
      admit(part, outcome, (category) => categoryKey(category.parentId, category.title['en'] ?? ''));
    }
    return structuredClone({ products: part.products, categories: part.categories });
  };
  expect(run()).toEqual(run());
});
