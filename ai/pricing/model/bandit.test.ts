import fc from 'fast-check';
import { seededRandom } from '../../learning/random.ts';
import { allocate, allocateOne, type Offer } from './allocation.ts';
import { priceChooser } from './bandit.ts';
import { demandSampler, falling, type Offered } from './demand.ts';

const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const offers = fc.array(
  fc
    .record({ revenue: fc.double({ min: 0, max: 50, noNaN: true }), use: share })
    .map(({ revenue, use }): Offer => ({ revenue, uses: [use] })),
  { minLength: 1, maxLength: 6 },
);

test('the exact shares for one stock earn what the linear program says is the most', async () => {
  await fc.assert(
    fc.asyncProperty(offers, share, async (all, stock) => {
      const own = allocateOne(all, stock);
      expect(own.revenue).toBeCloseTo((await allocate(all, [stock])).revenue, 6);
      const used = all.reduce((sum, { uses }, index) => sum + (uses[0] ?? 0) * (own.shares[index] ?? 0), 0);
      expect(used).toBeLessThanOrEqual(stock + 1e-9);
      expect(own.shares.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1 + 1e-9);
    }),
    { numRuns: 60 },
  );
});

test('several stocks: a set that needs both is offered as often as the scarcer one lasts', async () => {
  const both: Offer[] = [
    { revenue: 10, uses: [1, 1] },
    { revenue: 3, uses: [1, 0] },
  ];
  const { shares, revenue } = await allocate(both, [0.5, 0.2]);
  expect(shares[0]).toBeCloseTo(0.2, 9);
  expect(shares[1]).toBeCloseTo(0.3, 9);
  expect(revenue).toBeCloseTo(2.9, 9);
});

const seenOf = (rows: readonly (readonly [price: number, offers: number, sales: number])[]): Offered[] =>
  rows.map(([price, count, sales]) => ({ price, offers: count, sales }));

test('shares that are drawn never rise with the price, and after many offers they are what was sold', () => {
  const sample = demandSampler([10, 12, 15]);
  const random = seededRandom(1);
  for (let run = 0; run < 50; run += 1) {
    const [first = 0, second = 0, third = 0] = sample(
      seenOf([
        [10, 0, 0],
        [12, 3, 3],
        [15, 2, 0],
      ]),
      random,
    );
    expect(first).toBeGreaterThanOrEqual(second);
    expect(second).toBeGreaterThanOrEqual(third);
  }
  const known = sample(
    seenOf([
      [10, 9_000, 6_300],
      [12, 9_000, 4_500],
      [15, 9_000, 900],
    ]),
    random,
  );
  expect(known[0]).toBeCloseTo(0.7, 1);
  expect(known[1]).toBeCloseTo(0.5, 1);
  expect(known[2]).toBeCloseTo(0.1, 1);
});

test('values that fall stay as they are, and others meet at their weighted mean', () => {
  expect(falling([3, 2, 1], [1, 1, 1])).toEqual([3, 2, 1]);
  expect(falling([1, 4, 0], [1, 3, 1])).toEqual([3.25, 3.25, 0]);
});

test('without units nothing is offered, and each choice comes with its chance', () => {
  const choose = priceChooser([10, 20]);
  const seen = seenOf([
    [10, 2_000, 1_800],
    [20, 2_000, 1_000],
  ]);
  expect(choose(seen, { customersLeft: 10, unitsLeft: 0 }, seededRandom(1))).toEqual({ price: null, share: 1 });
  // 30 units for 100 customers: less than sell at 20, so some see no offer.
  const random = seededRandom(2);
  const chosen = Array.from({ length: 2_000 }, () => choose(seen, { customersLeft: 100, unitsLeft: 30 }, random));
  const offered = chosen.filter(({ price }) => price === 1);
  expect(offered.length + chosen.filter(({ price }) => price === null).length).toBe(2_000);
  expect(offered.length / 2_000).toBeCloseTo(0.6, 1);
  for (const one of offered) expect(one.share).toBeCloseTo(0.6, 1);
});

test('the same seed chooses the same prices', () => {
  const run = () => {
    const [choose, random] = [priceChooser([5, 6, 7]), seededRandom(9)];
    const seen = seenOf([
      [5, 10, 7],
      [6, 10, 5],
      [7, 10, 1],
    ]);
    return Array.from({ length: 50 }, () => choose(seen, { customersLeft: 50, unitsLeft: 20 }, random));
  };
  expect(run()).toEqual(run());
});

test('refuses prices that do not ascend and sales beyond the offers', () => {
  expect(() => demandSampler([10, 10])).toThrow('Prices must be above 0 and ascend: 10 stands after 10.');
  expect(() => demandSampler([0])).toThrow('0 stands after nothing');
  expect(() => demandSampler([10])(seenOf([[10, 1, 2]]), seededRandom(1))).toThrow(
    'Price 10 needs its offers and sales',
  );
});
