import { isIP } from 'node:net';
import { Client, policies, types, type DseClientOptions, type Host } from 'cassandra-driver';
import { closeClient, mendDriver } from '../../microservices/ports/key-value/cql/driver-faults.ts';
import { identityCheck } from '../../microservices/ports/key-value/cql/identity.ts';
import { StoreError } from '../datastore/error.ts';
import { tlsOf, type TlsCredential } from '../run/tls.ts';

/** The fields of the ScyllaDB credential, as n8n hands them over. */
export interface ScyllaDbCredential extends TlsCredential {
  contactPoints: string;
  localDataCenter?: string;
  keyspace?: string;
  username?: string;
  password?: string;
}

const DEFAULT_PORT = 9042;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The contact points of a credential, "host:port" each. Throws an Error in words when there is none or one is
 * malformed.
 */
export const contactPointsOf = ({ contactPoints }: Pick<ScyllaDbCredential, 'contactPoints'>): string[] => {
  const listed = (contactPoints ?? '').split(/[\s,]+/).filter((point) => point !== '');
  if (listed.length === 0) {
    throw new Error(
      'The ScyllaDB credential names no contact point. Enter at least one as host:port, for example scylla-1:9042.',
    );
  }
  return listed.map(withPort);
};

const withPort = (point: string): string => {
  // An IPv6 address without brackets holds colons that are none of a port's.
  if (isIP(point) === 6) return `[${point}]:${DEFAULT_PORT}`;
  const parts = /^(\[[0-9a-fA-F:]+\]|[^\s:/]+)(?::(\d{1,5}))?$/.exec(point);
  const port = Number(parts?.[2] ?? DEFAULT_PORT);
  if (!parts || port < 1 || port > 65_535) {
    throw new Error(
      `The ScyllaDB credential names a contact point "${point}". A contact point is host:port, for example scylla-1:9042.`,
    );
  }
  return `${parts[1]}:${port}`;
};

/**
 * The nodes of one data centre, one after the other; the others are let alone. The driver's own policy for it fails
 * while it connects, and then leaves a connection open that nobody can close: whether the data centre exists is looked
 * at afterwards.
 */
class OneDataCenter extends policies.loadBalancing.RoundRobinPolicy {
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  override getDistance(host: Host): types.distance {
    return host.datacenter === this.#name ? types.distance.local : types.distance.ignored;
  }
}

const dataCenterOf = ({ localDataCenter }: ScyllaDbCredential): string => localDataCenter?.trim() ?? '';

/** Which nodes are asked: those of the data centre that is named, or else any. */
const loadBalancing = (credential: ScyllaDbCredential): policies.loadBalancing.LoadBalancingPolicy => {
  const name = dataCenterOf(credential);
  const { RoundRobinPolicy, TokenAwarePolicy } = policies.loadBalancing;
  return new TokenAwarePolicy(name === '' ? new RoundRobinPolicy() : new OneDataCenter(name));
};

/** Throws StoreError (DATA_CENTER_NOT_FOUND) when no node is in the data centre that is named. */
const assertDataCenter = (client: Client, credential: ScyllaDbCredential): void => {
  const name = dataCenterOf(credential);
  const there = [...new Set(client.hosts.values().map(({ datacenter }) => datacenter))];
  if (name === '' || there.includes(name)) return;
  throw new StoreError(
    'DATA_CENTER_NOT_FOUND',
    `The cluster has no data center "${name}".`,
    `It has ${there.join(', ')}: correct the credential, upper and lower case count. Left empty, every data center is used.`,
  );
};

/** The driver's options for a credential. Throws an Error in plain words for a credential that cannot be used. */
const clientOptions = (
  credential: ScyllaDbCredential,
  balancing: policies.loadBalancing.LoadBalancingPolicy,
): DseClientOptions => ({
  contactPoints: contactPointsOf(credential),
  ...(credential.keyspace?.trim() && { keyspace: credential.keyspace.trim() }),
  ...(credential.username && {
    credentials: { username: credential.username, password: credential.password ?? '' },
  }),
  ...(credential.ssl && {
    sslOptions: { ...tlsOf(credential), checkServerIdentity: identityCheck(contactPointsOf(credential)) },
  }),
  policies: { loadBalancing: balancing },
  // One short execution: the schema is read where it is needed, and nothing is reported to anybody.
  isMetadataSyncEnabled: false,
  monitorReporting: { enabled: false },
  prepareOnAllHosts: false,
  rePrepareOnUp: false,
  applicationName: 'n8n-fusioncommerce',
  // Maps keep keys of any name, and of any type, only as a Map.
  encoding: { map: Map },
  queryOptions: { consistency: types.consistencies.localQuorum, fetchSize: 1_000 },
  socketOptions: { connectTimeout: CONNECT_TIMEOUT_MS },
});

/** Connects, hands the client to `work` and closes it, whatever happens. */
export const withClient = async <Answer>(
  credential: ScyllaDbCredential,
  work: (client: Client, balancing: policies.loadBalancing.LoadBalancingPolicy) => Promise<Answer>,
): Promise<Answer> => {
  const balancing = loadBalancing(credential);
  const client = new Client(clientOptions(credential, balancing));
  mendDriver(client);
  try {
    await client.connect();
    assertDataCenter(client, credential);
    return await work(client, balancing);
  } finally {
    await closeClient(client);
  }
};
