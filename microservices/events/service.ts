import { implementContract } from '../chassis/http/handlers.ts';
import type { Context } from './context.ts';
import { eventsContract } from './contract.ts';
import type { Push } from './push/supervise.ts';
import { catalogueHandlers } from './service/catalogue.ts';
import { subscriptionHandlers } from './service/subscriptions.ts';

/** The operations of the domain; `push` is told after every change of a subscription. */
export const handlers = (context: Context, push: Pick<Push, 'wake' | 'halt'>) =>
  implementContract(eventsContract, { ...catalogueHandlers(context), ...subscriptionHandlers(context, push) });
