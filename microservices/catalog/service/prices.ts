import { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import type { ResolvedLine, priceOperations } from '../contract/prices.ts';
import { minQuantity as minQuantityShape, sku as skuShape, type PriceList } from '../contract/values.ts';
import { priorPrice, shownPrices, type ShownPeriod } from '../policy/price-history.ts';
import { hasEnded } from '../policy/price-lists.ts';
import { inLocale, variantTitle } from '../policy/texts.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { findPriced, findPriceList, holdBaseLists } from '../store/price-lists.ts';
import { findPrice, findPricePeriods, findSnapshot, listPrices, toPrice } from '../store/prices.ts';
import { lockProduct, lockProducts } from '../store/products.ts';
import { resolveLines, type ResolvedRow } from '../store/resolve.ts';
import { findVariantBySku, findVariantsBySku } from '../store/variants.ts';
import { changePrices, type ChangedPrices } from './change-prices.ts';
import { keepsCatalog, type CatalogContext, type CatalogHandlers, type CatalogTransaction } from './context.ts';

type CommandNames = 'setPrice' | 'setPrices' | 'removePrice';
type QueryNames = 'listPrices' | 'resolvePrices' | 'getPriceSnapshot' | 'getPriceHistory';
type SetErrors = FailureConstructors<(typeof priceOperations)['setPrices']['errors']>;
interface AskedPrice {
  sku: string;
  unitPrice: { amount: number; currency: string };
  minQuantity: number;
}

const DAY = 86_400_000;

/** Prices as they are set. */
export const priceCommands = ({ platform }: CatalogContext): CatalogHandlers<CommandNames> => ({
  setPrice: async ({ priceListId, ...asked }, { commit, errors }) =>
    commit(async (tx) => {
      const list = await openList(tx, priceListId, platform.now(), errors);
      const [price] = (await setPrices(tx, list, [asked], platform.now(), errors)).prices;
      if (!price) throw new Error(`the price of ${asked.sku} was set and is not there`);
      return toPrice(price, list.currency);
    }),

  setPrices: async ({ priceListId, prices: asked }, { commit, errors }) =>
    commit(async (tx) => {
      const list = await openList(tx, priceListId, platform.now(), errors);
      const { prices, changed } = await setPrices(tx, list, asked, platform.now(), errors);
      return { changed, prices: prices.map((price) => toPrice(price, list.currency)) };
    }),

  removePrice: async ({ priceListId, priceId }, { commit, errors }) =>
    commit(async (tx) => {
      const now = platform.now();
      const list = await findPriceList(tx, priceListId);
      const found = await findPrice(tx, priceId);
      const product = found && (await lockProduct(tx, found.productId));
      // Read again under the product's lock.
      const price = await findPrice(tx, priceId);
      if (!list || !price?.active || price.priceListId !== priceListId)
        throw errors.NOT_FOUND(`There is no price ${priceId} in the list ${priceListId}.`);
      await holdBaseLists(tx, now);
      const pricedBefore = await findPriced(tx, [price.variantId], now);
      const variant = { id: price.variantId, productId: price.productId, sku: price.sku };
      await changePrices(
        tx,
        [{ priceListId, currency: list.currency, variant, minQuantity: price.minQuantity, amount: null }],
        now,
      );
      const onSale =
        product?.state === 'published' && product.variants.some((each) => each.id === price.variantId && each.sellable);
      if (onSale && pricedBefore.has(variant.id) && !(await findPriced(tx, [variant.id], now)).has(variant.id)) {
        throw errors.STILL_NEEDED(
          `${price.sku} is on sale and this is its only price. Set another first, or take the variant off sale.`,
          { examples: [price.sku] },
        );
      }
      return { priceId };
    }),
});

/** Prices as they are asked for. */
export const priceQueries = ({ platform, settings }: CatalogContext): CatalogHandlers<QueryNames> => ({
  listPrices: async ({ priceListId, limit, cursor, skuPrefix }, { errors }) => {
    const list = await findPriceList(platform.database, priceListId);
    if (!list) throw errors.NOT_FOUND(`There is no price list ${priceListId}.`);
    const after = readCursor(cursor, z.tuple([skuShape, minQuantityShape]));
    const rows = await listPrices(platform.database, { priceListId, skuPrefix }, after, limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.sku, row.minQuantity],
      (row) => toPrice(row, list.currency),
    );
  },

  resolvePrices: async ({ lines, currency, customerGroup, locale }, { caller, errors }) => {
    requireGroupAccess(caller, customerGroup, errors);
    const rows = await resolveLines(platform.database, lines, currency, customerGroup, platform.now());
    const found = rows.map((row) => ({ row, reason: missingBecause(row) }));
    return {
      lines: found.flatMap(({ row, reason }) =>
        reason === undefined ? [toResolvedLine(row, currency, locale, settings.locale)] : [],
      ),
      missing: found.flatMap(({ row, reason }) => (reason === undefined ? [] : [{ sku: row.sku, reason }])),
    };
  },

  getPriceSnapshot: async ({ priceId, version }, { errors }) => {
    const snapshot = await findSnapshot(platform.database, priceId, version);
    if (!snapshot) throw errors.NOT_FOUND(`There is no version ${version} of the price ${priceId}.`);
    const { amount, currency, ...rest } = snapshot;
    return { priceId, version, ...rest, unitPrice: { amount, currency } };
  },

  getPriceHistory: async ({ sku, currency, customerGroup, days }, { caller, errors }) => {
    requireGroupAccess(caller, customerGroup, errors);
    const variant = await findVariantBySku(platform.database, sku);
    const product =
      variant && (keepsCatalog(caller) || (await isOnSale(platform.database, sku, currency, platform.now())));
    if (!variant || !product) throw errors.NOT_FOUND(`There is no SKU ${sku} on sale in ${currency}.`);
    const now = platform.now().getTime();
    const shown = shownPrices(await findPricePeriods(platform.database, variant.id, currency, customerGroup), 0, now);
    const { current, priorLowest, reduced } = priorPrice(shown, days * DAY);
    const tell = (period: ShownPeriod) => toShownPrice(period, currency);
    return {
      sku,
      current: current ? tell(current) : null,
      priorLowest: priorLowest ? tell(priorLowest) : null,
      reduced,
      history: shown
        .filter((period) => period.until === null || period.until > now - days * DAY)
        .slice(-1_000)
        .map(tell),
    };
  },
});

const requireGroupAccess = (
  caller: Caller,
  customerGroup: string | undefined,
  errors: { GROUP_PRICES_NEED_A_KEY: (detail: string) => Problem },
): void => {
  if (customerGroup === undefined || keepsCatalog(caller)) return;
  throw errors.GROUP_PRICES_NEED_A_KEY(
    `Prices of the group "${customerGroup}" are told to API keys with the scope catalog:read only. Leave customerGroup out.`,
  );
};

const isOnSale = async (
  database: CatalogContext['platform']['database'],
  sku: string,
  currency: string,
  now: Date,
): Promise<boolean> =>
  (await resolveLines(database, [{ sku, quantity: 1 }], currency, undefined, now)).every(
    (row) => row.state === 'published',
  );

const openList = async (
  tx: CatalogTransaction,
  priceListId: string,
  now: Date,
  errors: Pick<SetErrors, 'NOT_FOUND' | 'LIST_ENDED'>,
): Promise<PriceList> => {
  const list = await findPriceList(tx, priceListId);
  if (!list) throw errors.NOT_FOUND(`There is no price list ${priceListId}.`);
  if (hasEnded(list, now))
    throw errors.LIST_ENDED(`The list "${list.code}" ended on ${list.validUntil ?? ''}. Create a new one.`);
  return list;
};

const setPrices = async (
  tx: CatalogTransaction,
  list: PriceList,
  asked: readonly AskedPrice[],
  now: Date,
  errors: Pick<SetErrors, 'UNKNOWN_SKU' | 'CURRENCY_MISMATCH'>,
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

type MissingReason = 'unknown_sku' | 'not_published' | 'not_sellable' | 'no_price';

const missingBecause = (row: ResolvedRow): MissingReason | undefined => {
  if (row.variantId === null) return 'unknown_sku';
  if (row.state !== 'published') return 'not_published';
  if (!row.sellable) return 'not_sellable';
  return row.priceId === null ? 'no_price' : undefined;
};

const toResolvedLine = (
  row: ResolvedRow,
  currency: string,
  locale: string | undefined,
  shopLocale: string,
): ResolvedLine => ({
  sku: row.sku,
  quantity: row.quantity,
  productId: row.productId,
  variantId: row.variantId ?? '',
  title: inLocale(row.title, locale, shopLocale),
  variantTitle: variantTitle({ title: row.variantTitle, options: row.options }, row.optionAxes, locale, shopLocale),
  priceId: row.priceId ?? '',
  priceVersion: row.priceVersion,
  unitPrice: { amount: row.amount, currency },
  taxInclusive: row.taxInclusive,
  taxCategory: row.taxCategory,
  weightGrams: row.weightGrams,
  requiresShipping: row.requiresShipping,
});

const toShownPrice = ({ from, until, price }: ShownPeriod, currency: string) => ({
  from: new Date(from).toISOString(),
  until: until === null ? null : new Date(until).toISOString(),
  priceId: price.priceId,
  priceVersion: price.version,
  priceListId: price.priceListId,
  unitPrice: { amount: price.amount, currency },
});
