import { description, singular, titleCase } from './labels.ts';

test.each([
  ['trackingUrl', 'Tracking URL'],
  ['upToGrams', 'Up to Grams'],
  ['partially_fulfilled', 'Partially Fulfilled'],
  ['-sku', 'SKU Descending'],
  ['price_asc', 'Price Ascending'],
  ['in_app', 'In App'],
])('%s reads %s', (name, title) => {
  expect(titleCase(name)).toBe(title);
});

test.each([
  ['One sentence.', 'One sentence'],
  ['the order’s id', 'The order’s ID'],
  ['Two. Of them', 'Two. Of them.'],
  [undefined, ''],
])('%p is described as %p', (given, wanted) => {
  expect(description(given)).toBe(wanted);
});

test.each([
  ['lines', 'line'],
  ['categories', 'category'],
  ['address', 'address'],
])('one of %s is a %s', (many, one) => {
  expect(singular(many)).toBe(one);
});
