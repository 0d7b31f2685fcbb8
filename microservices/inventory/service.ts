import type { Context, Handlers } from './context.ts';
import { deliveryHandlers } from './service/deliveries.ts';
import { itemHandlers } from './service/items.ts';
import { locationHandlers } from './service/locations.ts';
import { policyHandlers } from './service/policies.ts';
import { reservationHandlers } from './service/reservations.ts';
import { stockHandlers } from './service/stock.ts';
import { transferHandlers } from './service/transfers.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...locationHandlers(context),
  ...itemHandlers(context),
  ...policyHandlers(context),
  ...stockHandlers(context),
  ...deliveryHandlers(context),
  ...transferHandlers(context),
  ...reservationHandlers(context),
});
