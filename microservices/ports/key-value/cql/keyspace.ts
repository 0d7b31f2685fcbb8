import type { CqlCluster } from './cluster.ts';
import { CqlStartError, hasCode, messageOf } from './failures.ts';
import { changeSchema } from './schema.ts';

const NAME = /^[a-z][a-z0-9_]{0,47}$/;
const MOST_COPIES = 3;

/**
 * The name, if it can be a keyspace's; it stands in statements, where no parameter can. Throws RangeError otherwise.
 */
export const checkKeyspace = (name: string): string => {
  if (!NAME.test(name))
    throw new RangeError(
      `A keyspace is named with 1 to 48 lowercase letters, digits and underscores, a letter first; this one is "${name}".`,
    );
  return name;
};

/** The statement that makes a keyspace on this cluster. */
export const createKeyspaceStatement = (
  { dataCentre, knowsTablets }: Pick<CqlCluster, 'dataCentre' | 'knowsTablets'>,
  keyspace: string,
  copies: number,
): string =>
  `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', '${dataCentre.replaceAll("'", "''")}': ${copies}}` +
  // Neither counters nor conditional writes go with tablets in all versions of ScyllaDB that have them. Cassandra does
  // not know the word.
  (knowsTablets ? ` AND tablets = {'enabled': false}` : '');

/**
 * Makes a keyspace where it is missing, with so many copies of each row (unless said: three, or as many as there are
 * nodes). One that is there stays as it is. Throws CqlStartError with the statement for an administrator when this user
 * may not make one.
 */
export const ensureKeyspace = async (
  cluster: CqlCluster,
  keyspace: string,
  replicationFactor?: number,
): Promise<void> => {
  const { client } = cluster;
  const found = await client.execute(
    'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?',
    [checkKeyspace(keyspace)],
    { isIdempotent: true },
  );
  if (found.rowLength > 0) return;
  const copies = replicationFactor ?? Math.min(MOST_COPIES, cluster.nodes);
  const statement = createKeyspaceStatement(cluster, keyspace, copies);
  try {
    await changeSchema(client, statement);
  } catch (error) {
    if (!hasCode(error, 'unauthorized')) throw error;
    throw new CqlStartError(
      `The keyspace ${keyspace} does not exist, and this user may not create it (${messageOf(error)}). Let an administrator run: ${statement}; GRANT CREATE, SELECT, MODIFY ON KEYSPACE ${keyspace} TO …`,
      { cause: error },
    );
  }
};
