import { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import type { ResolvedLine } from '../contract/prices.ts';
import { minQuantity as minQuantityShape, sku as skuShape } from '../contract/values.ts';
import { priorPrice, shownPrices, type ShownPeriod } from '../policy/price-history.ts';
import { inLocale, variantTitle } from '../policy/texts.ts';
import { keepsCatalog } from '../policy/visibility.ts';
import { findPriceList } from '../store/price-lists.ts';
import { findPricePeriods, findSnapshot, listPrices, toPrice } from '../store/prices.ts';
import { resolveLines, type ResolvedRow } from '../store/resolve.ts';
import { findVariantBySku } from '../store/variants.ts';
import { missing } from './missing.ts';

type Names = 'listPrices' | 'resolvePrices' | 'getPriceSnapshot' | 'getPriceHistory';

const DAY = 86_400_000;

/** Queries for prices. */
export const priceQueries = ({ database, now, settings }: Context): Pick<Handlers, Names> => ({
  listPrices: async ({ priceListId, limit, cursor, skuPrefix }, { errors }) => {
    const list = await findPriceList(database, priceListId);
    if (!list) throw errors.NOT_FOUND(missing.priceList(priceListId));
    const after = readCursor(cursor, z.tuple([skuShape, minQuantityShape]));
    const rows = await listPrices(database, { priceListId, skuPrefix }, after, limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.sku, row.minQuantity],
      (row) => toPrice(row, list.currency),
    );
  },

  resolvePrices: async ({ lines, currency, customerGroup, locale }, { caller, errors }) => {
    requireGroupAccess(caller, customerGroup, errors);
    const rows = await resolveLines(database, lines, currency, customerGroup, now());
    const found = rows.map((row) => ({ row, reason: missingReason(row) }));
    return {
      lines: found.flatMap(({ row, reason }) =>
        reason === undefined ? [toResolvedLine(row, currency, locale, settings.locale)] : [],
      ),
      missing: found.flatMap(({ row, reason }) => (reason === undefined ? [] : [{ sku: row.sku, reason }])),
    };
  },

  getPriceSnapshot: async ({ priceId, version }, { errors }) => {
    const snapshot = await findSnapshot(database, priceId, version);
    if (!snapshot) throw errors.NOT_FOUND(missing.priceVersion(priceId, version));
    const { amount, currency, ...rest } = snapshot;
    return { priceId, version, ...rest, unitPrice: { amount, currency } };
  },

  getPriceHistory: async ({ sku, currency, customerGroup, days }, { caller, errors }) => {
    requireGroupAccess(caller, customerGroup, errors);
    const variant = await findVariantBySku(database, sku);
    const product = variant && (keepsCatalog(caller) || (await isOnSale(database, sku, currency, now())));
    if (!variant || !product) throw errors.NOT_FOUND(missing.soldSku(sku, currency));
    const at = now().getTime();
    const shown = shownPrices(await findPricePeriods(database, variant.id, currency, customerGroup), 0, at);
    const { current, priorLowest, reduced } = priorPrice(shown, days * DAY);
    const toShown = (period: ShownPeriod) => toShownPrice(period, currency);
    return {
      sku,
      current: current ? toShown(current) : null,
      priorLowest: priorLowest ? toShown(priorLowest) : null,
      reduced,
      history: shown
        .filter((period) => period.until === null || period.until > at - days * DAY)
        .slice(-1_000)
        .map(toShown),
    };
  },
});

const requireGroupAccess = (
  caller: Caller,
  customerGroup: string | undefined,
  errors: Pick<Failures<'resolvePrices'>, 'GROUP_PRICES_NEED_A_KEY'>,
): void => {
  if (customerGroup === undefined || keepsCatalog(caller)) return;
  throw errors.GROUP_PRICES_NEED_A_KEY(
    `Only API keys with the scope catalog:read see the prices of the group "${customerGroup}". Leave customerGroup out.`,
  );
};

const isOnSale = async (database: Queryable, sku: string, currency: string, now: Date): Promise<boolean> =>
  (await resolveLines(database, [{ sku, quantity: 1 }], currency, undefined, now)).every(
    (row) => row.state === 'published',
  );

type MissingReason = 'unknown_sku' | 'not_published' | 'not_sellable' | 'no_price';

const missingReason = (row: ResolvedRow): MissingReason | undefined => {
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
