import highsModule, { type Highs } from 'highs';

/** What offering a set of prices to one customer is expected to bring, and to take from each stock. */
export interface Offer {
  /** Expected revenue of one customer. */
  revenue: number;
  /** Expected units of each stock that one customer takes. */
  uses: readonly number[];
}

/** Shares of the customers that see each offer; what is left to 1 sees none. */
export interface Allocation {
  shares: number[];
  /** Expected revenue of one customer: no policy that knows demand does better (Gallego and van Ryzin 1997). */
  revenue: number;
}

/**
 * The best shares when `stock` units a customer are left of one stock: at most two offers, one that takes less than the
 * stock and one that takes more. Exact, without a solver, since it is asked for every customer.
 */
export const allocateOne = (offers: readonly Offer[], stock: number): Allocation => {
  let best: Allocation = { shares: offers.map(() => 0), revenue: 0 };
  const consider = (mix: readonly (readonly [offer: number, share: number])[]): void => {
    const revenue = mix.reduce((sum, [offer, share]) => sum + share * (offers[offer]?.revenue ?? 0), 0);
    if (revenue <= best.revenue) return;
    const shares = new Map(mix);
    best = { revenue, shares: offers.map((_, offer) => shares.get(offer) ?? 0) };
  };
  const useOf = (offer: Offer): number => offer.uses[0] ?? 0;
  for (const [index, offer] of offers.entries()) {
    const use = useOf(offer);
    consider([[index, use <= stock ? 1 : stock / use]]);
    if (use > stock) continue;
    for (const [other, greedy] of offers.entries()) {
      if (useOf(greedy) <= stock) continue;
      const share = (stock - use) / (useOf(greedy) - use);
      consider([
        [index, 1 - share],
        [other, share],
      ]);
    }
  }
  return best;
};

// The package's types describe its CommonJS build. As an ES module, its default export is the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

let solver: Promise<Highs> | undefined;

/**
 * The best shares for any number of stocks, such as products that share components, by the linear program of HiGHS:
 * greatest revenue, each stock's use at most what is left of it a customer, shares at most 1 together. Throws when the
 * solver finds no optimum, which sound numbers always have.
 */
export const allocate = async (offers: readonly Offer[], stocks: readonly number[]): Promise<Allocation> => {
  const highs = await (solver ??= loadHighs());
  const terms = (valueOf: (offer: Offer) => number): string =>
    offers.map((offer, index) => `${signed(valueOf(offer))} x${index}`).join(' ');
  const program = [
    'Maximize',
    ` revenue: ${terms(({ revenue }) => revenue)}`,
    'Subject To',
    ` customers: ${terms(() => 1)} <= 1`,
    ...stocks.map((stock, index) => ` s${index}: ${terms(({ uses }) => uses[index] ?? 0)} <= ${plain(stock)}`),
    'End',
  ].join('\n');
  const solution = highs.solve(program, { output_flag: false });
  if (solution.Status !== 'Optimal')
    throw new Error(`The shares of ${offers.length} offers have no optimum: the solver says "${solution.Status}".`);
  const shares = offers.map((_, index) => {
    const column: unknown = solution.Columns[`x${index}`];
    return column !== null && typeof column === 'object' && 'Primal' in column ? Number(column.Primal) : 0;
  });
  return { shares, revenue: offers.reduce((sum, { revenue }, index) => sum + revenue * (shares[index] ?? 0), 0) };
};

/** A number as the solver's format takes it, in full and without an exponent that some readers refuse. */
const plain = (value: number): string => {
  if (!Number.isFinite(value)) throw new Error(`${value} is no number that prices can be allocated by.`);
  return value.toFixed(15);
};

const signed = (value: number): string => (value < 0 ? `- ${plain(-value)}` : `+ ${plain(value)}`);
