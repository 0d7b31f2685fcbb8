import type { Tier } from '../contract/values.ts';

/** The largest tier that so many members reach; undefined before the first. */
export const tierReached = (tiers: readonly Tier[], members: number): Tier | undefined =>
  tiers.filter(({ size }) => size <= members).at(-1);

/** Members at most: the size of the largest tier. */
export const sizeOf = (tiers: readonly Tier[]): number => tiers.at(-1)?.size ?? 0;

/** Members missing to the next tier; 0 when the last one is reached. */
export const missingTo = (tiers: readonly Tier[], members: number): number => {
  const next = tiers.find(({ size }) => size > members);
  return next ? next.size - members : 0;
};

/**
 * The price to show to who joins a team that has reached a tier of this size (0: none): no member leaves once a tier
 * is reached, so that the price can only fall from there.
 */
export const shownPrice = (tiers: readonly Tier[], reachedSize: number): number =>
  (tierReached(tiers, reachedSize) ?? tiers[0])?.price ?? 0;

/** What a member pays for one unit: the tier reached in the end, and never more than what was shown to that member. */
export const finalPrice = (tiers: readonly Tier[], reachedSize: number, shown: number): number =>
  Math.min(shown, shownPrice(tiers, reachedSize));

/** The lowest price that a price list allows a campaign: a share of the list price in basis points, rounded up. */
export const floorOf = (listPrice: number, basisPoints: number): number =>
  Number((BigInt(listPrice) * BigInt(basisPoints) + 9_999n) / 10_000n);
