import cassandra from 'cassandra-driver';
import { closeClient, mendDriver } from './driver-faults.ts';
import { CqlStartError, startUpFailure } from './failures.ts';
import { identityCheck } from './identity.ts';

const { auth, policies, types } = cassandra;

const CONNECT_TIMEOUT_MS = 5_000;
/**
 * Longer than a server's own limits (1.8 s for conditional writes by default), so that it is the server that says what
 * happened.
 */
const PATIENCE_MS = 5_000;
/**
 * The client's own policy tries every ten minutes in the end: after an outage it stayed away as long, and `close` kept
 * a process for what was left of it.
 */
const RECONNECT_AFTER_MS = { first: 250, most: 2_000 };

export interface CqlOptions {
  /** "host:port" each; 9042 where a port is missing. Any one that answers leads to all nodes. */
  contactPoints: readonly string[];
  /** The data centre that is near. Needed where the cluster has several. */
  dataCentre?: string | undefined;
  credentials?: { username: string; password: string } | undefined;
  /** How long an answer may take, in milliseconds; five seconds unless said. */
  patienceMs?: number | undefined;
  /** Encrypted connections: the authority's certificate (PEM), where it is not one that everybody trusts. */
  tls?: { ca?: string | undefined; servername?: string | undefined } | undefined;
}

/** A connection to a cluster, shared by all services of a process. */
export interface CqlCluster {
  client: cassandra.Client;
  dataCentre: string;
  /** Nodes of that data centre. */
  nodes: number;
  /** ScyllaDB 6 and later, whose tablets have to be switched off where there are counters and conditional writes. */
  knowsTablets: boolean;
  close(): Promise<void>;
}

/**
 * Connects to ScyllaDB or Apache Cassandra. Throws CqlStartError when no contact point answers, the credentials are
 * wrong or the data centre is not there.
 */
export const openCqlCluster = async (options: CqlOptions): Promise<CqlCluster> => {
  const dataCentre = await findDataCentre(options);
  const client = new cassandra.Client({
    ...connecting(options),
    localDataCenter: dataCentre,
    queryOptions: {
      prepare: true,
      consistency: types.consistencies.localQuorum,
      serialConsistency: types.consistencies.localSerial,
      isIdempotent: false,
    },
    policies: {
      loadBalancing: new policies.loadBalancing.DefaultLoadBalancingPolicy({ localDc: dataCentre }),
      retry: new policies.retry.IdempotenceAwareRetryPolicy(new policies.retry.RetryPolicy()),
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(
        RECONNECT_AFTER_MS.first,
        RECONNECT_AFTER_MS.most,
      ),
      speculativeExecution: new policies.speculativeExecution.NoSpeculativeExecutionPolicy(),
    },
  });
  mendDriver(client);
  try {
    await client.connect();
    return {
      client,
      dataCentre,
      nodes: client.hosts.values().filter(({ datacenter }) => datacenter === dataCentre).length,
      knowsTablets: await hasTablets(client),
      close: () => closeClient(client),
    };
  } catch (error) {
    await closeClient(client);
    throw startUpFailure(error, options);
  }
};

const connecting = ({
  contactPoints,
  credentials,
  tls,
  patienceMs = PATIENCE_MS,
}: CqlOptions): cassandra.ClientOptions => ({
  contactPoints: [...contactPoints],
  ...(credentials ? { authProvider: new auth.PlainTextAuthProvider(credentials.username, credentials.password) } : {}),
  ...(tls
    ? { sslOptions: { rejectUnauthorized: true, checkServerIdentity: identityCheck(contactPoints), ...tls } }
    : {}),
  socketOptions: { connectTimeout: CONNECT_TIMEOUT_MS, readTimeout: patienceMs },
  // 64-bit integers as bigint; the client's own Long would end up in our types.
  encoding: { useBigIntAsLong: true },
});

/**
 * The client has to know its data centre before it connects: a first, brief connection without that knowledge asks for
 * it.
 */
const findDataCentre = async (options: CqlOptions): Promise<string> => {
  const scout = new cassandra.Client({
    ...connecting(options),
    policies: { loadBalancing: new policies.loadBalancing.RoundRobinPolicy() },
    pooling: { warmup: false },
    isMetadataSyncEnabled: false,
  });
  try {
    await scout.connect();
    const found = [...new Set(scout.hosts.values().map(({ datacenter }) => datacenter))].toSorted();
    return chooseDataCentre(found, options.dataCentre);
  } catch (error) {
    throw startUpFailure(error, options);
  } finally {
    await closeClient(scout);
  }
};

/** The wanted data centre, or the only one. Throws an error that names those there are. */
export const chooseDataCentre = (found: readonly string[], wanted: string | undefined): string => {
  const names = found.join(', ');
  if (wanted !== undefined && !found.includes(wanted))
    throw new CqlStartError(
      `The CQL cluster has no data centre "${wanted}"; it has ${names}. Names are exact, also in their letter case.`,
    );
  const [only, ...others] = found;
  if (wanted !== undefined) return wanted;
  if (only === undefined) throw new CqlStartError('The CQL cluster does not say in which data centre its nodes are.');
  if (others.length > 0)
    throw new CqlStartError(`The CQL cluster has the data centres ${names}: say which one is near this process.`);
  return only;
};

const hasTablets = async (client: cassandra.Client): Promise<boolean> =>
  (
    await client.execute(
      `SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'system' AND table_name = 'tablets'`,
      [],
      { isIdempotent: true },
    )
  ).rowLength > 0;
