import type { z } from 'zod';
import { allContracts } from '../../ai/contracts.ts';
import { declarationOf, topicOf } from '../../microservices/chassis/contract/index.ts';

/** A type of event that the platform publishes, as the trigger offers it. */
export interface EventType {
  type: string;
  /** "Order created" */
  title: string;
  description: string;
  topic: string;
  /** The domain that publishes it, as the CloudEvents source: "/orders". */
  source: string;
  /** The kind of thing it is about: "order". */
  aggregate: string;
  payload: z.ZodType;
}

/**
 * Every event type that a contract declares by its own name, sorted by title. The trigger alone ships contracts and Zod: it checks the data of each event
 * as it arrives.
 */
export const eventTypes: readonly EventType[] = allContracts
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

const byType = new Map(eventTypes.map((event) => [event.type, event]));

/** The event type of this name; undefined for one of a family (`custom.…`) and for one that no contract declares. */
export const declaredEvent = (type: string): EventType | undefined => byType.get(type);

/** The topic of an event type, be it declared by its own name or one of a family. Throws an Error in plain words for any other. */
export const topicOfType = (type: string): string => {
  const contract = allContracts.find((one) => declarationOf(one, type));
  if (contract) return topicOf(contract);
  throw new Error(
    `There is no event type "${type}". Choose one under Event Types. Event types of your own begin with custom, for example custom.loyalty_anniversary.`,
  );
};

/** The topics that carry these event types, once each. Throws an Error in plain words for a type that no contract declares. */
export const topicsOf = (types: readonly string[]): string[] => [...new Set(types.map(topicOfType))];
