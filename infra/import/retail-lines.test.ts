import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { readRetailLines } from './read-retail.ts';
import { classify, RETAIL_COLUMNS, type ClassifiedLine } from './retail-lines.ts';

const excerpt = fileURLToPath(new URL('./excerpt/online-retail-excerpt.csv', import.meta.url));

const sale = [
  '536365',
  '85123a',
  ' WHITE HANGING HEART ',
  '6',
  '2010-12-01T08:26:00',
  '2.55',
  '17850',
  'United Kingdom',
];
const withField = (column: (typeof RETAIL_COLUMNS)[number], value: string): ClassifiedLine =>
  classify({ line: 7, fields: sale.map((field, index) => (RETAIL_COLUMNS[index] === column ? value : field)) });
const shortly = (classified: ClassifiedLine): string => {
  if (classified.kind === 'unusable') return `unusable ${classified.reason}`;
  return classified.kind === 'charge' ? `charge ${classified.charge}` : classified.kind;
};

describe('classify', () => {
  test('a sale keeps what was sold, with the stock code in capitals and the price in pence', () => {
    expect(classify({ line: 2, fields: sale })).toEqual({
      kind: 'sale',
      line: 2,
      invoice: '536365',
      sku: '85123A',
      description: 'WHITE HANGING HEART',
      quantity: 6,
      unitPriceMinor: 255,
      at: '2010-12-01T08:26:00.000Z',
      customerNumber: '17850',
      countryName: 'United Kingdom',
      country: 'GB',
    });
  });

  test('a binary fraction left in the file is rounded to the penny it was', () => {
    expect(withField('UnitPrice', '9.949999999999999')).toMatchObject({ kind: 'sale', unitPriceMinor: 995 });
  });

  test('a missing customer is a buyer without an account; a number written as a fraction is still the number', () => {
    expect(withField('CustomerID', '')).toMatchObject({ kind: 'sale', customerNumber: null });
    expect(withField('CustomerID', '17850.0')).toMatchObject({ customerNumber: '17850' });
  });

  test('a place that is no country has no code', () => {
    expect(withField('Country', 'EIRE')).toMatchObject({ country: 'IE' });
    expect(withField('Country', 'European Community')).toMatchObject({ kind: 'sale', country: null });
    expect(withField('Country', 'constructor')).toMatchObject({ country: null });
  });

  test('a credit note is a cancellation and counts the goods positively', () => {
    const note = classify({
      line: 3,
      fields: ['C536379', '22423', 'REGENCY CAKESTAND', '-2', '2010-12-01T09:41:00', '12.75', '14527', 'France'],
    });
    expect(note).toMatchObject({
      kind: 'cancellation',
      invoice: '536379',
      quantity: 2,
      unitPriceMinor: 1275,
      country: 'FR',
    });
  });

  test.each([
    ['Quantity', '-3', 'return'],
    ['StockCode', 'POST', 'charge postage'],
    ['StockCode', 'm', 'charge manual'],
    ['StockCode', 'BANK CHARGES', 'charge bank_charges'],
    ['StockCode', 'gift_0001_40', 'charge gift_voucher'],
    ['StockCode', 'TEST001', 'charge test'],
    ['StockCode', 'DCGSSBOY', 'sale'],
    ['StockCode', 'constructor', 'unusable unknown_stock_code'],
    ['StockCode', '', 'unusable missing_stock_code'],
    ['InvoiceNo', '', 'unusable missing_invoice'],
    ['InvoiceNo', 'X1', 'unusable missing_invoice'],
    ['Quantity', '0', 'unusable zero_quantity'],
    ['Quantity', '1.5', 'unusable bad_quantity'],
    ['Quantity', '', 'unusable bad_quantity'],
    ['UnitPrice', '', 'unusable bad_price'],
    ['UnitPrice', 'free', 'unusable bad_price'],
    ['UnitPrice', '-11062.06', 'unusable negative_price'],
    ['UnitPrice', '0.001', 'unusable price_below_a_penny'],
    ['UnitPrice', '0', 'unusable free_of_charge'],
    ['InvoiceDate', 'yesterday', 'unusable bad_date'],
    ['InvoiceDate', '2010-13-01T00:00:00', 'unusable bad_date'],
  ] as const)('%s "%s" makes it: %s', (column, value, expected) => {
    expect(shortly(withField(column, value))).toBe(expected);
  });

  test('nothing paid and goods gone is a write-off; words of the staff are a correction', () => {
    const free = (quantity: string, description: string) =>
      shortly(
        classify({
          line: 1,
          fields: ['1', '22423', description, quantity, '2010-12-01T09:41:00', '0', '', 'United Kingdom'],
        }),
      );
    expect(free('-3', 'REGENCY CAKESTAND')).toBe('unusable stock_write_off');
    expect(free('3', 'check')).toBe('unusable stock_correction');
    expect(free('3', '')).toBe('unusable stock_correction');
    expect(free('3', 'REGENCY CAKESTAND')).toBe('unusable free_of_charge');
  });

  test('a row with too few or too many fields is malformed', () => {
    expect(shortly(classify({ line: 1, fields: sale.slice(1) }))).toBe('unusable malformed_row');
    expect(shortly(classify({ line: 1, fields: [...sale, ''] }))).toBe('unusable malformed_row');
  });

  test('whatever stands in a line, it gets one answer that carries its number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(...sale), fc.double().map(String)), { maxLength: 9 }),
        fc.nat(),
        (fields, line) => {
          const answer = classify({ line, fields });
          expect(answer.line).toBe(line);
          if (answer.kind === 'sale') {
            expect(answer.quantity).toBeGreaterThan(0);
            expect(answer.unitPriceMinor).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('readRetailLines', () => {
  test('reads the excerpt of the real books line by line, and every line is told apart', async () => {
    const kinds: Record<string, number> = {};
    const numbers: number[] = [];
    for await (const raw of readRetailLines(excerpt)) {
      numbers.push(raw.line);
      const kind = shortly(classify(raw));
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    expect(numbers).toEqual(numbers.map((_, index) => index + 2));
    expect(kinds).toEqual({
      sale: 13,
      cancellation: 2,
      'charge postage': 3,
      'charge bank_charges': 1,
      'charge manual': 1,
      'charge marketplace_fee': 1,
      'charge discount': 1,
      'charge gift_voucher': 1,
      'charge samples': 1,
      'charge padding': 1,
      'charge commission': 1,
      'unusable stock_write_off': 3,
      'unusable stock_correction': 1,
      'unusable free_of_charge': 1,
    });
  });

  test('a file with other columns is refused, naming them', async () => {
    const reading = readRetailLines(fileURLToPath(new URL('./excerpt/README.md', import.meta.url)));
    await expect(reading.next()).rejects.toThrow(/has the columns # Excerpt .*expected InvoiceNo, StockCode/);
  });

  test('a file that is not there is an error, not an empty shop', async () => {
    await expect(readRetailLines(`${excerpt}.absent`).next()).rejects.toThrow(/ENOENT/);
  });
});
