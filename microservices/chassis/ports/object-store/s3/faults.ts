import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../problem.ts';
import { keyTaken } from '../folders.ts';
import type { Connection } from './connection.ts';

/** What the network and a server in trouble say: it may be gone at the next try. */
const PASSING = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND'],
  ...['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout', 'XMinioServerNotInitialized'],
]);

/** What servers say that keep objects as files, when a name is a file's and a folder's at once. */
const IN_THE_WAY = new Set([
  ...['ObjectParentIsFile', 'ExistingObjectIsDirectory', 'XMinioParentIsObject', 'XMinioObjectExistsAsDirectory'],
]);

const REFUSED = new Set([
  ...['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AllAccessDisabled', 'XAdminUserNotFound'],
]);

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

/** The same failure in words for whoever reads it: what happened, where, and what to do. */
export const explain = (error: unknown, { endpoint, bucket, region }: Connection, key = ''): unknown => {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  const said = error instanceof Error ? error.message : String(error);
  if (isPassing(error))
    return new Problem({
      code: 'OBJECT_STORE_UNAVAILABLE',
      status: 503,
      title: 'The object store is away',
      detail: `The object store at ${endpoint} does not answer as it should (${code}: ${said}). Try again in a moment; when it stays, check that it runs there.`,
      headers: { 'retry-after': '5' },
    });
  if (IN_THE_WAY.has(code)) return keyTaken(key);
  if (REFUSED.has(code))
    return new Error(
      `The object store at ${endpoint} does not let us at the bucket ${bucket} (${code}: ${said}). Check the access key and the secret key in its URL, and what they may do.`,
      { cause: error },
    );
  if (code === 'NoSuchBucket')
    return new Error(`The bucket ${bucket} does not exist at ${endpoint} (any more). Create it, or start again.`, {
      cause: error,
    });
  if (['AuthorizationHeaderMalformed', 'MovedPermanently', 'PermanentRedirect'].includes(code))
    return new Error(
      `The bucket ${bucket} at ${endpoint} is not in the region ${region} (${code}: ${said}). Name its region.`,
      { cause: error },
    );
  return code === '' ? error : new Error(`The object store at ${endpoint} answered ${code}: ${said}`, { cause: error });
};
