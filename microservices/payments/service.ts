import type { Context, Handlers } from './context.ts';
import { createPayment } from './service/create.ts';
import { disputeHandlers } from './service/disputes.ts';
import { reconciliationHandlers } from './service/reconciliations.ts';
import { movementHandlers } from './service/movements.ts';
import { queryHandlers } from './service/queries.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  createPayment: createPayment(context),
  ...movementHandlers(context),
  ...disputeHandlers(context),
  ...reconciliationHandlers(context),
  ...queryHandlers(context),
});
