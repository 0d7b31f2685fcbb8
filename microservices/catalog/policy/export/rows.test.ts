import fc from 'fast-check';
import { scanRecord } from '../import/csv.ts';
import { readHeader, readRow } from '../import/columns.ts';
import { product, variant } from '../example-product.ts';
import { columnNames, csvLine, exportRows, NoColumn, type ExportColumns } from './rows.ts';

const columns: ExportColumns = { shopLocale: 'en', locales: ['de'], attributes: ['note'], axes: ['size'] };

/** The row that an import reads of the first exported row. */
const imported = (rows: string[][]) => {
  const header = readHeader(columnNames(columns), 'en');
  if (typeof header === 'string') throw new Error(header);
  return rows.map((cells, index) => readRow(header, { line: index + 2, cells }));
};

test('any cells are one record again', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ';', ' ', 'é') });
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 6 }), (cells) => {
      expect(scanRecord(csvLine(cells), 0, ',', true)).toMatchObject({ kind: 'record', cells });
    }),
  );
});

test('titles of categories come back, whatever signs they have', () => {
  const title = fc
    .string({ unit: fc.constantFrom('a', '\\', '>', '|', ' ', 'b'), minLength: 1, maxLength: 8 })
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const paths = fc.array(fc.array(title, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(paths, (categories) => {
      const rows = exportRows({ product: product({ variants: [variant('A')] }), categories, prices: [] }, columns);
      expect(imported(rows)).toMatchObject([{ sku: 'A', categories }]);
    }),
  );
});

test('what publishing needs stands before the state, and base prices before others', () => {
  const price = { sku: 'A', currency: 'EUR', minQuantity: 1, amount: 5 };
  const rows = exportRows(
    {
      product: product({ state: 'published', variants: [variant('A'), variant('B')] }),
      categories: [],
      prices: [
        { ...price, priceList: 'a-trade', isBase: false },
        { ...price, priceList: 'standard', isBase: true },
      ],
    },
    columns,
  );
  expect(imported(rows)).toMatchObject([
    { sku: 'A', priceList: 'standard', price: '0.05', title: { en: 'Lantern' } },
    { sku: 'A', priceList: 'a-trade', title: {} },
    { sku: 'B', state: 'published' },
  ]);
});

test('what has no column is not left out silently', () => {
  const french = product({ title: { fr: 'Lampe' }, variants: [variant('A')] });
  expect(() => exportRows({ product: french, categories: [], prices: [] }, columns)).toThrow(NoColumn);
});
