/** Stock that loses its worth on a day: fresh food, a season, a ticket. */
export interface Expiring {
  units: number;
  /** Days on which it can still be sold, today included. */
  days: number;
  /** Prices that it may have, the highest first; the first is today's. It is not raised again. */
  prices: readonly number[];
  /** Units that sell in a day at each price, on average. */
  demand: readonly number[];
  /** Worth of a unit that is left in the end; below 0 when it costs money to be rid of it. */
  salvage: number;
}

export interface Markdown {
  /** Position of today's best price. */
  price: number;
  /** Expected revenue until the end with it, what is left included. */
  expected: number;
  /** Expected revenue when today's price stays to the end. */
  unchanged: number;
}

const MOST_UNITS = 2_000;
const MOST_DAYS = 60;
const MOST_PRICES = 20;

/**
 * Today's best price of expiring stock: exact dynamic programming over days, units and prices, with Poisson demand
 * (Gallego and van Ryzin 1994), where a price never rises again. Ask anew each day, with what was sold. Throws when the
 * numbers are out of bounds.
 */
export const markdownOf = (stock: Expiring): Markdown => {
  requireSound(stock);
  const { units, days, prices, demand } = stock;
  const chances = demand.map((mean) => poisson(mean, units));
  // value[price][units]: the best that can still come when today's price is this one or lower.
  let value = prices.map(() => endValue(stock));
  let unchanged = endValue(stock);
  let sold = value;
  for (let day = 0; day < days; day += 1) {
    const later = value;
    sold = prices.map((price, index) => dayValue(price, chances[index] ?? [], later[index] ?? new Float64Array()));
    unchanged = dayValue(prices[0] ?? 0, chances[0] ?? [], unchanged);
    value = bestFrom(sold);
  }
  const options = sold.map((values) => values[units] ?? -Infinity);
  const expected = options.reduce((most, option) => Math.max(most, option), -Infinity);
  // Of prices that earn the same, the highest: what was given away cannot be taken back.
  const price = options.findIndex((option) => option >= expected - 1e-9 * Math.abs(expected));
  return { price, expected, unchanged: unchanged[units] ?? 0 };
};

const requireSound = ({ units, days, prices, demand, salvage }: Expiring): void => {
  const isWhole = (value: number, most: number): boolean => Number.isSafeInteger(value) && value >= 1 && value <= most;
  if (!isWhole(units, MOST_UNITS) || !isWhole(days, MOST_DAYS))
    throw new Error(
      `A markdown plans 1 to ${MOST_UNITS} units over 1 to ${MOST_DAYS} days, not ${units} units over ${days} days.`,
    );
  if (prices.length < 1 || prices.length > MOST_PRICES || demand.length !== prices.length)
    throw new Error(
      `A markdown needs 1 to ${MOST_PRICES} prices and the demand at each, not ${prices.length} and ${demand.length}.`,
    );
  for (const [index, price] of prices.entries())
    if (!(price >= 0 && price < (prices[index - 1] ?? Infinity)))
      throw new Error(
        `The prices of a markdown must descend: ${price} stands after ${prices[index - 1] ?? 'nothing'}.`,
      );
  for (const mean of demand)
    if (!(mean >= 0 && mean < 1e6)) throw new Error(`Demand is 0 or more units a day, not ${mean}.`);
  if (!(salvage <= (prices.at(-1) ?? 0)))
    throw new Error(`A unit that is left is worth ${salvage}, more than the lowest price. Do not mark it down so far.`);
};

const endValue = ({ units, salvage }: Expiring): Float64Array =>
  Float64Array.from({ length: units + 1 }, (_, left) => left * salvage);

/** The chance that exactly so many units are asked for in a day; the last place holds all that is more. */
const poisson = (mean: number, units: number): readonly number[] => {
  const chances: number[] = [];
  let logarithm = -mean;
  let sum = 0;
  for (let asked = 0; asked < units; asked += 1) {
    const chance = Math.exp(logarithm);
    chances.push(chance);
    sum += chance;
    logarithm += Math.log(mean / (asked + 1));
  }
  return [...chances, Math.max(0, 1 - sum)];
};

/** The value of a day at a price, by units in stock, given what the days after it are worth. */
const dayValue = (price: number, chances: readonly number[], later: Float64Array): Float64Array => {
  const value = new Float64Array(later.length);
  for (let units = 0; units < later.length; units += 1) {
    let [sum, left] = [0, 1];
    for (let sold = 0; sold < units; sold += 1) {
      const chance = chances[sold] ?? 0;
      // What is left of the chances is too small to matter, and stock is large.
      if (left < 1e-12) break;
      sum += chance * (price * sold + (later[units - sold] ?? 0));
      left -= chance;
    }
    value[units] = sum + Math.max(0, left) * (price * units + (later[0] ?? 0));
  }
  return value;
};

/** The best of each price and all lower ones. */
const bestFrom = (values: readonly Float64Array[]): Float64Array[] => {
  const best: Float64Array[] = [];
  for (const own of values.toReversed()) {
    const lower = best.at(-1);
    best.push(lower ? own.map((value, units) => Math.max(value, lower[units] ?? value)) : own);
  }
  return best.toReversed();
};
