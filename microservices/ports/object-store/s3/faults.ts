import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../chassis/problem.ts';
import { keyTaken } from '../folders.ts';
import type { Connection } from './connection.ts';

/** Codes of the network and of a server in trouble: the next try may succeed. */
const PASSING = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND'],
  ...['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout', 'XMinioServerNotInitialized'],
]);

/** Codes of servers that keep objects as files, when a name is a file's and a folder's at once. */
const IN_THE_WAY = new Set([
  ...['ObjectParentIsFile', 'ExistingObjectIsDirectory', 'XMinioParentIsObject', 'XMinioObjectExistsAsDirectory'],
]);

const REFUSED = new Set([
  ...['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AllAccessDisabled', 'XAdminUserNotFound'],
]);

/**
 * Node's codes for certificates that it does not accept, and for a server without TLS:
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const NOT_SECURE =
  /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|EPROTO$)/;

/** S3's code, or the network's; for a status that the client does not explain, that. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const status = /Retryable HTTP status: (\d+)/.exec(error.message)?.[1];
  if (status) return `HTTP ${status}`;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
};

export const isAbsent = (error: unknown): boolean => ['NoSuchKey', 'NotFound'].includes(codeOf(error));

const isPassing = (error: unknown): boolean => PASSING.has(codeOf(error)) || codeOf(error).startsWith('HTTP ');

const TRIES = 3;

/** Does again, up to three times, what failed for a reason that may pass. Only for what may be done twice. */
export const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || tried === TRIES) throw error;
      await sleep(50 * 4 ** tried * (0.5 + Math.random()));
    }
  }
};

interface Failure extends Pick<Connection, 'endpoint' | 'bucket' | 'region'> {
  code: string;
  reason: string;
}

/** The same failure for whoever reads it: what happened, where, and what to do. */
export const explain = (error: unknown, { endpoint, bucket, region }: Connection, key = ''): unknown => {
  if (error instanceof Problem) return error;
  // OpenSSL ends its message with a line break.
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  const failure: Failure = { endpoint, bucket, region, code: codeOf(error), reason };
  if (isPassing(error)) return away(failure);
  if (IN_THE_WAY.has(failure.code)) return keyTaken(key);
  const message = MESSAGES.find(([fits]) => fits(failure))?.[1](failure);
  return message === undefined ? error : new Error(message, { cause: error });
};

const away = ({ endpoint, code, reason }: Failure): Problem => {
  // A server with TLS, spoken to without, may end the connection at once.
  const tls = endpoint.startsWith('http:') && code === 'ECONNRESET' ? `, and ${WANTS_TLS}` : '';
  return new Problem({
    code: 'OBJECT_STORE_UNAVAILABLE',
    status: 503,
    title: 'Object store unavailable',
    detail: `The object store at ${endpoint} does not respond as expected (${code}: ${reason}). Try again in a moment; if it stays, check that it runs there${tls}.`,
    headers: { 'retry-after': '5' },
  });
};

const WANTS_TLS = 'whether it wants TLS (https in its URL)';
const OTHER_REGION = new Set(['AuthorizationHeaderMalformed', 'MovedPermanently', 'PermanentRedirect']);

/** Error messages for failures that do not pass by themselves; the first that fits. */
const MESSAGES: [fits: (failure: Failure) => boolean, message: (failure: Failure) => string][] = [
  [
    ({ code }) => REFUSED.has(code),
    ({ endpoint, bucket, code, reason }) =>
      `The object store at ${endpoint} refused access to the bucket ${bucket} (${code}: ${reason}). Check the access key and the secret key in its URL, and their rights.`,
  ],
  [
    ({ code }) => NOT_SECURE.test(code),
    ({ endpoint, code, reason }) =>
      `No trusted connection to the object store at ${endpoint} could be made (${code}: ${reason}). Check that it uses TLS, that its certificate is for this host, and that the authority which signed it is named in the variable S3_TLS_CA or known to this machine.`,
  ],
  [
    ({ code }) => code === 'NoSuchBucket',
    ({ endpoint, bucket }) =>
      `The bucket ${bucket} does not exist at ${endpoint} (any more). Create it, or start again.`,
  ],
  [
    ({ code }) => OTHER_REGION.has(code),
    ({ endpoint, bucket, region, code, reason }) =>
      `The bucket ${bucket} at ${endpoint} is not in the region ${region} (${code}: ${reason}). Name its region.`,
  ],
  [
    // A refusal without one of S3's codes (MinIO's server for TLS, for one) has no message.
    ({ code, reason }) => code === '' && reason === '',
    ({ endpoint }) =>
      `The server at ${endpoint} is not an S3 server. Check host and port, and ${endpoint.startsWith('http:') ? WANTS_TLS : 'that it is no console or proxy'}.`,
  ],
  [
    ({ code }) => code !== '',
    ({ endpoint, code, reason }) => `The object store at ${endpoint} answered ${code}: ${reason}`,
  ],
];
