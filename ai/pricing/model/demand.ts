import { beta } from '../../learning/distributions.ts';
import { seededRandom, type Random } from '../../learning/random.ts';

/** A price that was offered: to how many customers, and how many of them bought. */
export interface Offered {
  price: number;
  offers: number;
  sales: number;
}

/** Share of customers that buy at each price; none buys more when the price is higher. */
type Curve = readonly number[];

/** Curves that demand is thought to lie among before anything is known. */
const CURVES = 480;
/** Offers that the curves count for, beside the real ones. */
const CURVE_OFFERS = 6;
/** Above 1 chance explores less than it should by the textbook: there is no time for more in a season. */
const BOLDNESS = 4;
/** Offers that any price is thought to have had: keeps shares off 0 and 1. */
const LEAST = 0.01;

/**
 * Draws what share of customers buys at each price, by what was seen (Thompson sampling). What is expected is a mean of
 * demand curves of many forms (logistic, straight, of constant elasticity, in steps), each weighed by how well it
 * fits what was sold; each price's own sales are added, and none sells better than a lower one. Prices must ascend;
 * throws when they do not, or when more was sold than offered.
 */
export const demandSampler = (prices: readonly number[]): ((seen: readonly Offered[], random: Random) => number[]) => {
  for (const [index, price] of prices.entries())
    if (!(price > (prices[index - 1] ?? 0)))
      throw new Error(`Prices must be above 0 and ascend: ${price} stands after ${prices[index - 1] ?? 'nothing'}.`);
  const curves = packed(curvesFor(prices));
  return (seen, random) => {
    requireOffers(prices, seen);
    const expected = expectedShares(curves, seen);
    const drawn = seen.map(({ offers, sales }, index) => {
      const share = expected[index] ?? 0;
      return beta(
        BOLDNESS * (sales + CURVE_OFFERS * share) + LEAST,
        BOLDNESS * (offers - sales + CURVE_OFFERS * (1 - share)) + LEAST,
        random,
      );
    });
    return falling(
      drawn,
      seen.map(({ offers }) => offers + CURVE_OFFERS),
    );
  };
};

const requireOffers = (prices: readonly number[], seen: readonly Offered[]): void => {
  for (const [index, price] of prices.entries()) {
    const at = seen[index];
    if (at?.price !== price || !(at.sales >= 0 && at.offers >= at.sales))
      throw new Error(
        `Price ${price} needs its offers and sales, with no more sales than offers; there is ${JSON.stringify(at)}.`,
      );
  }
};

/** Curves one after the other, with the logarithms of their shares and of what is left to 1. */
interface Packed {
  shares: Float64Array;
  bought: Float64Array;
  left: Float64Array;
}

const packed = (curves: readonly Curve[]): Packed => {
  const shares = Float64Array.from(curves.flat());
  return {
    shares,
    bought: shares.map((share) => Math.log(share)),
    left: shares.map((share) => Math.log(1 - share)),
  };
};

/** The mean of the curves, each weighed by the chance of what was seen if it were true. */
const expectedShares = ({ shares, bought, left }: Packed, seen: readonly Offered[]): Float64Array => {
  const fits = new Float64Array(CURVES);
  let best = -Infinity;
  for (let curve = 0; curve < CURVES; curve += 1) {
    let fit = 0;
    for (let at = curve * seen.length, index = 0; index < seen.length; at += 1, index += 1) {
      const { offers = 0, sales = 0 } = seen[index] ?? {};
      fit += sales * (bought[at] ?? 0) + (offers - sales) * (left[at] ?? 0);
    }
    fits[curve] = fit;
    best = Math.max(best, fit);
  }
  const sums = new Float64Array(seen.length);
  let total = 0;
  for (let curve = 0; curve < CURVES; curve += 1) {
    const weight = Math.exp((fits[curve] ?? 0) - best);
    total += weight;
    for (let index = 0; index < sums.length; index += 1)
      sums[index] = (sums[index] ?? 0) + weight * (shares[curve * sums.length + index] ?? 0);
  }
  return sums.map((sum) => sum / total);
};

const within = (share: number): number => Math.min(0.999, Math.max(0.001, share));

/** Curves of four forms; which they are depends on the prices alone. */
const curvesFor = (prices: readonly number[]): Curve[] => {
  const random = seededRandom(99);
  const [lowest = 1] = prices;
  const reach = (prices.at(-1) ?? lowest) / lowest - 1 || 1;
  return Array.from({ length: CURVES }, (_, index) => {
    const start = 0.02 + 0.96 * random();
    const steepness = random();
    const above = prices.map((price) => price / lowest - 1);
    if (index % 4 === 0) {
      const level = Math.log(start / (1 - start));
      return above.map((x) => within(1 / (1 + Math.exp(10 * steepness ** 2 * x - level))));
    }
    if (index % 4 === 1) return above.map((x) => within(start * (1 - (steepness * x) / reach)));
    if (index % 4 === 2) return above.map((x) => within(start * (1 + x) ** (-5 * steepness)));
    const steps = prices.map(() => random()).toSorted((left, right) => right - left);
    return steps.map(within);
  });
};

/**
 * The nearest values that never rise, by weighted squares: neighbours that rise are put together (pool adjacent
 * violators, Ayer et al. 1955).
 */
export const falling = (values: readonly number[], weights: readonly number[]): number[] => {
  const blocks: { value: number; weight: number; size: number }[] = [];
  for (const [index, value] of values.entries()) {
    let block = { value, weight: weights[index] ?? 1, size: 1 };
    for (let last = blocks.at(-1); last && last.value < block.value; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = {
        value: (last.value * last.weight + block.value * block.weight) / weight,
        weight,
        size: last.size + block.size,
      };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ value, size }) => new Array<number>(size).fill(value));
};
