import { connectionOf, type S3Options } from './connection.ts';
import { keysAfter } from './list.ts';

/** Deletes a test's bucket with all that is in it. */
export const removeS3Bucket = async (options: S3Options): Promise<void> => {
  const at = connectionOf(options);
  try {
    for (;;) {
      const { keys } = await keysAfter(at, '', '', 1_000);
      if (keys.length === 0) break;
      for (const key of keys) await at.client.removeObject(at.bucket, key);
    }
    await at.client.removeBucket(at.bucket);
  } finally {
    at.close();
  }
};

/** Begins an upload in parts and forgets it, as a process does that is killed. */
export const beginUpload = async (options: S3Options, key: string): Promise<void> => {
  const at = connectionOf(options);
  try {
    await at.client.initiateNewMultipartUpload(at.bucket, key, {});
  } finally {
    at.close();
  }
};

/** How many uploads of a key have begun and are neither complete nor aborted. */
export const unfinishedUploads = async (options: S3Options, key: string): Promise<number> => {
  const at = connectionOf(options);
  try {
    const { uploads } = await at.client.listIncompleteUploadsQuery(at.bucket, key, '', '', '');
    return uploads.filter((found) => found.key === key).length;
  } finally {
    at.close();
  }
};
