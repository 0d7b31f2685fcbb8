import { z } from 'zod';
import { currency, id, operation, page, pageQuery, text, timestamp } from '../../chassis/contract/index.ts';
import { failures } from './failures.ts';
import { code, customerGroup, locale, minQuantity, price, priceList, sku, taxCategory, unitPrice } from './values.ts';

const read = { scope: 'catalog:read' };
const write = { scope: 'catalog:write' };
const { NOT_FOUND, CURRENCY_MISMATCH, STILL_NEEDED } = failures;
const priceListId = id('lst');
/** A moment that a shop can mean, and that a database can store. */
const moment = timestamp.refine((value) => /^(19[7-9]|20|21)/.test(value), 'a moment between 1970 and 2199');
const UNKNOWN_SKU = {
  status: 422,
  title: 'There is no such SKU',
  data: z.object({ skus: z.array(z.string()) }),
} as const;
const LIST_ENDED = { status: 409, title: 'The price list has ended' } as const;
const INVALID_PERIOD = { status: 422, title: 'The period is not possible' } as const;
const GROUP_PRICES_NEED_A_KEY = { status: 403, title: 'Prices of a group are not public' } as const;

export const resolvedLine = z
  .object({
    sku,
    quantity: z.int(),
    productId: id('prd'),
    variantId: id('var'),
    title: z.string().describe('Title of the product in the asked language, or the nearest there is'),
    variantTitle: z.string().nullable().describe('What tells the variant from its siblings, for example "M, red"'),
    priceId: id('prc'),
    priceVersion: z.int().describe('With priceId names this amount for ever'),
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
  createPriceList: operation({
    method: 'POST',
    path: '/price-lists',
    title: 'Create price list',
    description:
      'Creates a list of prices in one currency, for everybody or one customer group, for ever or for a period (a sale).',
    access: write,
    input: z.object({
      code,
      title: text(120),
      currency,
      customerGroup: customerGroup.optional(),
      taxInclusive: z.boolean().default(true).describe('Whether the prices contain tax'),
      priority: z
        .int()
        .min(0)
        .max(1_000)
        .default(0)
        .describe('Among lists that apply, the highest wins. A sale stands above the standard list'),
      validFrom: moment.optional(),
      validUntil: moment.optional(),
    }),
    output: priceList,
    errors: {
      CODE_TAKEN: { status: 409, title: 'This code is in use', data: z.object({ code: z.string(), priceListId }) },
      INVALID_PERIOD,
    },
    successStatus: 201,
  }),
  updatePriceList: operation({
    method: 'PATCH',
    path: '/price-lists/{priceListId}',
    title: 'Update price list',
    description:
      'Changes the title or the period. Only the future can be changed: a list that began keeps its beginning, one that ended stays ended, because the price history must stay true.',
    access: write,
    input: z.object({
      priceListId,
      title: text(120).optional(),
      validFrom: moment.nullable().optional(),
      validUntil: moment.nullable().optional(),
    }),
    output: priceList,
    errors: { NOT_FOUND, LIST_ENDED, INVALID_PERIOD, STILL_NEEDED },
  }),
  getPriceList: operation({
    method: 'GET',
    path: '/price-lists/{priceListId}',
    title: 'Get price list',
    description: 'One price list.',
    access: read,
    input: z.object({ priceListId }),
    output: priceList,
    errors: { NOT_FOUND },
  }),
  listPriceLists: operation({
    method: 'GET',
    path: '/price-lists',
    title: 'List price lists',
    description: 'Price lists in the order of their codes.',
    access: read,
    input: z.object({
      ...pageQuery,
      currency: currency.optional(),
      customerGroup: customerGroup.optional(),
      code: code.optional(),
    }),
    output: page(priceList),
  }),
  setPrice: operation({
    method: 'PUT',
    path: '/price-lists/{priceListId}/prices',
    title: 'Set price',
    description:
      'Sets the price of a variant in a list, from a quantity on. A changed amount is a new version; the same amount changes nothing.',
    access: write,
    input: z.object({ priceListId, sku, unitPrice, minQuantity: minQuantity.default(1) }),
    output: price,
    errors: { NOT_FOUND, UNKNOWN_SKU, CURRENCY_MISMATCH, LIST_ENDED },
  }),
  setPrices: operation({
    method: 'POST',
    path: '/price-lists/{priceListId}/prices',
    title: 'Set many prices',
    description: 'Sets up to 500 prices of a list, all or none.',
    access: write,
    input: z.object({
      priceListId,
      prices: z
        .array(z.object({ sku, unitPrice, minQuantity: minQuantity.default(1) }))
        .min(1)
        .max(500),
    }),
    output: z.object({ changed: z.int().describe('How many amounts are new'), prices: z.array(price) }),
    errors: { NOT_FOUND, UNKNOWN_SKU, CURRENCY_MISMATCH, LIST_ENDED },
  }),
  removePrice: operation({
    method: 'DELETE',
    path: '/price-lists/{priceListId}/prices/{priceId}',
    title: 'Remove price',
    description: 'Ends a price. Refused when a published product would be left without one. Its history stays.',
    access: write,
    input: z.object({ priceListId, priceId: id('prc') }),
    output: z.object({ priceId: id('prc') }),
    errors: { NOT_FOUND, STILL_NEEDED },
  }),
  listPrices: operation({
    method: 'GET',
    path: '/price-lists/{priceListId}/prices',
    title: 'List prices',
    description: 'The prices of a list in the order of SKU and quantity.',
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
      'What up to 200 lines cost right now: for each the winning price as a snapshot (id and version), or why there is none. Prices of a customer group are told to API keys only.',
    access: { ...read, public: true },
    input: z.object({
      lines: z
        .array(z.object({ sku, quantity: z.int().min(1).max(1_000_000) }))
        .min(1)
        .max(200),
      currency,
      customerGroup: customerGroup.optional(),
      locale: locale.optional().describe('Language of the titles'),
    }),
    output: z.object({
      lines: z.array(resolvedLine).describe('In the order asked, without the missing ones'),
      missing: z.array(z.object({ sku, reason: missingReason })),
    }),
    errors: { GROUP_PRICES_NEED_A_KEY },
    readOnly: true,
  }),
  getPriceSnapshot: operation({
    method: 'GET',
    path: '/catalog/prices/{priceId}/versions/{version}',
    title: 'Get price snapshot',
    description: 'The amount that a price id and version named, however long ago.',
    access: read,
    input: z.object({ priceId: id('prc'), version: z.int().min(1).max(2_147_483_647) }),
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
    errors: { NOT_FOUND },
  }),
  getPriceHistory: operation({
    method: 'GET',
    path: '/catalog/prices/history',
    title: 'Get price history',
    description:
      'The single-unit prices shown for a SKU and the lowest of the 30 days before the current one began: the prior price that EU Directive 98/6/EC, article 6a (Omnibus) asks to show with a reduction.',
    access: { ...read, public: true },
    input: z.object({
      sku,
      currency,
      customerGroup: customerGroup.optional(),
      days: z.int().min(30).max(365).default(30),
    }),
    output: z.object({
      sku,
      current: shownPrice.nullable(),
      priorLowest: shownPrice
        .nullable()
        .describe('Lowest price of the days before the current price began; empty when there was none'),
      reduced: z.boolean().describe('The current price is lower than the price before it'),
      history: z.array(shownPrice).describe('Oldest first'),
    }),
    errors: { NOT_FOUND, GROUP_PRICES_NEED_A_KEY },
  }),
};
