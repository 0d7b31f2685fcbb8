import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ObjectInfo } from '../port.ts';
import type { Connection } from './connection.ts';
import { attempt, isAbsent } from './faults.ts';

/** Where an object's hash stands among its metadata. */
export const SHA256_HEADER = 'x-amz-meta-sha256';

const MOST_REMEMBERED = 10_000;

/** Hashes of objects that came without one, by key and entity tag. */
export type KnownHashes = Map<string, string>;

/** The answer to GET or HEAD, unread; undefined where there is no such object. */
export const ask = async (
  { client, bucket }: Connection,
  method: 'GET' | 'HEAD',
  objectName: string,
): Promise<IncomingMessage | undefined> =>
  attempt(() => client.makeRequestAsync({ method, bucketName: bucket, objectName })).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });

/**
 * An object's description from its headers; undefined when they do not tell its hash, as after a PUT through a signed
 * URL.
 */
export const describe = (key: string, headers: IncomingHttpHeaders, known: KnownHashes): ObjectInfo | undefined => {
  const given = headers[SHA256_HEADER];
  const sha256 = typeof given === 'string' ? given : known.get(nameOf(key, headers));
  if (sha256 === undefined) return undefined;
  return {
    key,
    size: Number(headers['content-length']),
    contentType: headers['content-type'] ?? 'application/octet-stream',
    sha256,
    lastModified: new Date(headers['last-modified'] ?? '').toISOString(),
  };
};

/** Reads an object once to learn its hash, and remembers it as long as the object stays what it is. */
export const learnHash = async (at: Connection, key: string, known: KnownHashes): Promise<void> =>
  attempt(async () => {
    const answer = await ask(at, 'GET', key);
    if (!answer) return;
    const hash = createHash('sha256');
    for await (const chunk of answer as AsyncIterable<Buffer>) hash.update(chunk);
    const oldest = known.size >= MOST_REMEMBERED ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    known.set(nameOf(key, answer.headers), hash.digest('hex'));
  });

const nameOf = (key: string, headers: IncomingHttpHeaders): string => `${key} ${headers.etag ?? ''}`;
