import { text } from 'node:stream/consumers';
import type { ObjectInfo } from '../port.ts';
import type { Connection } from './connection.ts';
import { attempt } from './faults.ts';

/** So many descriptions are asked for at once. */
const AT_ONCE = 16;

export interface Listing {
  prefix: string;
  limit: number;
  after?: string | undefined;
  stat: (key: string) => Promise<ObjectInfo | undefined>;
}

/**
 * Objects in key order. S3's list does not tell content types and hashes: each object is asked for its own. What was
 * deleted meanwhile makes room for the next.
 */
export const listObjects = async (
  at: Connection,
  { prefix, limit, after = '', stat }: Listing,
): Promise<ObjectInfo[]> => {
  const found: ObjectInfo[] = [];
  for (let last = after; found.length < limit;) {
    const { keys, isTruncated } = await keysAfter(at, prefix, last, limit - found.length);
    for (let i = 0; i < keys.length; i += AT_ONCE) {
      const infos = await Promise.all(keys.slice(i, i + AT_ONCE).map(stat));
      found.push(...infos.filter((info) => info !== undefined));
    }
    const next = keys.at(-1);
    if (!isTruncated || next === undefined) break;
    last = next;
  }
  return found;
};

/**
 * One page of ListObjectsV2. The client's own listing takes the key 007 for 7 and, from some servers, a plus for a
 * space; of the document only the keys are wanted here, which come percent-encoded.
 */
export const keysAfter = async ({ client, bucket }: Connection, prefix: string, after: string, limit: number) => {
  // In the order of their names, as the signature wants them.
  const query = [
    'encoding-type=url',
    'list-type=2',
    `max-keys=${limit}`,
    `prefix=${encodeQuery(prefix)}`,
    ...(after === '' ? [] : [`start-after=${encodeQuery(after)}`]),
  ].join('&');
  const document = await attempt(async () =>
    text(await client.makeRequestAsync({ method: 'GET', bucketName: bucket, query })),
  );
  const decode = document.includes('<EncodingType>url</EncodingType>') ? decodeURIComponent : unescapeXml;
  return {
    keys: [...document.matchAll(/<Contents>.*?<Key>([^<]*)<\/Key>/gs)].map(([, key = '']) => decode(key)),
    isTruncated: document.includes('<IsTruncated>true</IsTruncated>'),
  };
};

const encodeQuery = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const unescapeXml = (value: string): string =>
  value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex ?? decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
    return ENTITIES[name ?? ''] ?? whole;
  });
