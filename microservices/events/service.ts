import { implementContract } from '../chassis/http/handlers.ts';
import type { Context } from './context.ts';
import { eventsContract } from './contract.ts';
import { catalogueHandlers } from './service/catalogue.ts';
import { subscriptionHandlers } from './service/subscriptions.ts';

/** The operations of the domain; `changed` is told after every change of a subscription. */
export const handlers = (context: Context, changed: () => void) =>
  implementContract(eventsContract, { ...catalogueHandlers(context), ...subscriptionHandlers(context, changed) });
