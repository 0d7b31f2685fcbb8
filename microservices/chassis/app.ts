import type { KeyValue } from '../ports/key-value/port.ts';
import type { ObjectStore } from '../ports/object-store/port.ts';
import type { Client } from './client.ts';
import { isRehearsal } from './context.ts';
import type { Contract } from './contract/index.ts';
import type { Database } from './database/index.ts';
import { createStreams, type Streams } from './events/streams.ts';
import { pageKey } from './http/page-key.ts';
import { createNeighbourClient } from './neighbours.ts';
import type { Settings, SettingsOf } from './settings/index.ts';
import type { SharedResources } from './shared-resources.ts';
import type { Logger } from './telemetry/log.ts';
import { commitWith, type Transaction } from './transaction.ts';

/** The chassis as a domain sees it: everything that a service is built with. */
export interface App<Of extends Contract = Contract, Declared extends Settings = Record<never, never>> {
  contract: Of;
  settings: SettingsOf<Declared>;
  database: Database;
  /** One transaction with events, for jobs; commands have their own. The work may be run again. */
  commit<T>(work: (tx: Transaction<Of>) => Promise<T>): Promise<T>;
  /** A typed client of another domain, with this service's own key. */
  client<Other extends Contract>(contract: Other): Client<Other>;
  /**
   * Opens the key-value store; to be called while the service is built, so that it is ready before the first request.
   */
  openKeyValue(): KeyValue;
  objectStore: ObjectStore;
  /** Kafka under consumer groups of the domain's own, for more than reactions. */
  streams: Streams;
  /** The contracts of all domains, this one included, also of those that run in another process. */
  contracts: readonly Contract[];
  /** The key in a link that opens an operator's page of this service, at a path, to a browser elsewhere. */
  pageKey: (path: string) => string;
  /** The time, so that tests can set it. */
  now: () => Date;
  log: Logger;
}

/** The parts of an App that are made anew for each service. */
export interface AppParts<Of extends Contract, Declared extends Settings> extends Pick<
  App<Of, Declared>,
  'contract' | 'settings' | 'database' | 'openKeyValue' | 'log'
> {
  shared: SharedResources;
  /** Events may have been appended. */
  onCommit: () => void;
}

/** Puts together what `build` of a service is given. */
export const createApp = <Of extends Contract, Declared extends Settings>({
  shared,
  onCommit,
  ...own
}: AppParts<Of, Declared>): App<Of, Declared> => ({
  ...own,
  commit: async (work) => {
    const result = await commitWith(own.database, own.contract, work);
    if (!isRehearsal()) onCommit();
    return result;
  },
  client: (other) =>
    createNeighbourClient(other, {
      url: shared.urlOf(other.domain),
      credential: shared.serviceKey,
      neighbours: shared.neighbours,
      authenticate: shared.authenticate,
    }),
  objectStore: shared.objectStore,
  streams: createStreams(shared.kafka, shared.producer, own.log),
  contracts: shared.contracts,
  pageKey: (path) => pageKey(shared.serviceKey, path),
  now: shared.now,
});
