import { createHash, createHmac } from 'node:crypto';
import type { Connection } from './connection.ts';

export interface Grant {
  method: 'GET' | 'PUT';
  key: string;
  expiresInSeconds: number;
  /** For a PUT: the only type that it may have. */
  contentType?: string;
}

type Signing = Pick<Connection, 'endpoint' | 'bucket' | 'region' | 'accessKey' | 'secretKey' | 'now'>;

/**
 * A URL signed with AWS Signature Version 4 in its query (S3's reference, "Authenticating Requests: Using Query
 * Parameters"). The minio client signs the host alone; here the content type of a PUT is signed as well, so that its
 * holder cannot choose another.
 */
export const presignedUrl = (at: Signing, { method, key, expiresInSeconds, contentType }: Grant): string => {
  const time = at
    .now()
    .toISOString()
    .replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${at.region}/s3/aws4_request`;
  const { origin, host } = new URL(at.endpoint);
  const headers = [...(contentType === undefined ? [] : [`content-type:${contentType}`]), `host:${host}`];
  const signedHeaders = headers.map((header) => header.split(':', 1)[0]).join(';');
  const path = `/${at.bucket}/${key.split('/').map(escape).join('/')}`;
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${at.accessKey}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(expiresInSeconds)],
    ['X-Amz-SignedHeaders', signedHeaders],
  ]
    .map(([name = '', value = '']) => `${name}=${escape(value)}`)
    .join('&');
  const canonical = [method, path, query, ...headers, '', signedHeaders, 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const signingKey = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${at.secretKey}`);
  return `${origin}${path}?${query}&X-Amz-Signature=${hmac(signingKey, toSign).toString('hex')}`;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Percent-encoding as S3 signs it: all but letters, digits and `-._~`. */
const escape = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
