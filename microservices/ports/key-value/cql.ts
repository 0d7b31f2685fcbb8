import type { CqlCluster } from './cql/cluster.ts';
import { cqlCounters } from './cql/counters.ts';
import { checkKeyspace, ensureKeyspace } from './cql/keyspace.ts';
import { migrateKeyspace, readCqlMigrations } from './cql/migrate.ts';
import { cqlRanks } from './cql/ranks.ts';
import { openSession } from './cql/session.ts';
import { cqlValues } from './cql/values.ts';
import type { KeyValue } from './port.ts';

export { openCqlCluster, type CqlCluster, type CqlOptions } from './cql/cluster.ts';
export { CqlStartError } from './cql/failures.ts';

export interface CqlKeyValueOptions {
  /**
   * Small letters, digits and underscores. A keyspace is one service's, as a schema is in SQL: nobody reads another's
   * rows, roles can be granted each their own.
   */
  keyspace: string;
  /**
   * Copies of each row in this data centre, should the keyspace have to be made; three unless said, or as many as there
   * are nodes.
   */
  replicationFactor?: number | undefined;
}

/**
 * Makes a keyspace and its tables where they are missing. Throws CqlStartError when they are missing and may not be
 * made.
 */
export const prepareKeyspace = async (
  cluster: CqlCluster,
  { keyspace, replicationFactor }: CqlKeyValueOptions,
): Promise<void> => {
  await ensureKeyspace(cluster, keyspace, replicationFactor);
  await migrateKeyspace(
    cluster.client,
    keyspace,
    await readCqlMigrations(new URL('./cql/migrations/', import.meta.url)),
  );
};

/**
 * The KeyValue port on ScyllaDB or Apache Cassandra, in a keyspace that `prepareKeyspace` has prepared. Reads and
 * writes reach a quorum of the data centre's copies; what conditions decide goes by LOCAL_SERIAL. Sent again is only
 * what may be: see outcome.ts and session.ts. `now` is the clock that versions start from, in milliseconds.
 */
export const cqlKeyValue = (
  { client }: CqlCluster,
  keyspace: string,
  { now = Date.now }: { now?: () => number } = {},
): KeyValue => {
  const session = openSession(client, checkKeyspace(keyspace));
  return { ...cqlValues(session, now), ...cqlCounters(session), ...cqlRanks(session) };
};
