import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Client } from 'minio';

const MIB = 1024 * 1024;
/** S3 takes parts from 5 MiB, and no more than 10,000. */
const PART_BYTES = 8 * MIB;
const MOST_PARTS = 10_000;

export interface Content {
  stream: Readable;
  /** In bytes, known beforehand. */
  size: number;
}

export interface Target {
  bucket: string;
  key: string;
  /** Content-Type and the like, and x-amz-meta-*. */
  headers: Record<string, string>;
}

export interface Uploaded {
  etag: string;
  versionId: string | null;
  size: number;
  parts: number;
}

/** How large a part has to be for an object of this size, in bytes. */
export const partBytesFor = (size: number): number => Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS / MIB) * MIB);

/**
 * Uploads a stream with at most two parts of it in memory: in one request when it is small, in parts otherwise. The
 * object appears as a whole or not at all. The client's own way would go on with what another upload of the same key
 * left, and would never end when the stream fails.
 */
export const upload = async (client: Client, target: Target, { stream, size }: Content): Promise<Uploaded> => {
  const partBytes = partBytesFor(size);
  if (size <= partBytes) {
    const content = await wholeOf(stream, size);
    const { etag, versionId } = await client.putObject(target.bucket, target.key, content, size, target.headers);
    return { etag, versionId: versionId ?? null, size, parts: 1 };
  }
  return uploadParts(client, target, { stream, size }, partBytes);
};

const wholeOf = async (stream: Readable, size: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  assertSize(content.length, size);
  return content;
};

const assertSize = (read: number, announced: number): void => {
  if (read !== announced)
    throw new Error(`The file was announced with ${announced} bytes and had ${read}. Nothing was uploaded.`);
};

const uploadParts = async (
  client: Client,
  { bucket, key, headers }: Target,
  { stream, size }: Content,
  partBytes: number,
): Promise<Uploaded> => {
  const uploadId = await client.initiateNewMultipartUpload(bucket, key, headers);
  try {
    const done: { part: number; etag: string }[] = [];
    let read = 0;
    for await (const content of inParts(stream, partBytes)) {
      const part = done.length + 1;
      const md5 = createHash('md5').update(content).digest('base64');
      const { etag } = await client.uploadPart(
        { bucketName: bucket, objectName: key, uploadID: uploadId, partNumber: part, headers: { 'Content-MD5': md5 } },
        content,
      );
      done.push({ part, etag });
      read += content.length;
    }
    assertSize(read, size);
    const { etag, versionId } = await client.completeMultipartUpload(bucket, key, uploadId, done);
    return { etag, versionId, size, parts: done.length };
  } catch (error) {
    // Parts of an upload that is never finished cost space until somebody looks for them.
    await client.abortMultipartUpload(bucket, key, uploadId).catch(() => undefined);
    throw error;
  }
};

/** A stream as pieces of exactly this many bytes, and a last one with the rest. */
export async function* inParts(stream: Readable, bytes: number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    waiting.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    while (length >= bytes) {
      const all = Buffer.concat(waiting);
      yield all.subarray(0, bytes);
      waiting = [all.subarray(bytes)];
      length -= bytes;
    }
  }
  if (length > 0) yield Buffer.concat(waiting);
}
