import type { Contract, PayloadOf } from '../contract/index.ts';
import { topicOf } from '../contract/index.ts';
import type { CommerceEvent } from './envelope.ts';
import type { Transaction } from '../transaction.ts';

/**
 * A service's reaction to an event of another domain (or its own). `prepare` may read and call other services; `apply`
 * changes state in the transaction that also records the event as seen, so its effect happens exactly once. `prepare`
 * may run more than once.
 */
export interface Reaction<Prepared = unknown> {
  topic: string;
  type: string;
  prepare?: (event: CommerceEvent) => Promise<Prepared>;
  apply: (event: CommerceEvent, tx: Transaction, prepared: Prepared) => Promise<void>;
}

/** Declares a reaction to one event of a contract, with the event's payload typed and checked by its schema. */
export const react = <Of extends Contract, Name extends keyof Of['events'] & string, Prepared = undefined>(
  contract: Of,
  type: Name,
  apply: (event: CommerceEvent<PayloadOf<Of, Name>>, tx: Transaction, prepared: Prepared) => Promise<void>,
  prepare?: (event: CommerceEvent<PayloadOf<Of, Name>>) => Promise<Prepared>,
): Reaction => {
  const schema = contract.events[type]?.payload;
  // The schema is what vouches for the payload's type: a breach goes to the dead-letter topic.
  const typed = (event: CommerceEvent) =>
    ({ ...event, data: schema?.parse(event.data) }) as CommerceEvent<PayloadOf<Of, Name>>;
  return {
    topic: topicOf(contract),
    type,
    ...(prepare ? { prepare: (event) => prepare(typed(event)) } : {}),
    apply: (event, tx, prepared) => apply(typed(event), tx, prepared as Prepared),
  };
};
