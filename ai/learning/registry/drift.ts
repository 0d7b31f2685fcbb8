/** Bounds of ten ranges that hold a tenth of the values each; fewer where many values are equal. */
export const decilesOf = (values: readonly number[]): number[] => {
  const sorted = values.toSorted((left, right) => left - right);
  const bounds = Array.from({ length: 9 }, (_, tenth) => sorted[Math.floor(((tenth + 1) * sorted.length) / 10)] ?? 0);
  return [...new Set(bounds)];
};

/** How many values lie in each range; a range begins with its bound. */
const countsOf = (values: readonly number[], bounds: readonly number[]): number[] => {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const value of values) {
    const range = bounds.findIndex((bound) => value < bound);
    const at = range < 0 ? bounds.length : range;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
};

/**
 * Population stability index: how far values lately lie from those that a model was proven on, over the deciles of the
 * latter. Below 0.1 nothing happened, above 0.25 the population has changed (Siddiqi 2006). Half a value is added to
 * each range, so that an empty one is not an infinite distance. 0 where either side has no values.
 */
export const stabilityIndex = (proven: readonly number[], lately: readonly number[]): number => {
  if (proven.length === 0 || lately.length === 0) return 0;
  const bounds = decilesOf(proven);
  const shareOf = (values: readonly number[]): number[] =>
    countsOf(values, bounds).map((count) => (count + 0.5) / (values.length + 0.5 * (bounds.length + 1)));
  const expected = shareOf(proven);
  return shareOf(lately).reduce((sum, share, range) => {
    const before = expected[range] ?? share;
    return sum + (share - before) * Math.log(share / before);
  }, 0);
};
