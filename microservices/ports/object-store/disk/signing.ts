import { createHmac, timingSafeEqual } from 'node:crypto';

/** Permission of one signed URL: this method on this key (with this content type, for a PUT) until then. */
export interface Grant {
  method: 'GET' | 'PUT';
  key: string;
  /** Seconds since 1970. */
  expires: number;
  /** Empty for a GET. */
  contentType: string;
}

const MIN_KEY_BYTES = 32;

/** Throws at start-up when the key that signs URLs is too short to keep a secret. */
export const checkSigningKey = (signingKey: string | Buffer): void => {
  const bytes = Buffer.byteLength(signingKey);
  if (bytes < MIN_KEY_BYTES) {
    throw new RangeError(
      `The signing key of the object store has ${bytes} bytes; it needs ${MIN_KEY_BYTES} random ones at least.`,
    );
  }
};

/** HMAC-SHA256 over the grant, base64url. No part can contain the separator, so no two grants sign alike. */
export const signGrant = (signingKey: string | Buffer, { method, key, expires, contentType }: Grant): string =>
  createHmac('sha256', signingKey)
    .update(['fc-object-1', method, key, String(expires), contentType].join('\n'))
    .digest('base64url');

/** True when the signature is the grant's; takes the same time wherever it differs. */
export const isSignedBy = (signingKey: string | Buffer, grant: Grant, signature: string): boolean => {
  const expected = Buffer.from(signGrant(signingKey, grant));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};
