import { defineContract } from '../chassis/contract/index.ts';
import { cartOperations } from './contract/carts.ts';
import { cartEvents, orderEvents } from './contract/events.ts';
import { fulfilAndRefundOperations, lifeOperations, placeAndReadOperations } from './contract/orders.ts';
import { promotionOperations } from './contract/promotions.ts';
import { quoteOperations } from './contract/quotes.ts';
import { shippingAndTaxOperations } from './contract/shipping-and-tax.ts';

/** Orders: carts, quotes, promotions, shipping and tax, and an order's whole life. */
export const ordersContract = defineContract({
  domain: 'orders',
  title: 'Orders',
  description: 'From the first thing in a cart to the last refund: carts, quotes, promotions, orders, fulfilments.',
  version: 1,
  personalData: true,
  operations: {
    ...cartOperations,
    ...quoteOperations,
    ...placeAndReadOperations,
    ...lifeOperations,
    ...fulfilAndRefundOperations,
    ...promotionOperations,
    ...shippingAndTaxOperations,
  },
  events: { ...cartEvents, ...orderEvents },
});
