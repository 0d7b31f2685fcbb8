import type { types } from 'cassandra-driver';
import { type Client, type policies, type QueryOptions } from 'cassandra-driver';
import PrepareHandler from 'cassandra-driver/lib/prepare-handler.js';
import { withClient, type ScyllaDbCredential } from './connection.ts';
import { type CqlType, toCql } from './to-cql.ts';
import { StoreError } from '../datastore/error.ts';

/** A statement whose values stand apart from it: one for each `?`, in order, as they come from an item. */
export interface Statement {
  cql: string;
  values: unknown[];
  /** May be sent again when its answer got lost. */
  idempotent: boolean;
}

export interface RunSettings {
  consistency: number;
  serialConsistency: number;
  /** How long to wait for one answer. */
  timeoutMs: number;
  /** Times without a zone are meant in this one (IANA). */
  zone: string;
  /** Rows asked for at once. */
  fetchSize: number;
}

export interface Answer {
  /** The driver's rows; they arrive page by page as they are read. */
  rows: types.ResultSet;
  /** The value sent for each `?`, with the name that the database has for it: a column, mostly. */
  bound: { name: string; value: unknown }[];
}

export interface Session {
  run: (statement: Statement, settings: RunSettings) => Promise<Answer>;
}

/** Connects for one execution, hands a session to `work`, and closes the connections whatever happens. */
export const withSession = <Result>(
  credential: ScyllaDbCredential,
  work: (session: Session) => Promise<Result>,
): Promise<Result> =>
  withClient(credential, (client, balancing) =>
    work({ run: (statement, settings) => run(client, balancing, statement, settings) }),
  );

const run = async (
  client: Client,
  balancing: policies.loadBalancing.LoadBalancingPolicy,
  { cql, values, idempotent }: Statement,
  settings: RunSettings,
): Promise<Answer> => {
  const options: QueryOptions = {
    consistency: settings.consistency,
    serialConsistency: settings.serialConsistency,
    readTimeout: settings.timeoutMs,
    fetchSize: settings.fetchSize,
    isIdempotent: idempotent,
  };
  // Nothing to bind: it need not be prepared, and what defines tables should not be.
  if (values.length === 0) return { rows: await client.execute(cql, [], options), bound: [] };
  const markers = await markersOf(client, balancing, cql);
  if (markers.length !== values.length) throw wrongCount(markers, values);
  const bound = markers.map(({ name, type }, index) => ({
    name,
    value: toCql(type, values[index], { zone: settings.zone, what: name }),
  }));
  const sent = bound.map(({ value }) => value);
  return { rows: await client.execute(cql, sent, { ...options, prepare: true }), bound };
};

/** The server itself says what type each `?` of a statement has; the driver then uses the same prepared statement. */
const markersOf = async (
  client: Client,
  balancing: policies.loadBalancing.LoadBalancingPolicy,
  cql: string,
): Promise<{ name: string; type: CqlType }[]> => {
  const { meta } = await PrepareHandler.getPrepared(client, balancing, cql, client.keyspace || undefined);
  return meta.columns;
};

const wrongCount = (markers: { name: string }[], values: unknown[]): StoreError => {
  const names = markers.map(({ name }) => name).join(', ');
  return new StoreError(
    'PARAMETER_COUNT',
    `The query has ${markers.length} ${markers.length === 1 ? 'parameter' : 'parameters'}${names && ` (${names})`} and got ${values.length} ${values.length === 1 ? 'value' : 'values'}.`,
    'Give one value for each ? in the query, in the same order.',
  );
};
