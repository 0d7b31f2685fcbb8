import { implementContract, type Handlers } from '../chassis/http/handlers.ts';
import { ordersContract } from './contract.ts';
import { cartLineHandlers } from './service/cart-lines.ts';
import { cartHandlers } from './service/carts.ts';
import { confirmHandlers } from './service/confirm.ts';
import { fulfilHandlers } from './service/fulfil.ts';
import { lifeHandlers } from './service/life.ts';
import { placeHandlers } from './service/place.ts';
import { createPricing, type OrdersPlatform } from './service/pricing.ts';
import { promotionHandlers } from './service/promotions.ts';
import { quoteHandlers } from './service/quotes.ts';
import { readHandlers } from './service/read.ts';
import { refundHandlers } from './service/refund.ts';
import { shippingAndTaxHandlers } from './service/shipping-and-tax.ts';
import type { OrdersSettings } from './settings.ts';

/** Every operation of orders, one file a use case. */
export const handlers = (platform: OrdersPlatform, settings: OrdersSettings): Handlers<typeof ordersContract> => {
  const pricing = createPricing(platform);
  return implementContract(ordersContract, {
    ...cartHandlers({ platform, pricing }),
    ...cartLineHandlers({ platform, pricing }),
    ...quoteHandlers(platform, pricing, settings),
    ...placeHandlers(platform, settings),
    ...readHandlers(platform),
    ...lifeHandlers(platform),
    ...confirmHandlers(platform),
    ...fulfilHandlers(platform),
    ...refundHandlers(platform),
    ...promotionHandlers(platform),
    ...shippingAndTaxHandlers(platform),
  });
};
