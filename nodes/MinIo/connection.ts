import * as http from 'node:http';
import * as https from 'node:https';
import { Client } from 'minio';

/** The fields of the MinIO credential, as n8n hands them over. */
export interface MinIoCredential {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  region?: string;
  pathStyle?: boolean;
  sessionToken?: string;
  rejectUnauthorized?: boolean;
  ca?: string;
}

export interface Connection {
  client: Client;
  credential: MinIoCredential;
}

/**
 * Where an S3 server answers; S3 signs the host, so nothing may stand behind it. Throws an Error in words when it is no
 * such address.
 */
export const endpointOf = ({ endpoint }: Pick<MinIoCredential, 'endpoint'>): URL => {
  const text = (endpoint ?? '').trim();
  if (text === '')
    throw new Error('The MinIO credential has no endpoint. Enter where it answers, for example http://minio:9000.');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === '';
  if (!isPlain)
    throw new Error(
      `The MinIO credential's endpoint "${text}" is not an address of the form http://host:port or https://host:port, without a path.`,
    );
  return url;
};

/** An answer that takes longer than this to begin or to go on is given up. */
export const IDLE_MS = 60_000;

export interface ConnectOptions {
  /** Ends what is under way when the execution is cancelled. */
  signal?: AbortSignal | undefined;
  idleMs?: number;
}

/** A client of its own connections; hands it to `work` and closes them, whatever happens. */
export const withConnection = async <Answer>(
  credential: MinIoCredential,
  options: ConnectOptions,
  work: (connection: Connection) => Promise<Answer>,
): Promise<Answer> => {
  const url = endpointOf(credential);
  const isTls = url.protocol === 'https:';
  const agent = isTls
    ? new https.Agent({
        keepAlive: true,
        rejectUnauthorized: credential.rejectUnauthorized ?? true,
        ...(credential.ca && { ca: credential.ca }),
      })
    : new http.Agent({ keepAlive: true });
  try {
    const client = new Client({
      endPoint: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (isTls ? 443 : 80),
      useSSL: isTls,
      accessKey: credential.accessKey,
      secretKey: credential.secretKey,
      // With a region the client signs at once; without one it asks each bucket for its own first, which needs more
      // rights.
      region: credential.region?.trim() || 'us-east-1',
      pathStyle: credential.pathStyle ?? true,
      ...(credential.sessionToken && { sessionToken: credential.sessionToken }),
      transportAgent: agent,
      transport: impatient(isTls ? https : http, options),
      // n8n's own "Retry On Fail" repeats; the client would write to the console.
      retryOptions: { disableRetry: true },
    });
    return await work({ client, credential });
  } finally {
    agent.destroy();
  }
};

/**
 * Requests that end when nothing moves any more, or when the execution is cancelled; the client itself waits for ever.
 */
const impatient = (
  transport: typeof http | typeof https,
  { signal, idleMs = IDLE_MS }: ConnectOptions,
): Pick<typeof http, 'request'> => ({
  request: ((options: http.RequestOptions, answered: (response: http.IncomingMessage) => void) => {
    const request = transport.request({ ...options, timeout: idleMs, ...(signal && { signal }) }, answered);
    request.on('timeout', () => request.destroy(new Error(`no answer within ${idleMs / 1000} seconds`)));
    return request;
  }) as typeof http.request,
});
