import type { Context, Handlers } from './context.ts';
import { deadLetterHandlers } from './service/dead-letters/dead-letters.ts';
import { eventTypeHandlers } from './service/event-types.ts';
import { inspectHandlers } from './service/subscriptions/inspect.ts';
import { onceHandlers } from './service/once.ts';
import type { Push } from './service/push/supervise.ts';
import { journeyHandlers } from './service/journeys/journeys.ts';
import { sharingHandlers } from './service/sharing.ts';
import { subscriptionHandlers } from './service/subscriptions/subscriptions.ts';
import { waitHandlers } from './service/waits/waits.ts';

/** Every operation of the domain; `push` learns of every changed subscription at once. */
export const handlers = (context: Context, push: Pick<Push, 'wake' | 'halt'>): Handlers => ({
  ...eventTypeHandlers(context),
  ...subscriptionHandlers(context, push),
  ...inspectHandlers(context),
  ...onceHandlers(context),
  ...deadLetterHandlers(context),
  ...waitHandlers(context),
  ...sharingHandlers(context),
  ...journeyHandlers(context),
});
