import type { Client } from 'minio';

export interface ListedObject {
  key: string;
  size: number;
  etag: string;
  lastModified: string;
  storageClass: string;
}

export interface Page {
  objects: ListedObject[];
  /** "Folders" below the prefix, where only one level was asked for. */
  prefixes: string[];
  /** Asks for what follows; undefined at the end. */
  next: string | undefined;
}

export interface ListOptions {
  prefix: string;
  /** Only one level: what lies deeper is told by its prefix. */
  oneLevel: boolean;
  /** At most 1,000. */
  limit: number;
  token?: string | undefined;
}

const PAGE = 1_000;

/** One page of a bucket's objects, in the order of their keys. */
export const listPage = async (client: Client, bucket: string, options: ListOptions): Promise<Page> => {
  const query = [
    ...(options.token ? [['continuation-token', options.token]] : []),
    ['delimiter', options.oneLevel ? '/' : ''],
    ['encoding-type', 'url'],
    ['list-type', '2'],
    ['max-keys', String(Math.min(options.limit, PAGE))],
    ['prefix', options.prefix],
  ]
    .map(([name, value]) => `${name}=${strict(value ?? '')}`)
    .join('&');
  const response = await client.makeRequestAsync({ method: 'GET', bucketName: bucket, query });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return readPage(Buffer.concat(chunks).toString('utf8'));
};

/** As signatures want it: everything but letters, digits and -._~ is escaped. */
const strict = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The server's answer to a listing. The client's own reader takes the key "007" for the number 7, and order numbers are
 * such keys. Throws an Error when it is no listing.
 */
export const readPage = (xml: string): Page => {
  const listing = inside(xml, 'ListBucketResult')[0];
  if (listing === undefined) throw new Error('The server answered with something that is no list of objects.');
  const key = textOf(listing, 'EncodingType') === 'url' ? unescaped : (text: string) => text;
  const truncated = textOf(listing, 'IsTruncated') === 'true';
  return {
    objects: inside(listing, 'Contents').map((content) => ({
      key: key(textOf(content, 'Key')),
      size: Number(textOf(content, 'Size')),
      etag: textOf(content, 'ETag').replace(/^"|"$/g, ''),
      lastModified: new Date(textOf(content, 'LastModified')).toISOString(),
      storageClass: textOf(content, 'StorageClass') || 'STANDARD',
    })),
    prefixes: inside(listing, 'CommonPrefixes').map((content) => key(textOf(content, 'Prefix'))),
    next: truncated ? textOf(listing, 'NextContinuationToken') || undefined : undefined,
  };
};

/** The text between the tags of that name. S3 never nests a tag in one of the same name. */
const inside = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, content = '']) => content);

const textOf = (xml: string, tag: string): string => entities(inside(xml, tag)[0] ?? '');

const NAMED: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

const entities = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex?: string, digits?: string, name?: string) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (digits) return String.fromCodePoint(Number(digits));
    return NAMED[name ?? ''] ?? whole;
  });

/** Keys are escaped as in a form, where a blank is a plus. */
const unescaped = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
