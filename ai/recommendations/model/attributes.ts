import type { Likeness } from './neighbours.ts';

/** Attributes that more items than this share tell little and would cost much. */
const MOST_SHARING = 2_000;

/**
 * Likeness of items by their attributes (brand, category, material …, as texts): cosine of vectors that weigh an
 * attribute by its rarity, ln(items ÷ items that have it). From 0 to 1; items without a shared attribute are not
 * visited.
 */
export const likenessOf = (attributes: readonly (readonly string[])[]): Likeness => {
  const holders = new Map<string, number[]>();
  for (const [item, own] of attributes.entries())
    for (const attribute of new Set(own)) {
      const sharing = holders.get(attribute);
      if (sharing) sharing.push(item);
      else holders.set(attribute, [item]);
    }
  const rarity = (attribute: string): number => Math.log(attributes.length / (holders.get(attribute)?.length ?? 1));
  const lengths = attributes.map((own) =>
    Math.sqrt([...new Set(own)].reduce((sum, attribute) => sum + rarity(attribute) ** 2, 0)),
  );
  return {
    forEachLike: (item, visit) => {
      const sums = new Map<number, number>();
      for (const attribute of new Set(attributes[item])) {
        const sharing = holders.get(attribute) ?? [];
        if (sharing.length > MOST_SHARING) continue;
        const shared = rarity(attribute) ** 2;
        for (const other of sharing) if (other !== item) sums.set(other, (sums.get(other) ?? 0) + shared);
      }
      for (const [other, shared] of sums) {
        const length = (lengths[item] ?? 0) * (lengths[other] ?? 0);
        if (length > 0) visit(other, shared / length);
      }
    },
  };
};
