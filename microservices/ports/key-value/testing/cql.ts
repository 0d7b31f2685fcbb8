import { randomBytes } from 'node:crypto';
import { cqlKeyValue, openCqlCluster, prepareKeyspace, type CqlCluster, type CqlKeyValueOptions } from '../cql.ts';
import { readCqlAddress, type CqlAddress } from '../cql/address.ts';
import type { KeyValue } from '../port.ts';

/** The cluster of this test run, from TEST_CQL. Throws where there is none. */
export const testCqlAddress = (): CqlAddress => {
  const text = process.env['TEST_CQL'];
  const address = text === undefined ? undefined : readCqlAddress(text);
  if (!address)
    throw new Error(
      `TEST_CQL holds "${text ?? ''}": it should name a CQL cluster, as user:password@host:port. TEST_CQL=cassandra starts one.`,
    );
  return address;
};

export const newKeyspace = (): string => `test_${randomBytes(8).toString('hex')}`;

/** A prepared keyspace as a store. */
export const openCqlKeyValue = async (cluster: CqlCluster, options: CqlKeyValueOptions): Promise<KeyValue> => {
  await prepareKeyspace(cluster, options);
  return cqlKeyValue(cluster, options.keyspace);
};

export interface TestKeyspace {
  cluster: CqlCluster;
  keyspace: string;
  store: KeyValue;
  drop: () => Promise<void>;
}

/** The KeyValue port on a keyspace that nobody else uses. */
export const createTestKeyspace = async (): Promise<TestKeyspace> => {
  const cluster = await openCqlCluster(testCqlAddress());
  const keyspace = newKeyspace();
  const store = await openCqlKeyValue(cluster, { keyspace });
  return { cluster, keyspace, store, drop: () => dropKeyspace(cluster, keyspace).then(() => cluster.close()) };
};

export const dropKeyspace = async ({ client }: CqlCluster, keyspace: string): Promise<void> => {
  await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`, [], { prepare: false, readTimeout: 30_000 });
};
