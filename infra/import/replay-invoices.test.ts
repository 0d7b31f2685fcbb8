import { classify } from './retail-lines.ts';
import { gatherInvoices } from './replay-invoices.ts';

const line = (number: number, invoice: string, sku: string, quantity: number) =>
  classify({
    line: number,
    fields: [
      invoice,
      sku,
      'WHITE HANGING HEART',
      String(quantity),
      '2010-12-01T08:26:00',
      '2.55',
      '17850',
      'United Kingdom',
    ],
  });

test('lines of an invoice become one order, and a SKU named twice becomes one line', async () => {
  const invoices = await gatherInvoices([
    line(2, '536365', '85123A', 6),
    line(3, '536366', '71053', 1),
    line(4, '536365', '85123a', 2),
    line(5, '536365', '71053', 3),
  ]);
  expect(invoices.map(({ number, lines }) => [number, lines])).toEqual([
    [
      '536365',
      [
        { sku: '85123A', quantity: 8 },
        { sku: '71053', quantity: 3 },
      ],
    ],
    ['536366', [{ sku: '71053', quantity: 1 }]],
  ]);
});

test('cancellations and returns are nobody’s order', async () => {
  expect(await gatherInvoices([line(2, 'C536379', '85123A', -1), line(3, '536380', '85123A', -4)])).toEqual([]);
});
