import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { cql } from '../../engines/cql/index.ts';
import type { Engine } from '../../engines/engine.ts';
import { silentProgress } from '../../process/progress.ts';

/** A running datastore, with what a credential of n8n has to hold for it. */
export interface Store<Credential extends IDataObject = IDataObject> {
  credential: Credential;
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

export type S3Store = Store<{
  endpoint: string;
  accessKey: string;
  secretKey: string;
  region: string;
  pathStyle: boolean;
}>;

/** One of the S3 servers (infra/engines/s3), empty. */
export const startS3Store = async (server: Engine): Promise<S3Store> => {
  const folder = await mkdtemp(join(tmpdir(), `fusioncommerce-${server.name}-`));
  const running = await server.start({ folder, progress: silentProgress });
  const url = new URL(running.url);
  return {
    credential: {
      endpoint: url.origin,
      accessKey: decodeURIComponent(url.username),
      secretKey: decodeURIComponent(url.password),
      region: 'us-east-1',
      pathStyle: true,
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
