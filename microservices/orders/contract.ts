import { defineContract, withExamples } from '../chassis/contract/index.ts';
import { orderExamples } from './contract/examples.ts';
import { cartOperations } from './contract/carts.ts';
import { cartEvents, orderEvents } from './contract/events.ts';
import { factOperations } from './contract/facts.ts';
import { fulfilAndRefundOperations } from './contract/fulfil-and-refund.ts';
import { lifecycleOperations } from './contract/lifecycle.ts';
import { placeAndReadOperations } from './contract/place-and-read.ts';
import { offerOperations } from './contract/offers.ts';
import { orderPrivacyOperations } from './contract/privacy.ts';
import { promotionOperations } from './contract/promotions.ts';
import { quoteOperations } from './contract/quotes.ts';
import { shippingAndTaxOperations } from './contract/shipping-and-tax.ts';

/** Carts, quotes, promotions, shipping and tax, and orders from placing to the last refund. */
export const ordersContract = defineContract({
  domain: 'orders',
  title: 'Orders',
  noun: 'Order',
  description: 'Carts, quotes, promotions, shipping methods, tax rates, orders, fulfilments and refunds.',
  version: 1,
  personalData: true,
  operations: {
    ...cartOperations,
    ...quoteOperations,
    ...offerOperations,
    ...factOperations,
    ...placeAndReadOperations,
    ...lifecycleOperations,
    ...fulfilAndRefundOperations,
    ...orderPrivacyOperations,
    ...promotionOperations,
    ...shippingAndTaxOperations,
  },
  events: withExamples({ ...cartEvents, ...orderEvents }, orderExamples),
});
