/** Each operation against the S3 API: what it is given, what it answers. n8n's parameters are read elsewhere. */
import type { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { IDataObject } from 'n8n-workflow';
import type { Client } from 'minio';
import { listPage, type ListedObject } from './listing.ts';
import { upload, type Content } from './upload.ts';

interface Address {
  bucket: string;
  key: string;
}

const MOST_SECONDS = 604_800;

/** Uploads and answers where it lies now. `headers`: Content-Type and the like, and x-amz-meta-*. */
export const uploadObject = async (
  client: Client,
  { bucket, key }: Address,
  content: Content,
  headers: Record<string, string>,
): Promise<IDataObject> => {
  const { etag, versionId, size, parts } = await upload(client, { bucket, key, headers }, content);
  return { bucket, key, etag, size, parts, ...(versionId && { versionId }) };
};

export interface Opened {
  stream: Readable;
  size: number;
  contentType: string;
  item: IDataObject;
}

/** Opens an object for reading; what it is like comes with the same answer, so that it cannot be another one's. */
export const openObject = async (client: Client, { bucket, key }: Address): Promise<Opened> => {
  // The client answers the response itself, and calls it a stream.
  const response = (await client.getObject(bucket, key)) as IncomingMessage;
  const { headers } = response;
  const contentType = headers['content-type'] ?? 'application/octet-stream';
  const size = Number(headers['content-length'] ?? 0);
  return {
    stream: response,
    size,
    contentType,
    item: {
      bucket,
      key,
      size,
      etag: (headers.etag ?? '').replace(/^"|"$/g, ''),
      contentType,
      ...(headers['last-modified'] && { lastModified: new Date(headers['last-modified']).toISOString() }),
      metadata: metadataOf(headers),
    },
  };
};

const META = 'x-amz-meta-';

const metadataOf = (headers: IncomingMessage['headers']): IDataObject =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(META))
      .map(([name, value]) => [name.slice(META.length), String(value)]),
  );

export interface Wanted {
  prefix: string;
  oneLevel: boolean;
  /** Infinity for all. */
  limit: number;
}

/** Objects in the order of their keys, page after page; with `oneLevel` deeper folders come as `{ prefix }`. */
export const listObjects = async (
  client: Client,
  bucket: string,
  { prefix, oneLevel, limit }: Wanted,
): Promise<IDataObject[]> => {
  const items: IDataObject[] = [];
  let token: string | undefined;
  do {
    const page = await listPage(client, bucket, { prefix, oneLevel, limit: limit - items.length, token });
    items.push(...page.prefixes.map((folder) => ({ bucket, prefix: folder })));
    items.push(...page.objects.map((object: ListedObject) => ({ bucket, ...object })));
    token = page.next;
  } while (token && items.length < limit);
  return items.slice(0, limit);
};

/** Copies within the server; nothing is downloaded. S3 copies up to 5 GiB in one request. */
export const copyObject = async (client: Client, from: Address, to: Address): Promise<IDataObject> => {
  const result = await client.copyObject(to.bucket, to.key, `/${from.bucket}/${from.key}`);
  const etag = ('etag' in result ? String(result.etag) : '').replace(/^"|"$/g, '');
  return { ...to, etag, from: { ...from } };
};

export const deleteObject = async (client: Client, { bucket, key }: Address): Promise<IDataObject> => {
  await client.removeObject(bucket, key);
  return { bucket, key, deleted: true };
};

export interface Presigning {
  method: 'GET' | 'PUT';
  seconds: number;
  downloadFileName?: string | undefined;
  now: Date;
}

/** A URL that lets anybody who has it read or write one object for a while. Asks the server nothing. */
export const presignObject = async (
  client: Client,
  { bucket, key }: Address,
  { method, seconds, downloadFileName, now }: Presigning,
): Promise<IDataObject> => {
  const answerHeaders: Record<string, string> =
    method === 'GET' && downloadFileName ? { 'response-content-disposition': attachment(downloadFileName) } : {};
  const url = await client.presignedUrl(method, bucket, key, seconds, answerHeaders, now);
  return { bucket, key, method, url, expiresAt: new Date(now.getTime() + seconds * 1000).toISOString() };
};

/** Content-Disposition for a name of any letters (RFC 6266). */
export const attachment = (fileName: string): string =>
  `attachment; filename="${fileName.replace(/[^\x20-\x7e]|["\\]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`;

export const isLifetime = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS;

export const createBucket = async (
  client: Client,
  bucket: string,
  region: string,
  acceptExisting: boolean,
): Promise<IDataObject> => {
  try {
    await client.makeBucket(bucket, region);
    return { bucket, created: true };
  } catch (error) {
    if (acceptExisting && (error as { code?: unknown }).code === 'BucketAlreadyOwnedByYou')
      return { bucket, created: false };
    throw error;
  }
};

export const listBuckets = async (client: Client, limit: number): Promise<IDataObject[]> =>
  (await client.listBuckets())
    .slice(0, limit)
    .map(({ name, creationDate }) => ({ bucket: name, createdAt: new Date(creationDate).toISOString() }));

export const deleteBucket = async (client: Client, bucket: string): Promise<IDataObject> => {
  await client.removeBucket(bucket);
  return { bucket, deleted: true };
};
