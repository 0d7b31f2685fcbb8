import type { CqlOptions } from '../../microservices/ports/key-value/cql.ts';
import { openSqlKeyValue, purgeExpired } from '../../microservices/ports/key-value/sql.ts';
import type { SharedResources } from '../../microservices/chassis/service.ts';
import { readAuthority } from './authority.ts';
import { WrongSetting, type Options } from './options.ts';
import type { PlatformEnvironment } from './options/variables.ts';
import type { Progress } from '../process/progress.ts';

/** A CQL cluster for key-value state. */
export interface CqlConnection extends CqlOptions {
  /** Begins the names of the keyspaces: one a service, `fusioncommerce_wallet`. */
  keyspace: string;
  replicationFactor?: number | undefined;
}

export interface KeyValueProvider {
  open: SharedResources['openKeyValue'];
  stop(): Promise<void>;
}

/** Where services keep key-value state: on the cluster that is given, or else in their own SQL schema. */
export const openKeyValueProvider = async (
  cql: CqlConnection | undefined,
  progress: Progress,
): Promise<KeyValueProvider> => {
  if (!cql)
    return {
      open: ({ database }) => ({
        store: openSqlKeyValue(database),
        ready: Promise.resolve(),
        removeExpired: () => purgeExpired(database),
      }),
      stop: async () => undefined,
    };
  // The driver is loaded only where there is a cluster: more than a hundred modules.
  const { cqlKeyValue, openCqlCluster, prepareKeyspace } = await import('../../microservices/ports/key-value/cql.ts');
  const cluster = await openCqlCluster(cql);
  progress.done('Key-value', `CQL, data centre ${cluster.dataCentre}`);
  return {
    open: ({ domain }) => {
      const keyspace = keyspaceOf(cql.keyspace, domain);
      return {
        store: cqlKeyValue(cluster, keyspace),
        ready: prepareKeyspace(cluster, { keyspace, replicationFactor: cql.replicationFactor }),
      };
    },
    stop: () => cluster.close(),
  };
};

/** The keyspace of one service. */
export const keyspaceOf = (prefix: string, domain: string): string => `${prefix}_${domain}`;

type CqlSettings = Pick<
  Options,
  'cql' | 'cqlUsername' | 'cqlKeyspace' | 'cqlDataCentre' | 'cqlReplicationFactor' | 'cqlTls'
>;

/**
 * The cluster that flags and environment speak of; undefined when they speak of none. Throws WrongSetting when a part
 * is missing.
 */
export const readCqlConnection = async (
  options: CqlSettings,
  environment: PlatformEnvironment,
): Promise<CqlConnection | undefined> => {
  if (!options.cql) return undefined;
  return {
    contactPoints: options.cql.contactPoints,
    credentials: credentialsOf(options, environment.CQL_PASSWORD),
    dataCentre: options.cqlDataCentre,
    keyspace: options.cqlKeyspace,
    replicationFactor: options.cqlReplicationFactor,
    ...(options.cqlTls ? { tls: { ca: await readAuthority('CQL_TLS_CA', environment) } } : {}),
  };
};

/** A name given by itself wins over the one in the address. */
const credentialsOf = (
  { cql, cqlUsername: username }: CqlSettings,
  password: string | undefined,
): CqlOptions['credentials'] => {
  if (username === undefined) return cql?.credentials;
  if (!password)
    throw new WrongSetting(
      `The CQL user "${username}" has no password: put it into the environment variable CQL_PASSWORD.`,
    );
  return { username, password };
};
