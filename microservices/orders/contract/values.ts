import { z } from 'zod';
import {
  choices,
  id,
  journeyOrigin,
  line,
  money,
  positiveMoney,
  reference,
  sku as anySku,
  text,
  timestamp,
  webAddress,
} from '../../chassis/contract/index.ts';

/**
 * The largest amount one order may come to, in minor units: far above any trade, far below where sums lose exactness.
 */
export const MAX_ORDER_AMOUNT = 100_000_000_000_000;
/** A cart, a quote and an order hold this many lines at most. */
export const MAX_LINES = 500;
export const MAX_QUANTITY = 1_000_000;

export const sku = anySku.describe('Stock keeping unit, as in the catalog');

export const quantity = z
  .int()
  .min(1, 'a quantity is 1 or more')
  .max(MAX_QUANTITY, `a quantity is ${MAX_QUANTITY} at most`)
  .describe('How many');

export const wantedLine = z.object({ sku, quantity });
export const wantedLines = z.array(wantedLine).min(1).max(MAX_LINES).describe('SKUs and quantities');

/** If the stock covers a line; not_tracked: it is not shipped; unknown: inventory could not be asked. */
export const stockStatus = z
  .enum(['available', 'backorder', 'insufficient', 'not_tracked', 'unknown'])
  .describe('available: in stock; backorder: sold, delivered later; insufficient: less in stock than wanted');
export const available = z.int().nullable().describe('Units in stock that can be sold now; null when not known');

export const taxCategory = choices({
  standard: 'The usual rate of the country',
  reduced: 'The lower rate, for example of food or books where a country has one',
  zero: 'Never taxed',
}).describe('Which tax rate of a country applies');
export const paymentMethod = choices({
  wallet: 'From the customer’s wallet',
  cash_on_delivery: 'To the carrier, in cash',
  card: 'By card, or split over several methods, through a payment',
}).describe('How it is paid');
export const promotionCode = z
  .string()
  .trim()
  .overwrite((code) => code.normalize('NFC').replaceAll(/ +/g, ' ').toUpperCase())
  .min(2, 'a code has 2 characters or more')
  .max(40, 'a code has 40 characters at most')
  .refine(
    (code) => /^[\p{L}\p{N} ._%-]*$/u.test(code),
    'a code holds letters, digits, spaces, dots, dashes, underscores and percent signs',
  )
  .meta({
    description: 'Code that customers type; upper and lower case are the same',
    examples: ['WELCOME10'],
  });

/** Basis points, 1/100 of a percent: 1900 is 19 %. */
export const basisPoints = z.int().min(0).max(10_000).describe('In 1/100 of a percent: 1900 is 19 %');

export const reason = text(500).describe('Reason, kept in the timeline');

/** An amount that staff or a journey asks to move: more than zero and not beyond what an order can come to. */
export const orderAmount = positiveMoney.extend({
  amount: z.int().min(1, 'an amount here must be more than zero').max(MAX_ORDER_AMOUNT),
});

export const totals = z
  .object({
    items: money.describe('All lines before discount, without tax'),
    discount: money.describe('Taken off the items, without tax; zero or more'),
    shipping: money.describe('Shipping without tax'),
    tax: money.describe('All tax: of the discounted items and of shipping'),
    grandTotal: money.describe('Amount to pay: items − discount + shipping + tax'),
  })
  .meta({ id: 'OrderTotals', title: 'Totals' });

/** The campaign that sells a line at a price of its own, in place of the listed one. */
export const lineOffer = z
  .object({
    campaignId: reference.describe('The campaign'),
    teamId: reference.describe('The team or other group of buyers'),
    listPrice: money.describe('The listed price of one unit when it was quoted'),
  })
  .meta({ id: 'LineOffer', title: 'Offer of a campaign' });

export const pricedLine = z.object({
  lineId: id('lin'),
  sku,
  productId: z.string(),
  variantId: z.string(),
  title: z.string(),
  variantTitle: z.string().nullable(),
  quantity: z.int(),
  unitPrice: money.describe('As listed, with or without tax as taxInclusive says'),
  taxInclusive: z.boolean().describe('True when unitPrice, listTotal and listDiscount contain the tax'),
  taxCategory,
  taxRate: basisPoints,
  priceId: z.string().describe('The price that was shown'),
  priceVersion: z.int().describe('Its version when it was shown'),
  listTotal: money.describe('unitPrice × quantity'),
  listDiscount: money.describe('Taken off listTotal'),
  net: money.describe('The line before discount, without tax'),
  discount: money.describe('The discount without tax'),
  tax: money.describe(
    'Tax of the discounted line; by the shop’s setting rounded in each line, or as its share of the tax of its rate',
  ),
  total: money.describe('Cost of the line: net − discount + tax'),
  weightGrams: z.int().describe('Weight of one unit'),
  requiresShipping: z.boolean(),
  offer: lineOffer.optional().describe('Where a campaign sells it: unitPrice is the campaign’s, not the listed one'),
});

export const pricedShipping = z.object({
  taxCategory: taxCategory.optional(),
  code: z.string(),
  title: z.string(),
  listPrice: money.describe('As the method lists it'),
  taxInclusive: z.boolean(),
  taxRate: basisPoints,
  net: money.describe('Without tax'),
  tax: money,
  total: money.describe('net + tax'),
});

export const appliedPromotion = z.object({
  promotionId: z.string(),
  code: z.string(),
  title: z.string(),
  listDiscount: money.describe('Taken off the listed prices, as the customer sees it'),
});

export const taxSum = z.object({
  category: taxCategory,
  rate: basisPoints,
  base: money.describe('Amount that is taxed'),
  tax: money,
});

export const actor = z
  .string()
  .describe('Who did it: key:<API key>, customer:<customer>, guest, event:<event type> or job:<name>');

export const timelineEntry = z
  .object({
    position: z.int().describe('1, 2, 3 … per order'),
    at: timestamp,
    kind: z.string().describe('One of state, payment, allocation, fulfilment, refund and note'),
    title: z.string().describe('One sentence to read'),
    from: z.string().nullable().describe('State before, for changes of state'),
    to: z.string().nullable().describe('State after, for changes of state'),
    actor,
    reason: z.string().nullable(),
    amount: money.nullable().describe('Money that moved, if any'),
    reference: z.string().nullable().describe('The fulfilment, refund, hold or reservation it is about'),
    journey: journeyOrigin.nullable().describe('The journey in n8n that did it; null when it was no journey'),
  })
  .meta({ id: 'TimelineEntry', title: 'Timeline entry' });

export const secret = reference.describe('Secret of a guest’s order, as placing it returned it');

/** What is known of a parcel. */
export const tracking = {
  carrier: line(100).optional().describe('Who brings it, for example DHL'),
  trackingNumber: reference.optional().describe('The carrier’s number of the parcel'),
  trackingUrl: webAddress(500).optional().describe('Web address where the customer follows the parcel'),
  promisedBy: timestamp
    .optional()
    .describe('When it was promised to arrive. If it has not by then, order.delivery_late is published once'),
};

/** Failures that several operations share. */
export const failures = {
  cartNotFound: { status: 404, title: 'Cart not found' },
  orderNotFound: { status: 404, title: 'Order not found' },
  quoteNotFound: { status: 404, title: 'Quote not found' },
  promotionNotFound: { status: 404, title: 'Promotion not found' },
  illegalState: {
    status: 409,
    title: 'Not allowed in this state',
    data: z.object({ state: z.string(), allowed: z.array(z.string()).describe('Moves that are possible now') }),
  },
  notSellable: {
    status: 409,
    title: 'Item not for sale',
    data: z.object({ missing: z.array(z.object({ sku: z.string(), reason: z.string() })) }),
  },
  tooLarge: {
    status: 422,
    title: 'Cart or order too large',
    data: z.object({ limit: z.int().describe('Lines or minor units at most') }),
  },
  promotionUnusable: {
    status: 409,
    title: 'Promotion not applicable',
    data: z.object({
      code: z.string(),
      reason: z.enum([
        'UNKNOWN',
        'NOT_ACTIVE',
        'NOT_STARTED',
        'ENDED',
        'OTHER_CURRENCY',
        'MINIMUM_SPEND',
        'NO_ELIGIBLE_ITEM',
        'EXHAUSTED',
        'EXHAUSTED_FOR_CUSTOMER',
      ]),
    }),
  },
} as const;
