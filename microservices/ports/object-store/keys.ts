import { Problem } from '../../chassis/problem.ts';

const MAX_KEY = 512;
const MAX_SEGMENT = 80;
const SEGMENT = /^[\x21-\x5b\x5d-\x7e]+$/; // printable ASCII without space and backslash; the slash parts segments

/** Throws a 400 that says what is wrong with an object's key: every adapter takes the same keys. */
export const checkObjectKey = (key: string): void => {
  const fault = faultOf(key);
  if (fault === undefined) return;
  throw new Problem({
    code: 'INVALID_OBJECT_KEY',
    status: 400,
    title: 'Invalid object key',
    detail: `The object key ${JSON.stringify(key.slice(0, 80))} cannot be used: ${fault}. A key looks like products/prd_1/front.jpg.`,
  });
};

const faultOf = (key: string): string | undefined => {
  if (key.length === 0) return 'it is empty';
  if (key.length > MAX_KEY) return `it has ${key.length} characters, ${MAX_KEY} are the most`;
  for (const segment of key.split('/')) {
    if (segment === '') return 'it begins or ends with a slash or has two in a row';
    if (segment === '.' || segment === '..') return `it contains the path segment "${segment}"`;
    if (segment.length > MAX_SEGMENT)
      return `a part between slashes has ${segment.length} characters, ${MAX_SEGMENT} are the most`;
    if (!SEGMENT.test(segment))
      return 'it contains something else than printable ASCII characters without space and backslash';
  }
  return undefined;
};

const CONTENT_TYPE =
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[\x20-\x21\x23-\x5b\x5d-\x7e]*"))*$/;

/** Throws a 400 when a content type would not survive as an HTTP header (RFC 9110, section 8.3). */
export const checkContentType = (contentType: string): void => {
  if (contentType.length <= 150 && CONTENT_TYPE.test(contentType)) return;
  throw new Problem({
    code: 'INVALID_CONTENT_TYPE',
    status: 400,
    title: 'Invalid content type',
    detail: `${JSON.stringify(contentType.slice(0, 160))} is not a media type of at most 150 characters, for example image/jpeg.`,
  });
};

const MAX_EXPIRY_SECONDS = 604_800;

/** Signed URLs live 1 second to 7 days, as in S3. */
export const checkExpiry = (seconds: number): void => {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRY_SECONDS) return;
  throw new RangeError(
    `expiresInSeconds is a whole number from 1 to ${MAX_EXPIRY_SECONDS} (7 days); it was ${seconds}.`,
  );
};

/** Throws unless a list asks for 1 to 1000 objects, a page of S3. */
export const checkLimit = (limit: number): void => {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return;
  throw new RangeError(`A list has a limit of 1 to 1000; it was ${limit}.`);
};

/** The largest object unless an adapter is told otherwise: S3's limit for a single put. */
export const DEFAULT_MAX_BYTES = 5 * 1024 ** 3;

export const tooLarge = (maxBytes: number): Problem =>
  new Problem({
    code: 'OBJECT_TOO_LARGE',
    status: 413,
    title: 'Object too large',
    detail: `An object can be ${maxBytes} bytes at most. Send a smaller file.`,
    headers: { connection: 'close' },
  });
