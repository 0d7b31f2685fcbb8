/** A model that rates items by what a customer took before. */
export interface Ratings {
  /** The rating of each item: higher fits better, 0 when the history says nothing of it. */
  rate(history: ArrayLike<number>): Float64Array;
  /** What the item at a position of the history adds to another item's rating; these sum to the rating. */
  partOf(history: ArrayLike<number>, position: number, item: number): number;
}

/** An item of the history and what it added to the rating. */
export interface Part {
  item: number;
  contribution: number;
}

/** The items of a history that speak most for an item, strongest first: "because you bought …". */
export const reasonsFor = (ratings: Ratings, history: ArrayLike<number>, item: number, most: number): Part[] =>
  Array.from(history, (from, position) => ({
    item: from,
    contribution: ratings.partOf(history, position, item),
  }))
    .filter(({ contribution }) => contribution > 0)
    .toSorted((left, right) => right.contribution - left.contribution || left.item - right.item)
    .slice(0, most);
