import type { Platform } from '../chassis/service.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { eventsContract } from './contract.ts';
import type { EventsSettings } from './settings.ts';

export type EventsTransaction = Transaction<typeof eventsContract>;

/** What every part of the domain works with. */
export interface Context {
  platform: Platform<typeof eventsContract>;
  settings: EventsSettings;
}

/** The consumer group of a subscription. */
export const groupOf = (subscriptionId: string): string => `push-${subscriptionId}`;
