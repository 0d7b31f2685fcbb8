import type { Kafka, Producer } from 'kafkajs';
import type { Authenticate } from './auth/authenticate.ts';
import type { Contract } from './contract/index.ts';
import type { Database } from './database/index.ts';
import type { Neighbours } from './neighbours.ts';
import type { ProcessLoops } from './process-loops.ts';
import type { KeyValue } from '../ports/key-value/port.ts';
import type { ObjectStore } from '../ports/object-store/port.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** A store and when it can be used; it must not be used before. */
export interface OpenedKeyValue {
  store: KeyValue;
  ready: Promise<unknown>;
  /** Deletes some expired values, where the engine does not by itself; true when there are more. */
  removeExpired?: () => Promise<boolean>;
}

/** Resources that all services of a process share. */
export interface SharedResources {
  databaseUrl: string;
  /** Connections and loops. */
  loops: ProcessLoops;
  kafka: Kafka;
  producer: Producer;
  /** Where each domain is reached; the gateway for all where they share a process. */
  urlOf: (domain: string) => string;
  serviceKey: string;
  authenticate: Authenticate;
  /** The services of this process, which reach each other without HTTP; empty to begin with. */
  neighbours: Neighbours;
  metrics: Metrics;
  logLevel: string;
  bodyLimit: number;
  /** The key-value store of one service, called for those that use one. */
  openKeyValue: (service: { domain: string; database: Database }) => OpenedKeyValue;
  objectStore: ObjectStore;
  /** Every contract of the platform, also of services that run elsewhere. */
  contracts: readonly Contract[];
  now: () => Date;
  environment: Record<string, string | undefined>;
}
