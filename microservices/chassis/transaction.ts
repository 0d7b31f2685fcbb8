import { declarationOf, type Contract, type PayloadOf } from './contract/index.ts';
import type { Database, OpenTransaction, Queryable } from './database/index.ts';
import { flushOutbox, type CommitNotes, type PendingEvent } from './events/outbox.ts';
import { newUuid } from './ids.ts';

export interface AppendOptions {
  /** Of a family, which event it is: of `custom`, the member `loyalty_anniversary` is `custom.loyalty_anniversary`. */
  member?: string;
  /** The event's id, a UUIDv7, where the caller has to know it; a new one otherwise. */
  id?: string;
}

/** One SQL transaction that can also append events; both commit together or not at all. */
export interface Transaction<Of extends Contract = Contract> extends Queryable {
  /**
   * Appends an event about the aggregate `aggregateId`. It gets its sequence number at the end of the transaction and
   * reaches Kafka after the commit. The payload is checked against the contract: a wrong one is a defect and fails the
   * transaction.
   */
  append<Name extends keyof Of['events'] & string>(
    type: Name,
    aggregateId: string,
    payload: PayloadOf<Of, Name>,
    which?: AppendOptions,
  ): void;
}

/**
 * Runs work in one transaction of a domain, with its events, and then flushes them. `notes` may be decided by the
 * result, for what has to commit along with it. `ahead` sends a statement together with the first of the work. The work
 * may be run again (see inTransaction), so it must not act outside the database.
 */
export const commitWith = <Of extends Contract, T>(
  database: Database,
  contract: Of,
  work: (tx: Transaction<Of>, ahead: OpenTransaction['ahead']) => Promise<T>,
  notes?: (result: T) => CommitNotes,
): Promise<T> =>
  database.transaction(async (sql) => {
    const events: PendingEvent[] = [];
    const { last, ahead, ...queries } = sql;
    const result = await work({ ...queries, append: appender(contract, events) }, ahead);
    await flushOutbox({ run: async (text, values = []) => (last(text, values), 0) }, events, notes?.(result));
    return result;
  });

const appender =
  <Of extends Contract>(contract: Of, events: PendingEvent[]): Transaction<Of>['append'] =>
  (name, aggregateId, payload, { member, id = newUuid() } = {}) => {
    const type = member === undefined ? name : `${name}.${member}`;
    const declared = declarationOf(contract, type);
    if (!declared) throw new Error(`The contract of ${contract.domain} declares no event ${type}`);
    events.push({ id, type, aggregate: declared.aggregate, aggregateId, payload: declared.payload.parse(payload) });
  };
