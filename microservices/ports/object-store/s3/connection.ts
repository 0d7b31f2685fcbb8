import http from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import { requestWithTimeouts } from './transport.ts';

export interface S3Options {
  /**
   * http(s)://ACCESS:SECRET@host:port/bucket; special characters in the keys percent-encoded. The scheme decides on
   * TLS.
   */
  url: string;
  /** The bucket's region, which signatures name: us-east-1 unless said otherwise, as MinIO and its kin have it. */
  region?: string | undefined;
  /** The authority (PEM) that signed an https server's certificate, where it is not one that everybody trusts. */
  ca?: string | undefined;
  /**
   * The largest object in bytes; 5 GiB unless said otherwise. Signed URLs for PUT cannot hold it: S3 has no such
   * condition for them.
   */
  maxBytes?: number;
  /**
   * Larger objects go in parts of this size, which is also the memory that one upload takes; 8 MiB unless said
   * otherwise, S3 wants 5 MiB at least.
   */
  partBytes?: number;
  /**
   * How long the server may be silent, in milliseconds; 30,000 unless said otherwise. A connection has a sixth of it.
   */
  timeoutMs?: number;
  now?: () => Date;
}

/** An S3 server, a bucket there, and the keys for it. */
export interface Connection {
  client: Client;
  bucket: string;
  region: string;
  /** http(s)://host:port, without keys. */
  endpoint: string;
  accessKey: string;
  secretKey: string;
  now: () => Date;
  close(): void;
}

/**
 * A client for the bucket of the URL; says nothing to the server yet. Addresses are always path-style. Throws on a URL
 * that lacks something.
 */
export const connectionOf = ({ url, region = 'us-east-1', ca, timeoutMs = 30_000, now }: S3Options): Connection => {
  const { protocol, hostname, port, host, username, password, bucket } = partsOf(url);
  const isSecure = protocol === 'https:';
  const pooled = { keepAlive: true, maxSockets: 64, maxFreeSockets: 16 };
  // Said outright: NODE_TLS_REJECT_UNAUTHORIZED=0, set for something else, would have certificates pass unchecked.
  const secured = { ...pooled, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  const agent = isSecure ? new https.Agent(secured) : new http.Agent(pooled);
  const client = new Client({
    endPoint: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL: isSecure,
    accessKey: username,
    secretKey: password,
    region,
    pathStyle: true,
    transport: requestWithTimeouts(isSecure, timeoutMs),
    transportAgent: agent,
    // It would also repeat what must not be repeated, and says so on the console; `attempt` does it here.
    retryOptions: { disableRetry: true },
  });
  return {
    client,
    bucket,
    region,
    endpoint: `${protocol}//${host}`,
    accessKey: username,
    secretKey: password,
    now: now ?? (() => new Date()),
    close: () => agent.destroy(),
  };
};

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const partsOf = (text: string) => {
  const url = URL.parse(text);
  const lacks = (what: string): Error =>
    new Error(
      `The address of the object store ${what}; it looks like http://ACCESS:SECRET@host:9000/bucket, with special characters in the keys percent-encoded.`,
    );
  // The text itself holds a secret and is not shown.
  if (!url || !/^https?:$/.test(url.protocol)) throw lacks('is no http or https URL');
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  if (!username || !password) throw lacks('has no access key and secret key');
  const bucket = url.pathname.replace(/^\/|\/$/g, '');
  if (!BUCKET.test(bucket))
    throw lacks(`names the bucket "${bucket}", which is none (3 to 63 lower-case letters, digits, dots and dashes)`);
  const { protocol, hostname, port, host } = url;
  return { protocol, hostname, port, host, username, password, bucket };
};
