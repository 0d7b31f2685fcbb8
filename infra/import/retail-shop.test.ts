import { classify } from './retail-lines.ts';
import { productCsv, productRows } from './retail-products.ts';
import { outcomeOf } from './retail-report.ts';
import { gatherShop, type RetailArticle } from './retail-shop.ts';

const line = (
  number: number,
  [invoice, code, title, quantity, price, customer, country = 'United Kingdom']: string[],
) =>
  classify({
    line: number,
    fields: [
      invoice ?? '',
      code ?? '',
      title ?? '',
      quantity ?? '',
      '2011-01-01T10:00:00',
      price ?? '',
      customer ?? '',
      country,
    ],
  });
const shopOf = (...lines: string[][]) => {
  const gathering = gatherShop();
  for (const [index, fields] of lines.entries()) gathering.add(line(index + 2, fields));
  return gathering.shop();
};
const article = (sku: string, title: string): RetailArticle => ({ sku, title, priceMinor: 125, sold: 1 });

describe('the shop behind the books', () => {
  test('the usual title and price are taken, of equals the later; pieces sold are summed', () => {
    const { articles } = shopOf(
      ['1', '22423', 'CAKESTAND', '1', '12.75'],
      ['2', '22423', 'REGENCY  CAKESTAND', '2', '12.75'],
      ['3', '22423', 'REGENCY CAKESTAND', '3', '10.95'],
      ['4', '22423', 'CAKESTAND', '4', '10.95'],
    );
    expect(articles).toEqual([{ sku: '22423', title: 'CAKESTAND', priceMinor: 1095, sold: 10 }]);
  });

  test('credit notes describe an article only while no sale does, and never stock it', () => {
    expect(shopOf(['C1', '22423', 'WRONG', '-5', '1.00']).articles).toEqual([
      { sku: '22423', title: 'WRONG', priceMinor: 100, sold: 0 },
    ]);
    const both = shopOf(
      ['C1', '22423', 'WRONG', '-5', '1.00'],
      ['C2', '22423', 'WRONG', '-5', '1.00'],
      ['3', '22423', 'RIGHT', '2', '2.00'],
      ['C4', '22423', 'WRONG', '-5', '1.00'],
    );
    expect(both.articles).toEqual([{ sku: '22423', title: 'RIGHT', priceMinor: 200, sold: 2 }]);
  });

  test('charges make no article but name their customer; a known country is not forgotten', () => {
    const shop = shopOf(
      ['1', 'POST', 'POSTAGE', '1', '18.00', '12431', 'Belgium'],
      ['2', '22423', 'X', '1', '1.00', '12431', 'Unspecified'],
      ['3', '22423', 'X', '1', '1.00', '', 'France'],
    );
    expect(shop.customers).toEqual([{ number: '12431', country: 'BE' }]);
    expect(shop.articles.map(({ sku }) => sku)).toEqual(['22423']);
  });
});

describe('products and variants', () => {
  test('designs of one thing become variants, named by the words they share', () => {
    const rows = productRows([
      article('85099B', 'JUMBO BAG RED RETROSPOT'),
      article('85099C', 'JUMBO BAG BAROQUE'),
      article('85099F', 'JUMBO BAG'),
      article('85100', 'LAMP'),
    ]);
    expect(rows.map(({ sku, slug, title, design }) => [sku, slug, title, design])).toEqual([
      ['85099B', 'jumbo-bag-85099', 'JUMBO BAG', 'RED RETROSPOT'],
      ['85099C', 'jumbo-bag-85099', 'JUMBO BAG', 'BAROQUE'],
      ['85099F', 'jumbo-bag-85099', 'JUMBO BAG', 'F'],
      ['85100', '', 'LAMP', ''],
    ]);
  });

  test('different things under the same digits stay products of their own; equal titles get their letters', () => {
    expect(
      productRows([article('84029E', 'RED WOOLLY HOTTIE'), article('84029G', 'UNION FLAG BOTTLE')]).map(
        (row) => row.slug,
      ),
    ).toEqual(['', '']);
    expect(
      productRows([article('15056N', 'EDWARDIAN PARASOL'), article('15056P', 'EDWARDIAN PARASOL')]).map(
        (row) => row.design,
      ),
    ).toEqual(['N', 'P']);
  });

  test('the article without a letter is the plain one', () => {
    const rows = productRows([article('47566', 'PARTY BUNTING'), article('47566B', 'TEA TIME PARTY BUNTING')]);
    expect(rows.map((row) => row.design)).toEqual(['plain', 'TEA TIME']);
  });

  test('the file quotes what CSV needs quoted', () => {
    expect([
      ...productCsv([{ sku: '1', slug: '', title: 'RETRO "TEA FOR ONE", RED', design: '', priceMinor: 5 }]),
    ]).toEqual([
      'sku,slug,title,option.design,price,currency,priceList,state\n',
      '1,,"RETRO ""TEA FOR ONE"", RED",,0.05,GBP,online-retail,published\n',
    ]);
  });
});

test('a line is taken, or rejected for a reason that a person understands', () => {
  const refused = new Map([['22423', 'The title is wrong']]);
  expect(outcomeOf(line(1, ['1', '22424', 'X', '1', '1.00']), refused)).toEqual({ taken: 'sale' });
  expect(outcomeOf(line(1, ['1', '22423', 'X', '1', '1.00']), refused)).toEqual({
    rejected: 'refused_by_catalog',
    reason: 'The title is wrong',
    value: '22423',
  });
  expect(outcomeOf(line(1, ['1', 'DOT', 'X', '1', '1.00']), refused)).toMatchObject({
    rejected: 'charge_postage',
    reason: 'Postage is no merchandise',
  });
  expect(outcomeOf(line(1, ['1', '22423', 'damaged', '-1', '0']), refused)).toMatchObject({
    rejected: 'stock_write_off',
    value: 'damaged',
  });
});
