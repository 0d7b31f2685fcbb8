import { z } from 'zod';
import { read, write } from './access.ts';
import { currency, id, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';
import { failures, notFound } from './failures.ts';
import { customerGroup, locale, minQuantity, sku, taxCategory, unitPrice } from './values.ts';
import { price } from './shapes.ts';
import { LIST_ENDED } from './price-lists.ts';

const { CURRENCY_MISMATCH, STILL_NEEDED } = failures;
const NOT_FOUND = notFound('Price list');
const priceListId = id('lst');
const UNKNOWN_SKU = {
  status: 422,
  title: 'SKU not found',
  data: z.object({ skus: z.array(z.string()) }),
} as const;
const GROUP_PRICES_NEED_A_KEY = { status: 403, title: 'Group prices need an API key' } as const;

export const resolvedLine = z
  .object({
    sku,
    quantity: z.int(),
    productId: id('prd'),
    variantId: id('var'),
    title: z.string().describe('Title of the product in the language asked for, or the nearest available'),
    variantTitle: z.string().nullable().describe('Distinguishes the variant, for example "M, red"'),
    priceId: id('prc'),
    priceVersion: z.int().describe('Together with priceId it always names this amount'),
    unitPrice,
    taxInclusive: z.boolean(),
    taxCategory,
    weightGrams: z.int(),
    requiresShipping: z.boolean(),
  })
  .meta({ id: 'ResolvedPriceLine', title: 'Priced line' });
export type ResolvedLine = z.infer<typeof resolvedLine>;

export const missingReason = z.enum(['unknown_sku', 'not_published', 'not_sellable', 'no_price']);

const shownPrice = z
  .object({
    from: timestamp,
    until: timestamp.nullable(),
    priceId: id('prc'),
    priceVersion: z.int(),
    priceListId,
    unitPrice,
  })
  .meta({ id: 'ShownPrice', title: 'Price shown in a period' });

export const priceOperations = {
  setPrice: operation({
    method: 'PUT',
    path: '/price-lists/{priceListId}/prices',
    title: 'Set price',
    description:
      'Sets the price of a variant in a list, from a minimum quantity. A changed amount makes a new version; the same amount changes nothing.',
    access: write,
    input: z.object({ priceListId, sku, unitPrice, minQuantity: minQuantity.default(1) }),
    output: price,
    errors: { NOT_FOUND, UNKNOWN_SKU, CURRENCY_MISMATCH, LIST_ENDED },
  }),
  setPrices: operation({
    method: 'POST',
    path: '/price-lists/{priceListId}/prices',
    title: 'Set many prices',
    description: 'Sets up to 500 prices of a list: all of them, or none.',
    access: write,
    input: z.object({
      priceListId,
      prices: z
        .array(z.object({ sku, unitPrice, minQuantity: minQuantity.default(1) }))
        .min(1)
        .max(500)
        .describe('SKUs with their prices'),
    }),
    output: z.object({ changed: z.int().describe('Number of amounts that changed'), prices: z.array(price) }),
    errors: { NOT_FOUND, UNKNOWN_SKU, CURRENCY_MISMATCH, LIST_ENDED },
  }),
  removePrice: operation({
    method: 'DELETE',
    path: '/price-lists/{priceListId}/prices/{priceId}',
    title: 'Remove price',
    description: 'Removes a price and keeps its history. Refused when a published product would have no price left.',
    access: write,
    input: z.object({ priceListId, priceId: id('prc') }),
    output: z.object({ priceId: id('prc') }),
    errors: { NOT_FOUND: notFound('Price'), STILL_NEEDED },
  }),
  listPrices: operation({
    method: 'GET',
    path: '/price-lists/{priceListId}/prices',
    title: 'List prices',
    description: 'Prices of a list, sorted by SKU and quantity.',
    access: read,
    input: z.object({ priceListId, ...pageQuery, skuPrefix: sku.optional() }),
    output: page(price),
    errors: { NOT_FOUND },
  }),
  resolvePrices: operation({
    method: 'POST',
    path: '/catalog/prices/resolve',
    title: 'Resolve prices',
    description:
      'Current prices of up to 200 lines: for each the price that applies, with its id and version, or the reason why there is none. Only API keys see the prices of a customer group.',
    access: { ...read, public: true },
    input: z.object({
      lines: z
        .array(
          z.object({
            sku,
            quantity: z.int().min(1).max(1_000_000).describe('How many: from some quantity on another price may apply'),
          }),
        )
        .min(1)
        .max(200)
        .describe('SKUs and quantities to price'),
      currency,
      customerGroup: customerGroup.optional(),
      locale: locale.optional().describe('Language of the titles'),
    }),
    output: z.object({
      lines: z.array(resolvedLine).describe('In the order of the request, without the missing ones'),
      missing: z.array(z.object({ sku, reason: missingReason })),
    }),
    errors: { GROUP_PRICES_NEED_A_KEY },
    readOnly: true,
  }),
  getPriceSnapshot: operation({
    method: 'GET',
    path: '/catalog/prices/{priceId}/versions/{version}',
    title: 'Get price snapshot',
    description: 'The amount of one version of a price, current or past.',
    access: read,
    input: z.object({
      priceId: id('prc'),
      version: z.int().min(1).max(2_147_483_647).describe('Number of the change, as an order or event names it'),
    }),
    output: z.object({
      priceId: id('prc'),
      version: z.int(),
      sku,
      priceListId,
      minQuantity,
      unitPrice,
      taxInclusive: z.boolean(),
      from: timestamp,
      until: timestamp.nullable(),
    }),
    errors: { NOT_FOUND: notFound('Price') },
  }),
  getPriceHistory: operation({
    method: 'GET',
    path: '/catalog/prices/history',
    title: 'Get price history',
    description:
      'Prices shown for one unit of a SKU, and the lowest of the 30 days before the current price began. EU Directive 98/6/EC, article 6a (Omnibus), requires showing that prior price with a reduction.',
    access: { ...read, public: true },
    input: z.object({
      sku,
      currency,
      customerGroup: customerGroup.optional(),
      days: z.int().min(30).max(365).default(30).describe('How far back the lowest price is looked for'),
    }),
    output: z.object({
      sku,
      current: shownPrice.nullable(),
      priorLowest: shownPrice
        .nullable()
        .describe('Lowest price of the days before the current price began; empty if there was none'),
      reduced: z.boolean().describe('The current price is lower than the price before it'),
      history: z.array(shownPrice).describe('Oldest first'),
    }),
    errors: { NOT_FOUND: notFound('Variant'), GROUP_PRICES_NEED_A_KEY },
  }),
};
