/** A repeatable source of chance (mulberry32, Tommy Ettinger, public domain): the same seed gives the same instants. */
export interface Random {
  seed: number;
  /** 0 ≤ value < 1 */
  next(): number;
  /** A whole number from low to high, both included. */
  between(low: number, high: number): number;
  shuffle<T>(items: readonly T[]): T[];
}

export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    seed,
    next,
    between,
    shuffle: (items) =>
      items
        .map((item) => ({ item, rank: next() }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
  };
};
