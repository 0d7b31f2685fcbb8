import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { objectRoutes, openDiskObjectStore } from '../../microservices/ports/object-store/disk.ts';
import type { ObjectStore } from '../../microservices/ports/object-store/port.ts';
import type { Access } from './access.ts';
import { readAuthority } from './authority.ts';
import { WrongSetting, type Options } from './options.ts';
import type { PlatformEnvironment } from './options/variables.ts';
import type { Progress } from '../process/progress.ts';

export interface S3Bucket {
  /** http(s)://ACCESS:SECRET@host:port/bucket */
  url: string;
  region?: string;
  /** The authority (PEM) of one's own that signed the server's certificate. */
  ca?: string | undefined;
}

/**
 * The bucket that flags and environment speak of; undefined when they speak of none. Throws WrongSetting when its
 * authority cannot be used.
 */
export const readS3Bucket = async (
  { s3: url, s3Region: region }: Pick<Options, 's3' | 's3Region'>,
  environment: PlatformEnvironment,
): Promise<S3Bucket | undefined> => {
  if (!url) return undefined;
  const ca = await readAuthority('S3_TLS_CA', environment);
  // Never unencrypted by mistake where somebody meant to be sure who answers.
  if (ca !== undefined && !url.startsWith('https:'))
    throw new WrongSetting(
      'The environment variable S3_TLS_CA names an authority, and the URL of --s3 begins with http, which has no certificates: write https, or unset the variable.',
    );
  return { url, region, ca };
};

interface ObjectsOptions {
  s3?: S3Bucket | undefined;
  dataFolder: string;
  access: Pick<Access, 'objectSigningKey'>;
  progress: Progress;
}

export interface Objects {
  objectStore: ObjectStore;
  /** Routes of the gateway for the signed URLs of a folder; those of S3 lead to the S3 server itself. */
  routes: RequestHandler[];
  close(): void;
}

/**
 * Opens where objects live: a bucket of an S3 server where one is given, a folder of the data folder otherwise. Throws
 * WrongSetting when the bucket cannot be used.
 */
export const openObjects = async (
  { s3, dataFolder, access, progress }: ObjectsOptions,
  publicUrl: string,
): Promise<Objects> => {
  if (s3) {
    // The client is loaded only where there is a bucket.
    const { openS3ObjectStore } = await import('../../microservices/ports/object-store/s3.ts');
    const store = await openS3ObjectStore(s3).catch((error: unknown) => {
      throw new WrongSetting(`--s3: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    const { origin, pathname } = new URL(s3.url);
    progress.done('Objects', origin + pathname);
    return { objectStore: store, routes: [], close: () => store.close() };
  }
  const store = await openDiskObjectStore({
    directory: join(dataFolder, 'objects'),
    signingKey: access.objectSigningKey,
    publicUrl,
  });
  return { objectStore: store, routes: [objectRoutes(store)], close: () => undefined };
};
