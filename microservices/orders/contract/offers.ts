import { z } from 'zod';
import { id, newAddress, nonNegativeMoney, operation, reference, timestamp } from '../../chassis/contract/index.ts';
import { order } from './order.ts';
import { quote } from './quotes.ts';
import { failures, MAX_ORDER_AMOUNT, quantity, sku } from './values.ts';

const access = { scope: 'orders:write' };

/** A campaign's price of one unit, within what an order can come to. */
const offerPrice = nonNegativeMoney.extend({
  amount: z.int().min(0, 'an amount here cannot be negative').max(MAX_ORDER_AMOUNT),
});

export const offerOperations = {
  quoteOffer: operation({
    method: 'POST',
    path: '/quotes/offers',
    title: 'Quote offer',
    description:
      'Prices one SKU for a customer at the price of a campaign, with shipping and tax, until the campaign’s team ends. For services and keys that run campaigns; the price is theirs to answer for. Stock is not looked at: reserve it.',
    access,
    input: z.object({
      customerId: id('cus').describe('Who buys'),
      sku,
      quantity: quantity.default(1),
      unitPrice: offerPrice.describe('The campaign’s price of one unit, with or without tax as the list price is'),
      campaignId: reference.describe('The campaign'),
      teamId: reference.describe('The team or other group of buyers'),
      shippingAddress: newAddress.describe('Where it goes'),
      shippingMethod: reference.optional().describe('Code of a shipping method; otherwise the cheapest that fits'),
      expiresAt: timestamp.describe('Until when it can be placed, at most 30 days from now'),
    }),
    output: quote,
    errors: {
      NOT_SELLABLE: failures.notSellable,
      TOO_LARGE: failures.tooLarge,
      CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' },
      OFFER_TOO_LONG: { status: 422, title: 'Offer lasts too long', data: z.object({ latest: z.string() }) },
      NO_SHIPPING_METHOD: {
        status: 409,
        title: 'No shipping method available',
        data: z.object({ country: z.string(), weightGrams: z.int(), available: z.array(z.string()) }),
      },
    },
    successStatus: 201,
  }),
  placeOffer: operation({
    method: 'POST',
    path: '/orders/offers',
    title: 'Place offer',
    description:
      'Makes an order of the quote of an offer, at the quoted price or a lower one, under the id for which money and stock are held. A repeat for the same quote and id returns the order. Who places it confirms it: order.created names the campaign, so that journeys leave it alone.',
    access,
    input: z.object({
      quoteId: id('quo'),
      orderId: id('ord').describe('The id that the hold and the reservation name'),
      unitPrice: offerPrice.describe('The final price of one unit: never above the quoted one'),
    }),
    output: order,
    errors: {
      QUOTE_NOT_FOUND: failures.quoteNotFound,
      NOT_AN_OFFER: { status: 409, title: 'Quote is not of an offer' },
      PRICE_ABOVE_QUOTE: {
        status: 422,
        title: 'Price above the quoted one',
        data: z.object({ quoted: nonNegativeMoney, given: nonNegativeMoney }),
      },
      QUOTE_EXPIRED: { status: 410, title: 'Quote expired', data: z.object({ expiredAt: z.string() }) },
      QUOTE_ALREADY_PLACED: { status: 409, title: 'Quote already placed', data: z.object({ orderId: z.string() }) },
    },
    successStatus: 201,
  }),
} as const;
