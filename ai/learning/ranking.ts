/** The rated items of one person: what may not be shown, and what was wanted in the end. */
export interface RankedPerson {
  ratings: Float64Array;
  isExcluded: (item: number) => boolean;
  wanted: ReadonlySet<number>;
}

/**
 * Ranks (0 is first) of the wanted items among all that are not excluded, in ascending order. Among equal ratings the
 * others stand first, so that a model gains nothing by giving equal ratings. A wanted item that is excluded has no
 * rank.
 */
export const ranksOf = ({ ratings, isExcluded, wanted }: RankedPerson): number[] => {
  const targets = [...wanted].filter((item) => !isExcluded(item)).map((item) => ratings[item] ?? 0);
  targets.sort((left, right) => right - left);
  const ahead = targets.map(() => 0);
  const last = targets.at(-1) ?? Infinity;
  for (let item = 0; item < ratings.length; item += 1) {
    const rating = ratings[item] ?? 0;
    if (rating < last || wanted.has(item) || isExcluded(item)) continue;
    for (const [index, target] of targets.entries()) if (rating >= target) ahead[index] = (ahead[index] ?? 0) + 1;
  }
  return ahead.map((others, index) => others + index);
};

/**
 * Normalized discounted cumulative gain of the first `most` places, each wanted item worth the same: 1 when they all
 * stand first, as far as there is room. NaN when nothing was wanted.
 */
export const ndcgAt = (most: number, ranks: readonly number[], wanted: number): number => {
  const gain = (rank: number): number => 1 / Math.log2(rank + 2);
  const sum = ranks.reduce((total, rank) => total + (rank < most ? gain(rank) : 0), 0);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(most, wanted); rank += 1) ideal += gain(rank);
  return sum / ideal;
};
