import type { Random } from '../../learning/random.ts';
import { allocateOne } from './allocation.ts';
import { demandSampler, type Offered } from './demand.ts';

/** A season in which one stock is sold. */
export interface Season {
  /** Customers still to come. */
  customersLeft: number;
  unitsLeft: number;
}

/** A price for the next customer, and the chance that it was chosen, or null to offer nothing for now. */
export interface Chosen {
  /** Position of the price; null when the stock is worth more to later customers. */
  price: number | null;
  /** The chance of this choice given what was drawn of demand. */
  share: number;
}

/**
 * Chooses a price for each customer while demand is learnt and stock lasts: demand at each price is drawn from what was
 * seen, and the linear program of the rest of the season is solved anew for it (Thompson sampling with inventory,
 * Ferreira, Simchi-Levi and Wang 2018, with a prior over demand curves).
 */
export const priceChooser = (
  prices: readonly number[],
): ((seen: readonly Offered[], season: Season, random: Random) => Chosen) => {
  const sample = demandSampler(prices);
  return (seen, { customersLeft, unitsLeft }, random) => {
    if (unitsLeft <= 0 || customersLeft <= 0) return { price: null, share: 1 };
    const demand = sample(seen, random);
    const offers = demand.map((share, index) => ({ revenue: share * (prices[index] ?? 0), uses: [share] }));
    const { shares } = allocateOne(offers, unitsLeft / customersLeft);
    let left = random();
    for (const [price, share] of shares.entries()) {
      if (left < share) return { price, share };
      left -= share;
    }
    return { price: null, share: Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0)) };
  };
};
