import { minorUnits, withPoint } from './amount.ts';

describe('amounts in files', () => {
  test.each([
    ['19.99', 'EUR', 1_999],
    ['19.9', 'EUR', 1_990],
    ['19', 'EUR', 1_900],
    ['19.9000', 'EUR', 1_990],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1_234],
    ['0', 'EUR', 0],
    ['19,99', 'EUR', 1_999],
  ])('%s %s', (text, currency, expected) => expect(minorUnits(text, currency)).toBe(expected));
  test.each([
    ['19.999', 'EUR', /more decimals than EUR has \(2\)/],
    ['0.5', 'JPY', /more decimals than JPY/],
    ['1,299.00', 'EUR', /without thousands/],
    ['-1', 'EUR', /not an amount/],
    ['', 'EUR', /not an amount/],
    ['999999999999', 'EUR', /more than a price can be/],
  ])('%s %s is refused', (text, currency, reason) => expect(minorUnits(text, currency)).toMatch(reason));

  test('a decimal comma becomes a point', () => {
    expect(['19,99', '1.299,90', '-0,5', '19.99', '1,299.00', 'x'].map(withPoint)).toEqual([
      '19.99',
      '1299.90',
      '-0.5',
      '19.99',
      '1,299.00',
      'x',
    ]);
  });
});
