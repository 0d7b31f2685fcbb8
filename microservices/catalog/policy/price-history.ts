/**
 * One amount of one price, its period, and the fields of its list that decide if it wins. Times are milliseconds;
 * `until` null: still valid.
 */
export interface PricePeriod {
  priceId: string;
  version: number;
  priceListId: string;
  amount: number;
  from: number;
  until: number | null;
  forGroup: boolean;
  taxInclusive: boolean;
  priority: number;
  listFrom: number | null;
  listUntil: number | null;
  listCreated: number;
}

/** The price that shoppers saw from `from` to `until` (null: still). */
export interface ShownPeriod {
  from: number;
  until: number | null;
  price: PricePeriod;
}

/** The time in which a price could be shown: while it and its list were valid. */
const span = (period: PricePeriod): { from: number; until: number } => ({
  from: Math.max(period.from, period.listFrom ?? -Infinity),
  until: Math.min(period.until ?? Infinity, period.listUntil ?? Infinity),
});

/** The order in which prices win; resolvePrices sorts by the same in SQL. */
const wins = (left: PricePeriod, right: PricePeriod): number =>
  Number(right.forGroup) - Number(left.forGroup) ||
  right.priority - left.priority ||
  right.listCreated - left.listCreated ||
  (left.priceListId < right.priceListId ? 1 : left.priceListId > right.priceListId ? -1 : 0);

/**
 * Prices shown from `since` to `now`, oldest first: at each moment the winning one of those that were valid.
 * Neighbouring periods with the same amount are one.
 */
export const shownPrices = (periods: readonly PricePeriod[], since: number, now: number): ShownPeriod[] => {
  const spans = periods
    .map((price) => ({ price, ...span(price) }))
    .filter(({ from, until }) => from < until && until > since && from <= now);
  const moments = [...new Set(spans.flatMap(({ from, until }) => [Math.max(from, since), until]))]
    .filter((moment) => moment >= since && moment <= now)
    .toSorted((left, right) => left - right);
  const shown: ShownPeriod[] = [];
  for (const [index, moment] of moments.entries()) {
    const price = spans
      .filter(({ from, until }) => from <= moment && moment < until)
      .map((entry) => entry.price)
      .toSorted(wins)[0];
    if (!price) continue;
    const until = moments[index + 1] ?? null;
    const last = shown.at(-1);
    if (
      last &&
      last.until === moment &&
      last.price.amount === price.amount &&
      last.price.taxInclusive === price.taxInclusive
    )
      last.until = until;
    else shown.push({ from: moment, until, price });
  }
  return shown;
};

export interface PriorPrice {
  current: ShownPeriod | undefined;
  /** Lowest shown in the days before the current price began; the prior price of article 6a, Directive 98/6/EC. */
  priorLowest: ShownPeriod | undefined;
  /** The current price is lower than the one right before it. */
  reduced: boolean;
}

/** The prior price of a current one. `shown` must reach back `windowMs` before the current price began. */
export const priorPrice = (shown: readonly ShownPeriod[], windowMs: number): PriorPrice => {
  const last = shown.at(-1);
  const current = last?.until === null ? last : undefined;
  if (!current) return { current: undefined, priorLowest: undefined, reduced: false };
  // Prices with and without tax are not comparable.
  const before = shown.filter(
    (period) =>
      period !== current &&
      period.price.taxInclusive === current.price.taxInclusive &&
      period.until !== null &&
      period.until > current.from - windowMs,
  );
  const priorLowest = before.reduce<ShownPeriod | undefined>(
    (lowest, period) => (!lowest || period.price.amount < lowest.price.amount ? period : lowest),
    undefined,
  );
  const previous = before.at(-1);
  return {
    current,
    priorLowest,
    reduced: previous !== undefined && previous.until === current.from && current.price.amount < previous.price.amount,
  };
};
