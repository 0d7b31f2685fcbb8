/** Units sold at a price, of one product in one period. */
export interface Sale {
  /** Products that are compared with each other only, such as a brand. */
  group: string;
  price: number;
  quantity: number;
  /** True when it was advertised or on display then. */
  promoted: boolean;
}

/** By how many per cent sales change when the price rises by one per cent. */
export interface Elasticity {
  elasticity: number;
  /** Infinite when the prices say nothing: fewer than three rows, or no change of price. */
  standardError: number;
  rows: number;
}

export interface Elasticities {
  /** One for all groups, each with a level of its own. */
  pooled: Elasticity;
  byGroup: ReadonlyMap<string, Elasticity>;
  /** Elasticity of each group without and with promotion. */
  byPromotion: ReadonlyMap<string, { regular: Elasticity; promoted: Elasticity }>;
}

/** Sums of squares and products of logarithms around the means of a set of rows. */
interface Moments {
  rows: number;
  /** Sets that were put together, each with a mean of its own. */
  levels: number;
  xx: number;
  xy: number;
  yy: number;
}

const momentsOf = (sales: readonly Sale[]): Moments => {
  const x = sales.map(({ price }) => Math.log(price));
  const y = sales.map(({ quantity }) => Math.log(quantity));
  const [meanX, meanY] = [mean(x), mean(y)];
  const moments = { rows: sales.length, levels: 1, xx: 0, xy: 0, yy: 0 };
  for (const [row, value] of x.entries()) {
    const [dx, dy] = [value - meanX, (y[row] ?? 0) - meanY];
    moments.xx += dx * dx;
    moments.xy += dx * dy;
    moments.yy += dy * dy;
  }
  return moments;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const together = (parts: readonly Moments[]): Moments =>
  parts.reduce(
    (sum, part) => ({
      rows: sum.rows + part.rows,
      levels: sum.levels + part.levels,
      xx: sum.xx + part.xx,
      xy: sum.xy + part.xy,
      yy: sum.yy + part.yy,
    }),
    { rows: 0, levels: 0, xx: 0, xy: 0, yy: 0 },
  );

const elasticityOf = ({ rows, levels, xx, xy, yy }: Moments): Elasticity => {
  // Prices that are equal but for the rounding of their logarithms say nothing.
  if (rows - levels < 2 || xx <= 1e-12 * rows) return { elasticity: 0, standardError: Infinity, rows };
  const slope = xy / xx;
  const residual = Math.max(0, yy - slope * xy) / (rows - levels - 1);
  return { elasticity: slope, standardError: Math.sqrt(residual / xx), rows };
};

/**
 * Price elasticities by least squares of ln(quantity) on ln(price). Each group, and each group with and without
 * promotion, has a level of its own, so that groups are not compared by how dear they are. Throws on a price or
 * quantity that is not above 0: leave periods without sales out.
 */
export const elasticities = (sales: readonly Sale[]): Elasticities => {
  for (const { group, price, quantity } of sales)
    if (!(price > 0 && quantity > 0 && Number.isFinite(price * quantity)))
      throw new Error(
        `"${group}" sold ${quantity} at ${price}. An elasticity needs a price and a quantity above 0; leave out periods without sales.`,
      );
  const groups = Map.groupBy(sales, ({ group }) => group);
  const moments = new Map([...groups].map(([group, own]) => [group, momentsOf(own)]));
  const part = (own: readonly Sale[], promoted: boolean): Elasticity =>
    elasticityOf(momentsOf(own.filter((sale) => sale.promoted === promoted)));
  return {
    pooled: elasticityOf(together([...moments.values()])),
    byGroup: new Map([...moments].map(([group, own]) => [group, elasticityOf(own)])),
    byPromotion: new Map(
      [...groups].map(([group, own]) => [group, { regular: part(own, false), promoted: part(own, true) }]),
    ),
  };
};

/**
 * A group's elasticity drawn towards the pooled one, the more the less its own sales say: the mean of a normal prior
 * around the pooled elasticity with spread `between` (how much groups differ), given the group's estimate.
 */
export const shrunk = (own: Elasticity, pooled: Elasticity, between: number): number => {
  if (!Number.isFinite(own.standardError)) return pooled.elasticity;
  const trust = between ** 2 / (between ** 2 + own.standardError ** 2);
  return pooled.elasticity + trust * (own.elasticity - pooled.elasticity);
};

/**
 * The price with the highest profit when sales follow price ^ elasticity: cost · e ÷ (1 + e). Undefined when demand is
 * not elastic (above −1): then a higher price always pays, as far as the model sees, and it is of no use here.
 */
export const bestPrice = (cost: number, elasticity: number): number | undefined =>
  elasticity < -1 ? (cost * elasticity) / (1 + elasticity) : undefined;
