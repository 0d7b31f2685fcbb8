import type { Context, Handlers } from './context.ts';
import { abandonHandlers } from './service/abandon-cart.ts';
import { cancelRestHandlers } from './service/cancel-rest.ts';
import { cartLineHandlers } from './service/cart-lines.ts';
import { cartHandlers } from './service/carts.ts';
import { confirmHandlers } from './service/confirm.ts';
import { exportHandlers } from './service/export.ts';
import { fulfilHandlers } from './service/fulfil.ts';
import { lifecycleHandlers } from './service/lifecycle.ts';
import { linkHandlers } from './service/link.ts';
import { offerHandlers } from './service/offers.ts';
import { placeHandlers } from './service/place.ts';
import { createPricing } from './service/pricing.ts';
import { promotionHandlers } from './service/promotions.ts';
import { quoteHandlers } from './service/quotes.ts';
import { readHandlers } from './service/read.ts';
import { refundHandlers } from './service/refund.ts';
import { shippingAndTaxHandlers } from './service/shipping-and-tax.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => {
  const pricing = createPricing(context);
  return {
    ...cartHandlers(context, pricing),
    ...cartLineHandlers(context, pricing),
    ...abandonHandlers(context),
    ...quoteHandlers(context, pricing),
    ...placeHandlers(context),
    ...offerHandlers(context, pricing),
    ...readHandlers(context),
    ...lifecycleHandlers(context),
    ...cancelRestHandlers(context),
    ...confirmHandlers(context),
    ...fulfilHandlers(context),
    ...refundHandlers(context),
    ...linkHandlers(context),
    ...exportHandlers(context),
    ...promotionHandlers(context),
    ...shippingAndTaxHandlers(context),
  };
};
