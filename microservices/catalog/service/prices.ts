import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { PriceList } from '../contract/shapes.ts';
import { hasEnded } from '../policy/price-lists.ts';
import type { ProductRecord } from '../policy/record.ts';
import { findPriced, findPriceList, lockBaseListsShared } from '../store/price-lists.ts';
import { findPrice, toPrice, type PriceRecord } from '../store/prices.ts';
import { lockProduct, lockProducts } from '../store/products.ts';
import { findVariantsBySku } from '../store/variants.ts';
import { changePrices, type ChangedPrices } from './change-prices.ts';
import { missing } from './missing.ts';

type Names = 'setPrice' | 'setPrices' | 'removePrice';

interface AskedPrice {
  sku: string;
  unitPrice: { amount: number; currency: string };
  minQuantity: number;
}

/** Commands that set and remove prices. */
export const priceCommands = ({ now }: Context): Pick<Handlers, Names> => ({
  setPrice: command(async (tx, { priceListId, ...asked }, { errors }) => {
    const list = await openList(tx, priceListId, now(), errors);
    const [price] = (await setPrices(tx, list, [asked], now(), errors)).prices;
    if (!price) throw new Error(`The price of ${asked.sku} is not there right after it was set`);
    return toPrice(price, list.currency);
  }),

  setPrices: command(async (tx, { priceListId, prices: asked }, { errors }) => {
    const list = await openList(tx, priceListId, now(), errors);
    const { prices, changed } = await setPrices(tx, list, asked, now(), errors);
    return { changed, prices: prices.map((price) => toPrice(price, list.currency)) };
  }),

  removePrice: command(async (tx, { priceListId, priceId }, { errors }) => {
    const at = now();
    const { list, price, product } = await openPrice(tx, priceListId, priceId, errors);
    await lockBaseListsShared(tx, at);
    const pricedBefore = await findPriced(tx, [price.variantId], at);
    await endPrice(tx, list, price, at);
    const pricedAfter = await findPriced(tx, [price.variantId], at);
    if (isOnSale(product, price) && pricedBefore.has(price.variantId) && !pricedAfter.has(price.variantId)) {
      throw errors.STILL_NEEDED(
        `${price.sku} is on sale and this is its only price. Set another first, or take the variant off sale.`,
        { examples: [price.sku] },
      );
    }
    return { priceId };
  }),
});

/** A price that stands in a list, with its product locked. */
const openPrice = async (
  tx: Tx,
  priceListId: string,
  priceId: string,
  errors: Pick<Failures<'removePrice'>, 'NOT_FOUND'>,
): Promise<{ list: PriceList; price: PriceRecord; product: ProductRecord | undefined }> => {
  const list = await findPriceList(tx, priceListId);
  const found = await findPrice(tx, priceId);
  const product = found && (await lockProduct(tx, found.productId));
  // Read again under the product's lock.
  const price = await findPrice(tx, priceId);
  if (!list || !price?.active || price.priceListId !== priceListId)
    throw errors.NOT_FOUND(missing.price(priceId, priceListId));
  return { list, price, product };
};

const endPrice = async (tx: Tx, list: PriceList, price: PriceRecord, at: Date): Promise<void> => {
  const variant = { id: price.variantId, productId: price.productId, sku: price.sku };
  const { minQuantity } = price;
  await changePrices(tx, [{ priceListId: list.id, currency: list.currency, variant, minQuantity, amount: null }], at);
};

const isOnSale = (product: ProductRecord | undefined, { variantId }: PriceRecord): boolean =>
  product?.state === 'published' && product.variants.some((variant) => variant.id === variantId && variant.sellable);

const openList = async (
  tx: Tx,
  priceListId: string,
  now: Date,
  errors: Pick<Failures<'setPrices'>, 'NOT_FOUND' | 'LIST_ENDED'>,
): Promise<PriceList> => {
  const list = await findPriceList(tx, priceListId);
  if (!list) throw errors.NOT_FOUND(missing.priceList(priceListId));
  if (hasEnded(list, now))
    throw errors.LIST_ENDED(`The list "${list.code}" ended on ${list.validUntil ?? ''}. Create a new one.`);
  return list;
};

const setPrices = async (
  tx: Tx,
  list: PriceList,
  asked: readonly AskedPrice[],
  now: Date,
  errors: Pick<Failures<'setPrices'>, 'UNKNOWN_SKU' | 'CURRENCY_MISMATCH'>,
): Promise<ChangedPrices> => {
  const other = asked.find((each) => each.unitPrice.currency !== list.currency);
  if (other) {
    throw errors.CURRENCY_MISMATCH(
      `The list "${list.code}" is in ${list.currency}; the price of ${other.sku} is in ${other.unitPrice.currency}.`,
      {
        expected: list.currency,
        given: other.unitPrice.currency,
      },
    );
  }
  const variants = new Map(
    (
      await findVariantsBySku(
        tx,
        asked.map((each) => each.sku),
      )
    ).map((variant) => [variant.sku, variant]),
  );
  const skus = [...new Set(asked.map((each) => each.sku).filter((sku) => !variants.has(sku)))];
  if (skus.length > 0)
    throw errors.UNKNOWN_SKU(`There is no variant with the SKU ${skus.slice(0, 5).join(', ')}. Create it first.`, {
      skus,
    });
  await lockProducts(tx, [...new Set([...variants.values()].map((variant) => variant.productId))]);
  const wanted = asked.flatMap(({ sku, minQuantity, unitPrice }) => {
    const variant = variants.get(sku);
    return variant
      ? [{ priceListId: list.id, currency: list.currency, variant, minQuantity, amount: unitPrice.amount }]
      : [];
  });
  return changePrices(tx, wanted, now);
};
