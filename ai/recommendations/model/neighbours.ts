import type { Ratings } from './explain.ts';
import { countsOf, type Histories } from './histories.ts';

/** For each item, the items that it speaks for, and how much: those of item i lie from starts[i] to starts[i + 1]. */
export interface Neighbours {
  starts: Uint32Array;
  items: Uint32Array;
  weights: Float32Array;
}

export interface NeighbourOptions {
  /** Neighbours that are kept of each item. */
  most: number;
  /** Weight of an item further away in a history, for each step. */
  decay: number;
  /** Weight of what came before, beside what came after. */
  backward: number;
  /** Exponents on the customers of the item itself, and of its neighbour: higher favours rare ones. */
  ownExponent: number;
  neighbourExponent: number;
  /** Weight of items that share attributes, beside items that were taken together. */
  attributeShare: number;
}

/** Chosen on the last but one event of each customer in public sequences; shops differ little in them. */
const DEFAULTS: NeighbourOptions = {
  most: 200,
  decay: 0.8,
  backward: 0.2,
  ownExponent: 0.6,
  neighbourExponent: 0.2,
  attributeShare: 0.1,
};

/** Steps in a history beyond which the decay has left nothing. */
const REACH = 30;

/** The customers of an item, and where it stands in the history of each. */
interface Occurrence {
  history: number;
  position: number;
}

/**
 * Learns which items follow each other (item-kNN; weights decay with the distance in a history and are divided by
 * powers of both items' customers), with items of like attributes beside them (see `likenessOf`). Works through one
 * item after the other: memory grows with events and items, never with items². The same input gives the same bytes.
 */
export const trainNeighbours = (
  { histories, items, likeness }: { histories: Histories; items: number; likeness?: Likeness },
  options: Partial<NeighbourOptions> = {},
): Neighbours => {
  const chosen = { ...DEFAULTS, ...options };
  const counts = countsOf(histories, items);
  const occurrences = occurrencesOf(histories, items);
  const sums = new Float64Array(items);
  const lists = Array.from({ length: items }, (_, item) => {
    const touched = new Set<number>();
    const add = (other: number, weight: number): void => {
      touched.add(other);
      sums[other] = (sums[other] ?? 0) + weight;
    };
    const own = (counts[item] ?? 0) ** chosen.ownExponent;
    for (const { history, position } of occurrences[item] ?? [])
      addFollowers(histories[history] ?? [], position, chosen, (other, weight) =>
        add(other, weight / (own * (counts[other] ?? 1) ** chosen.neighbourExponent)),
      );
    likeness?.forEachLike(item, (other, similarity) => add(other, chosen.attributeShare * similarity));
    const list = strongest([...touched], sums, counts, chosen.most);
    for (const other of touched) sums[other] = 0;
    return list;
  });
  return packed(lists);
};

/** Items that are like another by what they are, and not by who took them. */
export interface Likeness {
  forEachLike(item: number, visit: (other: number, similarity: number) => void): void;
}

const occurrencesOf = (histories: Histories, items: number): Occurrence[][] => {
  const occurrences = Array.from({ length: items }, (): Occurrence[] => []);
  for (const [history, taken] of histories.entries())
    for (let position = 0; position < taken.length; position += 1)
      occurrences[taken[position] ?? 0]?.push({ history, position });
  return occurrences;
};

const addFollowers = (
  history: ArrayLike<number>,
  position: number,
  { decay, backward }: NeighbourOptions,
  add: (other: number, weight: number) => void,
): void => {
  const from = Math.max(0, position - REACH);
  const to = Math.min(history.length - 1, position + REACH);
  for (let at = from; at <= to; at += 1)
    if (at !== position) add(history[at] ?? 0, (at > position ? 1 : backward) * decay ** (Math.abs(at - position) - 1));
};

type List = [item: number, weight: number][];

/** The heaviest; of equal ones those that more customers took, then those with the lower number. */
const strongest = (touched: number[], sums: Float64Array, counts: Float64Array, most: number): List =>
  touched
    .toSorted(
      (left, right) =>
        (sums[right] ?? 0) - (sums[left] ?? 0) || (counts[right] ?? 0) - (counts[left] ?? 0) || left - right,
    )
    .slice(0, most)
    .map((item) => [item, sums[item] ?? 0]);

const packed = (lists: readonly List[]): Neighbours => {
  const starts = new Uint32Array(lists.length + 1);
  for (const [item, list] of lists.entries()) starts[item + 1] = (starts[item] ?? 0) + list.length;
  const all = lists.flat();
  return {
    starts,
    items: Uint32Array.from(all, ([item]) => item),
    weights: Float32Array.from(all, ([, weight]) => weight),
  };
};

/** Weight of an item of the history beside the one taken after it. */
const AGE = 0.6;
/** Items of a history that still count. */
const LATEST = 50;

/** Rates every item by the latest items of a history, the last of them most. */
export const neighbourRatings = ({ starts, items, weights }: Neighbours): Ratings => {
  const ageWeight = (history: ArrayLike<number>, position: number): number =>
    position < history.length - LATEST ? 0 : AGE ** (history.length - 1 - position);
  return {
    rate: (history) => {
      const ratings = new Float64Array(starts.length - 1);
      for (let position = Math.max(0, history.length - LATEST); position < history.length; position += 1) {
        const from = history[position] ?? 0;
        const age = ageWeight(history, position);
        for (let at = starts[from] ?? 0; at < (starts[from + 1] ?? 0); at += 1) {
          const item = items[at] ?? 0;
          ratings[item] = (ratings[item] ?? 0) + age * (weights[at] ?? 0);
        }
      }
      return ratings;
    },
    partOf: (history, position, item) => {
      const from = history[position] ?? 0;
      const to = starts[from + 1] ?? 0;
      const at = items.subarray(starts[from] ?? 0, to).indexOf(item);
      return at < 0 ? 0 : ageWeight(history, position) * (weights[(starts[from] ?? 0) + at] ?? 0);
    },
  };
};
