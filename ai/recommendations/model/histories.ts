/** The items of each customer, oldest first, each at most once; items are numbers from 0 on. */
export type Histories = readonly ArrayLike<number>[];

/** How many customers took each item. Throws on an item that is no number below `items`. */
export const countsOf = (histories: Histories, items: number): Float64Array => {
  const counts = new Float64Array(items);
  for (const history of histories)
    for (let position = 0; position < history.length; position += 1) {
      const item = history[position] ?? -1;
      if (!(item >= 0 && item < items)) throw new Error(`A history holds item ${item}, but there are ${items} items.`);
      counts[item] = (counts[item] ?? 0) + 1;
    }
  return counts;
};
