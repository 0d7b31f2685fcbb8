import type { Connection } from './connection.ts';
import { attempt, codeOf } from './faults.ts';

/**
 * Makes sure at the start that the bucket is there and the keys may read it; makes it when missing. Throws an error
 * that says what is wrong.
 */
export const openBucket = async ({ client, bucket, endpoint, region }: Connection): Promise<void> => {
  try {
    // Unlike HEAD, a list says in its answer why it is refused.
    await attempt(() =>
      client.makeRequestAsyncOmit({ method: 'GET', bucketName: bucket, query: 'list-type=2&max-keys=1' }),
    );
  } catch (error) {
    if (codeOf(error) !== 'NoSuchBucket') throw error;
    await attempt(() => client.makeBucket(bucket, region)).catch((refusal: unknown) => {
      // Another process was quicker.
      if (codeOf(refusal) === 'BucketAlreadyOwnedByYou') return;
      throw new Error(
        `The bucket ${bucket} does not exist at ${endpoint} and could not be created (${codeOf(refusal)}: ${refusal instanceof Error ? refusal.message : String(refusal)}). Create it yourself, or allow these keys to.`,
        { cause: refusal },
      );
    });
  }
};

const STALE_MS = 86_400_000;

/**
 * Aborts multipart uploads that a crash left behind more than a day ago. Where that is not allowed, a lifecycle rule of
 * the bucket does it better.
 */
export const abortStaleUploads = async ({ client, bucket, now }: Connection): Promise<void> => {
  try {
    const { uploads } = await client.listIncompleteUploadsQuery(bucket, '', '', '', '');
    for (const { key, uploadId, initiated } of uploads) {
      if (now().getTime() - initiated.getTime() > STALE_MS) await client.abortMultipartUpload(bucket, key, uploadId);
    }
  } catch {
    // They take space and nothing else.
  }
};
