import { countsOf, type Histories } from './histories.ts';

/** An item that was bought in one order with another, and how sure it is that this was no chance. */
export interface Companion {
  item: number;
  /** Orders that held both. */
  orders: number;
  /** Log-likelihood ratio: above 10.8 chance would do this once in a thousand pairs. */
  sureness: number;
}

/** Chance alone reaches it once in a thousand pairs (chi-squared with one degree of freedom). */
const BEYOND_CHANCE = 10.83;

/**
 * For each item, what is bought together with it in one order more often than chance would have it, the surest first
 * (log-likelihood ratio, Dunning 1993): the best seller is bought with everything and belongs to nothing. `orders` hold
 * each item at most once.
 */
export const boughtTogether = (orders: Histories, items: number, most = 20): Companion[][] => {
  const counts = countsOf(orders, items);
  const pairs = Array.from({ length: items }, () => new Map<number, number>());
  for (const order of orders)
    for (let left = 0; left < order.length; left += 1)
      for (let right = 0; right < order.length; right += 1) {
        const own = pairs[order[left] ?? 0];
        const other = order[right] ?? 0;
        if (left !== right) own?.set(other, (own.get(other) ?? 0) + 1);
      }
  return pairs.map((own, item) =>
    [...own]
      .map(([other, both]): Companion => ({
        item: other,
        orders: both,
        sureness: surenessOf(both, counts[item] ?? 0, counts[other] ?? 0, orders.length),
      }))
      .filter(({ sureness }) => sureness > BEYOND_CHANCE)
      .toSorted((left, right) => right.sureness - left.sureness || left.item - right.item)
      .slice(0, most),
  );
};

/** The log-likelihood ratio of the four counts; 0 when the pair is bought less often than chance would have it. */
const surenessOf = (both: number, left: number, right: number, all: number): number => {
  if (both * all <= left * right) return 0;
  const cell = (count: number, expected: number): number => (count > 0 ? count * Math.log(count / expected) : 0);
  const [withoutLeft, withoutRight] = [all - left, all - right];
  return (
    2 *
    (cell(both, (left * right) / all) +
      cell(left - both, (left * withoutRight) / all) +
      cell(right - both, (withoutLeft * right) / all) +
      cell(all - left - right + both, (withoutLeft * withoutRight) / all))
  );
};
