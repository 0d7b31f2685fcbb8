import type { z } from 'zod';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { topicOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';

/** An event that the platform publishes, as the trigger offers it. */
export interface CatalogueEvent {
  type: string;
  /** "Order created" */
  title: string;
  description: string;
  topic: string;
  /** The domain that says it, as the CloudEvents source: "/orders". */
  source: string;
  /** The kind of thing it is about: "order". */
  aggregate: string;
  payload: z.ZodType;
}

const contracts: readonly Contract[] = [
  catalogContract,
  inventoryContract,
  ordersContract,
  customersContract,
  walletContract,
  notificationsContract,
  fraudContract,
  eventsContract,
];

/** Events of one's own, published by workflows and by other systems, travel here. */
const CUSTOM_EVENTS_TOPIC = topicOf(eventsContract);

/**
 * Every event of every contract, by title. Alone among the nodes, the trigger ships contracts and Zod and no data computed from them: it judges each
 * event's data as it arrives, and a validator of JSON Schema would take their place in the bundle without saying the same in the same words.
 */
export const catalogue: readonly CatalogueEvent[] = contracts
  .flatMap((contract) =>
    Object.entries(contract.events)
      // A family has no type of its own: its events are named as custom ones.
      .filter(([, { family }]) => !family)
      .map(([type, { title, description, aggregate, payload }]) => ({
        type,
        title,
        description,
        topic: topicOf(contract),
        source: `/${contract.domain}`,
        aggregate,
        payload,
      })),
  )
  .toSorted((left, right) => left.title.localeCompare(right.title, 'en'));

const byType = new Map(catalogue.map((event) => [event.type, event]));

/** What the catalogue says of an event; undefined for a custom one. */
export const declaredEvent = (type: string): CatalogueEvent | undefined => byType.get(type);

/** The topics that carry these event types, once each. */
export const topicsOf = (types: readonly string[]): string[] => [
  ...new Set(types.map((type) => byType.get(type)?.topic ?? CUSTOM_EVENTS_TOPIC)),
];
