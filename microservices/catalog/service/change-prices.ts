import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { Variant } from '../contract/shapes.ts';
import { findPricesOf, savePrices, type PriceRecord } from '../store/prices.ts';

/** A wanted price: an amount in the list's currency, or null to end it. */
export interface WantedPrice {
  priceListId: string;
  currency: string;
  variant: Pick<Variant, 'id' | 'productId' | 'sku'>;
  minQuantity: number;
  amount: number | null;
}

export interface ChangedPrices {
  /** The price of each wanted one, in the order asked; without those that were ended or never were. */
  prices: PriceRecord[];
  changed: number;
}

const tierOf = (priceListId: string, variantId: string, minQuantity: number): string =>
  `${priceListId} ${variantId} ${minQuantity}`;

/**
 * Sets prices and announces those that changed. The same amount again changes nothing, so that a repeated import makes
 * no versions. The products of the variants must be locked. Of two wanted for the same tier the later counts.
 */
export const changePrices = async (tx: Tx, wanted: readonly WantedPrice[], now: Date): Promise<ChangedPrices> => {
  const standing = new Map(
    (await findPricesOf(tx, [...new Set(wanted.map((each) => each.variant.id))])).map((price) => [
      tierOf(price.priceListId, price.variantId, price.minQuantity),
      price,
    ]),
  );
  const last = new Map(wanted.map((each) => [tierOf(each.priceListId, each.variant.id, each.minQuantity), each]));
  const changes = [...last].flatMap(([tier, each]) => {
    const before = standing.get(tier);
    const after = changedPrice(before, each, now);
    return after ? [{ tier, before, after, currency: each.currency }] : [];
  });
  await savePrices(
    tx,
    changes.map(({ after }) => after),
  );
  for (const { tier, before, after, currency } of changes) {
    standing.set(tier, after);
    announce(tx, before, after, currency);
  }
  const prices = wanted
    .flatMap((each) => standing.get(tierOf(each.priceListId, each.variant.id, each.minQuantity)) ?? [])
    .filter((price) => price.active);
  return { prices, changed: changes.length };
};

const changedPrice = (
  before: PriceRecord | undefined,
  { priceListId, variant, minQuantity, amount }: WantedPrice,
  now: Date,
): PriceRecord | undefined => {
  const changedAt = now.toISOString();
  if (amount === null) return before?.active ? { ...before, active: false, changedAt } : undefined;
  if (before?.active && before.amount === amount) return undefined;
  if (before) return { ...before, version: before.version + 1, amount, active: true, changedAt };
  return {
    id: newId('prc'),
    priceListId,
    variantId: variant.id,
    productId: variant.productId,
    sku: variant.sku,
    minQuantity,
    version: 1,
    amount,
    active: true,
    changedAt,
  };
};

const announce = (tx: Tx, before: PriceRecord | undefined, after: PriceRecord, currency: string): void => {
  tx.append('price.changed', after.productId, {
    productId: after.productId,
    variantId: after.variantId,
    sku: after.sku,
    priceId: after.id,
    priceVersion: after.version,
    priceListId: after.priceListId,
    minQuantity: after.minQuantity,
    previous: before?.active ? { amount: before.amount, currency } : null,
    unitPrice: after.active ? { amount: after.amount, currency } : null,
  });
  if (before?.active && after.active && after.amount < before.amount) announceDrop(tx, before, after, currency);
};

const announceDrop = (tx: Tx, before: PriceRecord, after: PriceRecord, currency: string): void => {
  tx.append('price.dropped', after.productId, {
    productId: after.productId,
    variantId: after.variantId,
    sku: after.sku,
    priceListId: after.priceListId,
    minQuantity: after.minQuantity,
    previous: { amount: before.amount, currency },
    unitPrice: { amount: after.amount, currency },
    percent: Math.floor(((before.amount - after.amount) * 100) / before.amount),
  });
};
