import { createHmac, hkdfSync, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { hashApiKey, TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../chassis/auth/authenticate.ts';
import { newUuid } from '../../chassis/ids.ts';

/** Which session and which of its refresh tokens a token is. */
export interface RefreshClaims {
  sessionId: string;
  generation: number;
}

/**
 * Everything that is computed from the signing key. Codes and refresh tokens are not stored anywhere, not even as
 * hashes: who reads the database cannot use them.
 */
export interface Secrets {
  /**
   * An access token: JWT signed with EdDSA; sub is the customer, sid the session, guest marks those that anybody gets
   * for the asking.
   */
  accessToken(session: { customerId: string; id: string; isGuest: boolean }, from: Date, until: Date): Promise<string>;
  refreshToken(claims: RefreshClaims): string;
  /** The claims of a refresh token, or undefined when it is not one of ours. */
  readRefreshToken(token: string): RefreshClaims | undefined;
  /** The code of a sent message, for example 7KQ4-M2XD: 40 bits. */
  codeFor(codeId: string): string;
  isCodeFor(codeId: string, typed: string): boolean;
  /** Names somebody in the throttle table without writing down who it is. */
  throttleKey(what: string, whom: string): string;
}

export const createSecrets = (signingKey: KeyObject): Secrets => {
  const seed = signingKey.export({ type: 'pkcs8', format: 'der' });
  const derived = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', seed, '', `fusioncommerce/customers/${purpose}`, 32));
  const keys = { refresh: derived('refresh-token'), code: derived('one-time-code'), throttle: derived('throttle') };
  const codeFor = (codeId: string) => readable(mac(keys.code, codeId));
  return {
    accessToken: ({ customerId, id, isGuest }, from, until) =>
      new SignJWT({ sid: id, ...(isGuest ? { guest: true } : {}) })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setSubject(customerId)
        .setJti(newUuid())
        .setIssuedAt(from)
        .setExpirationTime(until)
        .sign(signingKey),
    refreshToken: (claims) =>
      `${REFRESH_PREFIX}${body(claims)}.${mac(keys.refresh, body(claims)).toString('base64url')}`,
    readRefreshToken: (token) => readRefreshToken(token, keys.refresh),
    codeFor,
    isCodeFor: (codeId, typed) => equal(Buffer.from(bare(codeFor(codeId))), Buffer.from(bare(typed))),
    throttleKey: (what, whom) => mac(keys.throttle, `${what}\0${whom}`).toString('base64url'),
  };
};

const REFRESH_PREFIX = 'fcr_';
const REFRESH_FORMAT = /^fcr_(ses_[0-9a-f]{32})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;

const body = ({ sessionId, generation }: RefreshClaims): string => `${sessionId}.${generation}`;
const mac = (key: Buffer, message: string): Buffer => createHmac('sha256', key).update(message).digest();
const equal = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right);

const readRefreshToken = (token: string, key: Buffer): RefreshClaims | undefined => {
  const [, sessionId, digits, signature] = REFRESH_FORMAT.exec(token) ?? [];
  if (!sessionId || !digits || !signature) return undefined;
  const claims = { sessionId, generation: Number(digits) };
  return equal(mac(key, body(claims)), Buffer.from(signature, 'base64url')) ? claims : undefined;
};

/** Digits and capitals without I, L, O and U, which people take for others (Crockford's base 32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 40 bits as two groups of four. Who guesses a million times an hour needs decades. */
const readable = (digest: Buffer): string => {
  const letters = Array.from(digest.subarray(0, 8), (byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
};

/** A code however it was typed. */
const bare = (typed: string): string =>
  typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');

/** A new API key, how people recognise it, and the hash to keep. */
export const newApiKey = (): { key: string; hint: string; hash: string } => {
  const key = `fc_${randomBytes(32).toString('base64url')}`;
  return { key, hint: key.slice(0, 9), hash: hashApiKey(key) };
};
