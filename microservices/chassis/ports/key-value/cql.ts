import type { CqlCluster } from './cql/cluster.ts';
import { cqlCounters } from './cql/counters.ts';
import { ensureKeyspace } from './cql/keyspace.ts';
import { migrateKeyspace, readCqlMigrations } from './cql/migrate.ts';
import { cqlRanks } from './cql/ranks.ts';
import { openSession } from './cql/session.ts';
import { cqlValues } from './cql/values.ts';
import type { KeyValue } from './port.ts';

export { openCqlCluster, type CqlCluster, type CqlOptions } from './cql/cluster.ts';
export { CqlStartError } from './cql/failures.ts';

export interface CqlKeyValueOptions {
  /** Small letters, digits and underscores. A keyspace is one service's, as a schema is in SQL: nobody reads another's rows, roles can be granted each their own. */
  keyspace: string;
  /** Copies of each row in this data centre, should the keyspace have to be made; three unless said, or as many as there are nodes. */
  replicationFactor?: number | undefined;
}

/**
 * The KeyValue port on ScyllaDB or Apache Cassandra. Makes the keyspace and its tables where they are missing. Reads and writes reach a quorum of
 * the data centre's copies; what conditions decide goes by LOCAL_SERIAL. Throws CqlStartError when the keyspace is missing and may not be made.
 */
export const openCqlKeyValue = async (
  cluster: CqlCluster,
  { keyspace, replicationFactor }: CqlKeyValueOptions,
): Promise<KeyValue> => {
  await ensureKeyspace(cluster, keyspace, replicationFactor);
  await migrateKeyspace(
    cluster.client,
    keyspace,
    await readCqlMigrations(new URL('./cql/migrations/', import.meta.url)),
  );
  const session = openSession(cluster.client, keyspace);
  return { ...cqlValues(session), ...cqlCounters(session), ...cqlRanks(session) };
};
