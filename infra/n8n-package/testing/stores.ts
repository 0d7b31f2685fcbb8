import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { cql } from '../../engines/cql/index.ts';
import { silentProgress } from '../../local/progress.ts';
import { accessKey, secretKey, startS3Server, type S3Product } from './s3-server.ts';

/** A running datastore, with what a credential of n8n has to hold for it. */
export interface Store {
  credential: IDataObject;
  stop: () => Promise<void>;
}

/** Cassandra, which stands in for ScyllaDB: the one that CQL_CONTACT_POINTS names, or one of this test's own. */
export const startCqlStore = async (): Promise<Store> => {
  const given = process.env['CQL_CONTACT_POINTS'];
  const user = { username: process.env['CQL_USERNAME'] ?? '', password: process.env['CQL_PASSWORD'] ?? '' };
  if (given) return { credential: cqlCredential(given, user), stop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-cql-'));
  const running = await cql.start({ folder, progress: silentProgress });
  return {
    credential: cqlCredential(running.url, running.credentials ?? user),
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const cqlCredential = (contactPoints: string, user: { username: string; password: string }): IDataObject => ({
  contactPoints,
  localDataCenter: 'datacenter1',
  keyspace: '',
  ...user,
  ssl: false,
});

/** One of the S3 servers, empty. */
export const startS3Store = async (product: S3Product): Promise<Store> => {
  const folder = await mkdtemp(join(tmpdir(), `fusioncommerce-${product}-`));
  // Buckets are folders: nothing else may lie where they are.
  const objects = join(folder, 'objects');
  await mkdir(objects);
  const { endpoint, stop } = await startS3Server(product, folder, objects);
  return {
    credential: { endpoint, accessKey, secretKey, region: 'us-east-1', pathStyle: true },
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
