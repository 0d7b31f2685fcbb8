/**
 * The numbers of the best-rated items that are allowed, best first; equal ratings by number, so that the order is
 * always the same. Items rated 0 or less are not taken. A heap of `most` keeps the cost at one pass over the ratings.
 */
export const bestOf = (ratings: Float64Array, most: number, isAllowed: (item: number) => boolean): number[] => {
  const heap: number[] = [];
  const isWorse = (left: number, right: number): boolean => {
    const difference = (ratings[left] ?? 0) - (ratings[right] ?? 0);
    return difference < 0 || (difference === 0 && left > right);
  };
  for (let item = 0; item < ratings.length; item += 1) {
    const rating = ratings[item] ?? 0;
    if (!(rating > 0)) continue;
    const worst = heap[0];
    if (heap.length === most && worst !== undefined && !isWorse(worst, item)) continue;
    if (!isAllowed(item)) continue;
    if (heap.length < most) raise(heap, item, isWorse);
    else sink(heap, item, isWorse);
  }
  return heap.sort((left, right) => (isWorse(left, right) ? 1 : -1));
};

type Compare = (left: number, right: number) => boolean;

/** Adds an item to the heap, whose first is its worst. */
const raise = (heap: number[], item: number, isWorse: Compare): void => {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] ?? item;
    if (!isWorse(item, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = item;
};

/** Puts an item in the place of the heap's worst. */
const sink = (heap: number[], item: number, isWorse: Compare): void => {
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const first = heap[left];
    if (first === undefined) break;
    const second = heap[right];
    const [child, worse] = second !== undefined && isWorse(second, first) ? [right, second] : [left, first];
    if (!isWorse(worse, item)) break;
    heap[at] = worse;
    at = child;
  }
  heap[at] = item;
};
