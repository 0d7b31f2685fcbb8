import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';
import { SHA256_HEADER } from './describe.ts';
import type { Draft } from './draft.ts';
import { attempt, codeOf } from './faults.ts';

/** Multipart uploads that failed and could not be aborted, as the server was away: key by upload id. */
export type Leftovers = Map<string, string>;

export interface Upload {
  at: Connection;
  key: string;
  contentType: string;
  draft: Draft;
  partBytes: number;
  leftovers: Leftovers;
}

/** Stores a draft in one request, or in parts that become an object together at the end. */
export const upload = (upload: Upload): Promise<void> =>
  upload.draft.size <= upload.partBytes ? putWhole(upload) : putInParts(upload);

/** The server compares the bytes with the hash and takes all or nothing; so it may be done again. */
const putWhole = async ({ at: { client, bucket }, key, contentType, draft }: Upload): Promise<void> => {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const part of draft.parts()) bytes = part;
  const headers = {
    'content-type': contentType,
    [SHA256_HEADER]: draft.sha256,
    'x-amz-checksum-sha256': Buffer.from(draft.sha256, 'hex').toString('base64'),
  };
  await attempt(() =>
    client.makeRequestAsyncOmit({ method: 'PUT', bucketName: bucket, objectName: key, headers }, bytes),
  );
};

const putInParts = async (upload: Upload): Promise<void> => {
  const { at, key, contentType, draft, leftovers } = upload;
  const { client, bucket } = at;
  // Not done again: a lost answer would leave an upload that nobody knows.
  const uploadId = await client.initiateNewMultipartUpload(bucket, key, {
    'content-type': contentType,
    [SHA256_HEADER]: draft.sha256,
  });
  try {
    const parts: { part: number; etag: string }[] = [];
    for await (const bytes of draft.parts()) parts.push(await putPart(at, key, uploadId, parts.length + 1, bytes));
    await complete(upload, uploadId, parts);
  } catch (error) {
    leftovers.set(uploadId, key);
    await abortLeftovers(at, leftovers);
    throw error;
  }
};

/** A part that is sent twice takes its own place. */
const putPart = (
  { client, bucket }: Connection,
  objectName: string,
  uploadID: string,
  partNumber: number,
  bytes: Buffer,
) => {
  // The signature covers the bytes' SHA-256 only without TLS; so the server has something to compare them with in
  // either case.
  const headers = { 'content-md5': createHash('md5').update(bytes).digest('base64') };
  return attempt(() => client.uploadPart({ bucketName: bucket, objectName, uploadID, partNumber, headers }, bytes));
};

/** Done once; but when its answer is lost, what is stored now tells whether it was done. */
const complete = async (
  { at: { client, bucket }, key, draft }: Upload,
  uploadId: string,
  parts: { part: number; etag: string }[],
): Promise<void> => {
  try {
    await client.completeMultipartUpload(bucket, key, uploadId, parts);
  } catch (error) {
    const { metaData } = await attempt(() => client.statObject(bucket, key)).catch(() => ({ metaData: undefined }));
    if (metaData?.['sha256'] !== draft.sha256) throw error;
  }
};

/** Gives the server's space back that failed uploads hold; what cannot be aborted now stays for the next time. */
export const abortLeftovers = async ({ client, bucket }: Connection, leftovers: Leftovers): Promise<void> => {
  for (const [uploadId, key] of leftovers) {
    try {
      await attempt(() => client.abortMultipartUpload(bucket, key, uploadId));
    } catch (error) {
      if (codeOf(error) !== 'NoSuchUpload') continue;
    }
    leftovers.delete(uploadId);
  }
};
