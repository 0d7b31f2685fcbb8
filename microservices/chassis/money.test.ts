import fc from 'fast-check';
import { add, allocate, compare, CurrencyMismatch, inWords, multiply, share, subtract, sum, zero } from './money.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const usd = (amount: number) => ({ amount, currency: 'USD' });
const amounts = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
const LARGEST = Number.MAX_SAFE_INTEGER;

describe('adding and comparing', () => {
  test('what is added can be taken away again', () => {
    fc.assert(
      fc.property(amounts, amounts, (left, right) => {
        expect(subtract(add(eur(left), eur(right)), eur(right))).toEqual(eur(left));
      }),
    );
  });

  test('mixed currencies throw and name both', () => {
    for (const combine of [add, subtract, compare]) {
      expect(() => combine(eur(1), usd(1))).toThrow(CurrencyMismatch);
      expect(() => combine(eur(1), usd(1))).toThrow('EUR and USD');
    }
    expect(() => sum([eur(1), usd(1)], 'EUR')).toThrow(CurrencyMismatch);
  });

  test('a list is summed in its currency, an empty one to zero', () => {
    expect(sum([], 'JPY')).toEqual(zero('JPY'));
    expect(sum([eur(1), eur(-3), eur(7)], 'EUR')).toEqual(eur(5));
  });

  test('compare sorts', () => {
    expect([eur(3), eur(-1), eur(2)].toSorted(compare)).toEqual([eur(-1), eur(2), eur(3)]);
    expect(compare(eur(LARGEST), eur(-LARGEST))).toBeGreaterThan(0);
  });

  test('an amount that is no longer exact throws instead of drifting', () => {
    expect(() => add(eur(LARGEST), eur(1))).toThrow(RangeError);
    expect(() => subtract(eur(-LARGEST), eur(1))).toThrow(RangeError);
    expect(() => multiply(eur(LARGEST), 2)).toThrow(RangeError);
    expect(add(eur(LARGEST), eur(0))).toEqual(eur(LARGEST));
  });

  test('zero has one form', () => {
    expect(Object.is(multiply(eur(0), -1).amount, 0)).toBe(true);
    expect(Object.is(subtract(eur(5), eur(5)).amount, 0)).toBe(true);
    expect(Object.is(share(eur(-1), 1).amount, 0)).toBe(true);
  });
});

describe('multiply', () => {
  test('equals adding that often', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 50 }), (amount, times) => {
        const added = Array.from({ length: times }, () => eur(amount));
        expect(multiply(eur(amount), times)).toEqual(sum(added, 'EUR'));
      }),
    );
  });

  test('takes whole numbers only, even where the product would be whole', () => {
    expect(() => multiply(eur(10), 0.5)).toThrow(RangeError);
    expect(() => multiply(eur(10), Number.NaN)).toThrow(RangeError);
  });
});

describe('share', () => {
  test('rounds half away from zero', () => {
    expect(share(eur(50), 100)).toEqual(eur(1));
    expect(share(eur(49), 100)).toEqual(eur(0));
    expect(share(eur(-50), 100)).toEqual(eur(-1));
    expect(share(eur(-49), 100)).toEqual(eur(0));
    expect(share(eur(1999), 1900)).toEqual(eur(380));
  });

  test('is never further than half a unit from the exact share, and mirrors at zero', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 20_000 }), (amount, basisPoints) => {
        const part = share(eur(amount), basisPoints).amount;
        const distance = BigInt(part) * 10_000n - BigInt(amount) * BigInt(basisPoints);
        expect(distance <= 5_000n && distance >= -5_000n).toBe(true);
        expect(share(eur(-amount), basisPoints).amount).toBe(part === 0 ? 0 : -part);
      }),
    );
  });

  test('all of it is all of it, none is nothing', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(share(eur(amount), 10_000)).toEqual(eur(amount === 0 ? 0 : amount));
        expect(share(eur(amount), 0)).toEqual(eur(0));
      }),
    );
  });

  test('stays exact where floating point would not', () => {
    expect(share(eur(9_007_199_254_740_990), 5_000)).toEqual(eur(4_503_599_627_370_495));
    expect(() => share(eur(100), 0.5)).toThrow(RangeError);
  });
});

describe('allocate', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 });

  test('the parts sum to the whole, to the minor unit', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, by) => {
        const parts = allocate(eur(amount), by);
        expect(parts).toHaveLength(by.length);
        expect(sum(parts, 'EUR')).toEqual(eur(amount));
      }),
    );
  });

  test('every part lies within one unit of its exact share', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, by) => {
        const total = by.reduce((left, right) => left + right, 0);
        fc.pre(total > 0);
        allocate(eur(amount), by).forEach((part, index) => {
          const distance = BigInt(part.amount) * BigInt(total) - BigInt(amount) * BigInt(by[index] ?? 0);
          expect(distance < BigInt(total) && distance > -BigInt(total)).toBe(true);
        });
      }),
    );
  });

  test('a weight of zero gets nothing while others weigh something', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, by) => {
        fc.pre(by.some((weight) => weight > 0));
        allocate(eur(amount), by).forEach((part, index) => {
          if (by[index] === 0) expect(part).toEqual(eur(0));
        });
      }),
    );
  });

  test('left-over units go to the largest remainders, ties to the earlier part', () => {
    expect(allocate(eur(100), [1, 1, 1])).toEqual([eur(34), eur(33), eur(33)]);
    expect(allocate(eur(-100), [1, 1, 1])).toEqual([eur(-34), eur(-33), eur(-33)]);
    expect(allocate(eur(10), [1, 5])).toEqual([eur(2), eur(8)]);
  });

  test('without any weight the whole goes to the first part', () => {
    expect(allocate(eur(7), [0, 0])).toEqual([eur(7), eur(0)]);
    expect(allocate(eur(0), [])).toEqual([]);
  });

  test('money never vanishes: no parts, negative or broken weights throw', () => {
    expect(() => allocate(eur(7), [])).toThrow(RangeError);
    expect(() => allocate(eur(7), [2, -1])).toThrow(RangeError);
    expect(() => allocate(eur(7), [0.5, 0.5])).toThrow(RangeError);
    expect(() => allocate(eur(7), [Number.NaN])).toThrow(RangeError);
  });
});

describe('money in messages', () => {
  test.each([
    [500, 'EUR', '5.00 EUR'],
    [5, 'EUR', '0.05 EUR'],
    [-1_999, 'EUR', '-19.99 EUR'],
    [500, 'JPY', '500 JPY'],
    [1_234, 'KWD', '1.234 KWD'],
    [0, 'EUR', '0.00 EUR'],
  ])('%d of %s is %s', (amount, currency, words) => expect(inWords({ amount, currency })).toBe(words));
});
