import { checkContentType, checkExpiry, checkLimit, checkObjectKey, DEFAULT_MAX_BYTES } from '../keys.ts';
import { checkFolders, type Neighbours } from '../folders.ts';
import type { ObjectStore } from '../port.ts';
import { abortStaleUploads, openBucket } from './bucket.ts';
import { connectionOf, type Connection, type S3Options } from './connection.ts';
import { ask, type KnownHashes } from './describe.ts';
import { draftOf } from './draft.ts';
import { attempt, explain, isAbsent } from './faults.ts';
import { keysAfter, listObjects } from './list.ts';
import { presignedUrl } from './presign.ts';
import { getObject, statObject } from './read.ts';
import { abortLeftovers, upload, type Leftovers } from './upload.ts';

export interface S3ObjectStore extends ObjectStore {
  /** Lets the connections go. */
  close(): void;
}

const DEFAULT_PART_BYTES = 8 * 1024 ** 2;

/**
 * Opens the ObjectStore port on a bucket of an S3 server, which is made when missing. Throws when the server does not
 * answer, the keys are wrong or the bucket can neither be used nor made.
 */
export const openS3ObjectStore = async (options: S3Options): Promise<S3ObjectStore> => {
  const at = connectionOf(options);
  const { maxBytes = DEFAULT_MAX_BYTES, partBytes = DEFAULT_PART_BYTES } = options;
  const known: KnownHashes = new Map();
  const leftovers: Leftovers = new Map();
  const explained = async <T>(work: Promise<T>, key?: string): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error, at, key);
    });

  try {
    await explained(openBucket(at));
  } catch (error) {
    at.close();
    throw error;
  }
  await abortStaleUploads(at);

  const stat: ObjectStore['stat'] = async (key) => {
    checkObjectKey(key);
    return explained(statObject(at, key, known), key);
  };
  const neighbours = neighboursIn(at);
  return {
    stat,
    put: async (key, body, { contentType }) => {
      checkObjectKey(key);
      checkContentType(contentType);
      const draft = await draftOf(body, { partBytes, maxBytes });
      try {
        await explained(checkFolders(key, neighbours));
        await abortLeftovers(at, leftovers);
        await explained(upload({ at, key, contentType, draft, partBytes, leftovers }), key);
      } finally {
        await draft.discard();
      }
      const { size, sha256 } = draft;
      // Only the server knows its time; another writer may have followed already.
      const { lastModified } = (await stat(key)) ?? { lastModified: at.now().toISOString() };
      return { key, size, contentType, sha256, lastModified };
    },
    get: async (key) => {
      checkObjectKey(key);
      return explained(getObject(at, key, known), key);
    },
    delete: async (key) => {
      checkObjectKey(key);
      await explained(deleteObject(at, key), key);
    },
    list: async (prefix, { limit, after }) => {
      checkLimit(limit);
      return explained(listObjects(at, { prefix, limit, after, stat }));
    },
    presign: async (method, key, { expiresInSeconds, contentType = 'application/octet-stream' }) => {
      checkObjectKey(key);
      checkExpiry(expiresInSeconds);
      if (method === 'GET') return presignedUrl(at, { method, key, expiresInSeconds });
      checkContentType(contentType);
      await explained(checkFolders(key, neighbours));
      return presignedUrl(at, { method, key, expiresInSeconds, contentType });
    },
    close: () => at.close(),
  };
};

const neighboursIn = (at: Connection): Neighbours => ({
  exists: async (key) => {
    const answer = await ask(at, 'HEAD', key);
    answer?.resume();
    return answer !== undefined;
  },
  firstUnder: async (prefix) => (await keysAfter(at, prefix, '', 1)).keys[0],
});

/** An absent object is deleted already. */
const deleteObject = async ({ client, bucket }: Connection, key: string): Promise<void> => {
  await attempt(() => client.removeObject(bucket, key)).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
};
