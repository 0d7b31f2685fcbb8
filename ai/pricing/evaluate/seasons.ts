import { readFileSync } from 'node:fs';
import { seededRandom, type Random } from '../../learning/random.ts';
import { allocate, type Offer } from '../model/allocation.ts';
import { priceChooser } from '../model/bandit.ts';

/** A demand that the policy does not know: the share of customers that buy at each price, and the stock it has. */
export interface Demand {
  name: string;
  prices: number[];
  shares: number[];
  /** Units in stock at the start, as a share of the customers of the season. */
  stock: number;
}

/** The worked example of Ferreira, Simchi-Levi and Wang (2018), with little and with more stock. */
export const PUBLISHED: readonly Demand[] = [0.25, 0.5].map((stock) => ({
  name: `published, stock ${stock}`,
  prices: [29.9, 34.9, 39.9, 44.9],
  shares: [0.8, 0.6, 0.3, 0.1],
  stock,
}));

/** Made-up demands of four forms, by the seed: logistic, straight, of constant elasticity, in steps. */
export const madeUpDemands = (count: number, seed: number): Demand[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index): Demand => {
    const prices = [10];
    for (const more of Array.from({ length: 2 + Math.floor(random() * 4) }, () => 2 + 3 * random()))
      prices.push((prices.at(-1) ?? 10) + more);
    const [name, shares] = sharesOf(index % 4, prices, random);
    return { name: `${name} ${index}`, prices, shares, stock: 0.1 + 0.6 * random() };
  });
};

const sharesOf = (form: number, prices: readonly number[], random: Random): [name: string, shares: number[]] => {
  const [level, steepness] = [random(), random()];
  if (form === 0)
    return ['logistic', prices.map((p) => 1 / (1 + Math.exp((0.05 + 0.25 * steepness) * (p - 10) - 1 - 3 * level)))];
  if (form === 1) {
    const start = 0.5 + 0.4 * level;
    return ['straight', prices.map((p) => Math.max(0.02, start - ((p - 10) * start) / (15 + 20 * steepness)))];
  }
  if (form === 2) return ['elastic', prices.map((p) => (0.2 + 0.7 * level) * (p / 10) ** -(1 + 2.5 * steepness))];
  return ['steps', prices.map(() => random()).toSorted((left, right) => right - left)];
};

/** Demands of a JSON file: an array of objects with name, prices, shares and stock. Throws naming what is wrong. */
export const readDemands = (path: string): Demand[] => {
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(json)) throw new Error(`${path} holds no array of demands.`);
  return json.map((one: unknown, index) => demandOf(one, `${path}, demand ${index + 1}`));
};

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number' && one > 0);

const demandOf = (value: unknown, where: string): Demand => {
  const { name, prices, shares, stock } = Object(value) as Record<string, unknown>;
  if (!isNumbers(prices) || !isNumbers(shares) || prices.length !== shares.length || typeof stock !== 'number')
    throw new Error(`${where} needs prices and as many shares of buyers, above 0, and stock as a number.`);
  return { name: typeof name === 'string' ? name : where, prices, shares, stock };
};

/** Revenue of one season by the policy, as a share of `bound` · customers. */
const season = ({ prices, shares, stock }: Demand, customers: number, bound: number, seed: number): number => {
  const random = seededRandom(seed);
  const choose = priceChooser(prices);
  const seen = prices.map((price) => ({ price, offers: 0, sales: 0 }));
  let unitsLeft = Math.floor(stock * customers);
  let revenue = 0;
  for (let customersLeft = customers; customersLeft > 0 && unitsLeft > 0; customersLeft -= 1) {
    const { price } = choose(seen, { customersLeft, unitsLeft }, random);
    const at = price === null ? undefined : seen[price];
    if (price === null || !at) continue;
    at.offers += 1;
    if (random() >= (shares[price] ?? 0)) continue;
    at.sales += 1;
    unitsLeft -= 1;
    revenue += at.price;
  }
  return revenue / (bound * customers);
};

const rounded = (value: number): number => Number(value.toPrecision(5));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Share of the bound of the linear program (which knows demand) that the policy earns, which does not: mean of `runs`
 * seasons for each demand, with the standard error of the mean over all seasons.
 */
export const measureSeasons = async (demands: readonly Demand[], customers: number, runs: number) => {
  const shares: { demand: string; earned: number; standardError: number }[] = [];
  for (const [index, demand] of demands.entries()) {
    const offers = demand.shares.map((share, price): Offer => ({
      revenue: share * (demand.prices[price] ?? 0),
      uses: [share],
    }));
    const { revenue } = await allocate(offers, [demand.stock]);
    const earned = Array.from({ length: runs }, (_, run) => season(demand, customers, revenue, 1_000 * index + run));
    const spread = mean(earned.map((one) => (one - mean(earned)) ** 2));
    shares.push({ demand: demand.name, earned: mean(earned), standardError: Math.sqrt(spread / runs) });
  }
  return {
    share_of_bound: rounded(mean(shares.map(({ earned }) => earned))),
    standard_error: rounded(Math.sqrt(mean(shares.map((one) => one.standardError ** 2)) / shares.length)),
    seasons: runs * demands.length,
    by_demand: Object.fromEntries(shares.map(({ demand, earned }) => [demand, rounded(earned)])),
  };
};
