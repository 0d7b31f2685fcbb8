import type { Random } from '../learning/random.ts';
import { bestOf } from './model/best.ts';

/** What a shop knows of an item at the moment of showing it. */
export interface ItemFacts {
  /** False when it cannot be bought now. */
  available: boolean;
  /** Items of one group are like each other: a category. Null when not known. */
  group: string | null;
  /** Part of the price that is left after costs, 0 to 1; null when not known. */
  margin: number | null;
}

export interface ShowOptions {
  /** Places to fill. */
  most: number;
  /** How much a full margin raises a rating: 0.1 makes it a tenth better. */
  marginWeight: number;
  /** What each earlier item of the same group leaves of a rating: 1 for no care, 0.8 for variety. */
  repetition: number;
  /** Chance that the last place shows an item that the model would not have shown, so that it can learn of it. */
  exploration: number;
}

export const SHOW_DEFAULTS: ShowOptions = { most: 12, marginWeight: 0.1, repetition: 0.85, exploration: 0.05 };

/** An item in its place. */
export interface Shown {
  item: number;
  /** The model's rating; 0 when only popularity speaks for it. */
  rating: number;
  /** `model`: rated by the history. `popular`: by what others took. `explored`: by chance. */
  source: 'model' | 'popular' | 'explored';
  /** The chance that this item was shown in this place, for estimates from the log. */
  propensity: number;
}

/** Candidates for each place: enough for variety, few enough to be fast. */
const POOL = 10;

/**
 * Fills the places for one customer. Items that are rated come first, then popular ones, never one that `isExcluded` or
 * is not available. Margin and variety reorder what the model rated; the last place explores with a fixed chance.
 */
export const show = (
  request: {
    ratings: Float64Array;
    popularity: Float64Array;
    factsOf: (item: number) => ItemFacts;
    isExcluded: (item: number) => boolean;
    random: Random;
  },
  options: Partial<ShowOptions> = {},
): Shown[] => {
  const chosen = { ...SHOW_DEFAULTS, ...options };
  const { ratings, popularity, factsOf, isExcluded, random } = request;
  const isAllowed = (item: number): boolean => !isExcluded(item) && factsOf(item).available;
  const rated = bestOf(ratings, chosen.most * POOL, isAllowed);
  const known = new Set(rated);
  const popular = bestOf(popularity, chosen.most * POOL, (item) => !known.has(item) && isAllowed(item));
  const ordered = [
    ...varied(rated, ratings, factsOf, chosen).map((item) => ({ item, source: 'model' as const })),
    ...varied(popular, popularity, factsOf, chosen).map((item) => ({ item, source: 'popular' as const })),
  ].map(({ item, source }): Shown => ({ item, source, rating: ratings[item] ?? 0, propensity: 1 }));
  return explored(ordered, chosen, random);
};

/** Takes the best again and again; each item taken lowers the others of its group. */
const varied = (
  items: readonly number[],
  ratings: Float64Array,
  factsOf: (item: number) => ItemFacts,
  { marginWeight, repetition }: ShowOptions,
): number[] => {
  const left = items.map((item) => {
    const { group, margin } = factsOf(item);
    return { item, group, value: (ratings[item] ?? 0) * (1 + marginWeight * (margin ?? 0)) };
  });
  const taken: number[] = [];
  while (left.length > 0) {
    const best = left.reduce((first, one, index) => (one.value > (left[first]?.value ?? 0) ? index : first), 0);
    const [next] = left.splice(best, 1);
    if (!next) break;
    taken.push(next.item);
    if (next.group !== null) for (const one of left) if (one.group === next.group) one.value *= repetition;
  }
  return taken;
};

/** With the chance of exploration, the last place goes to one of the items that found none, each of them alike. */
const explored = (ordered: readonly Shown[], { most, exploration }: ShowOptions, random: Random): Shown[] => {
  const places = ordered.slice(0, most);
  const others = ordered.slice(most);
  const last = places.at(-1);
  if (!last || others.length === 0 || exploration <= 0) return places;
  if (random() >= exploration) return [...places.slice(0, -1), { ...last, propensity: 1 - exploration }];
  const drawn = others[Math.floor(random() * others.length)] ?? last;
  return [...places.slice(0, -1), { ...drawn, source: 'explored', propensity: exploration / others.length }];
};

const DAY = 86_400_000;

/**
 * Popularity that fades: each purchase counts half after `halfLifeDays`. Add purchases in any order; the sum is as of
 * `now`, in purchases. What is trending has a short half-life, what sells well a long one.
 */
export const popularityOf = (
  purchases: readonly { item: number; at: number }[],
  { items, now, halfLifeDays }: { items: number; now: number; halfLifeDays: number },
): Float64Array => {
  const popularity = new Float64Array(items);
  for (const { item, at } of purchases)
    if (at <= now) popularity[item] = (popularity[item] ?? 0) + 2 ** (-(now - at) / (halfLifeDays * DAY));
  return popularity;
};

/** Added to each place, so that the first of a list is not far ahead of the next (Cormack et al. 2009). */
const FUSION = 60;

/**
 * The results of a search in a new order: each place of the search counts, and each place by the customer's ratings
 * counts `weight` times as much (reciprocal rank fusion). Nothing is added or left out; with weight 0, or for a
 * customer of whom nothing is known, the order of the search stays.
 */
export const rerank = (results: readonly number[], ratings: Float64Array, weight = 0.5): number[] => {
  const rated = results.filter((item) => (ratings[item] ?? 0) > 0);
  const byRating = rated.toSorted((left, right) => (ratings[right] ?? 0) - (ratings[left] ?? 0));
  const places = new Map(byRating.map((item, place) => [item, place]));
  const valueOf = (item: number, place: number): number => {
    const own = places.get(item);
    return 1 / (FUSION + place) + (own === undefined ? 0 : weight / (FUSION + own));
  };
  return [...results.entries()]
    .map(([place, item]) => ({ item, value: valueOf(item, place) }))
    .toSorted((left, right) => right.value - left.value)
    .map(({ item }) => item);
};
