import { createHash, createPublicKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Access } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { anonymous, type Caller } from './caller.ts';
import type { EndedCredentials } from './ended-credentials.ts';

/** A stored API key: never the key itself. */
export interface ApiKeyRecord {
  id: string;
  scopes: string[];
  name?: string;
}

export interface AuthenticatorOptions {
  /** Keys from the configuration, for service-to-service calls and the first administrator: name → key. */
  staticKeys: Record<string, { key: string; scopes: string[] }>;
  /** Finds a key that is not revoked by its SHA-256 hash. */
  findApiKey: (hash: string) => Promise<ApiKeyRecord | undefined>;
  /** PEM (SPKI) of the Ed25519 key that customers' tokens are signed with. */
  tokenPublicKey: string;
  /** Sessions and keys that have ended; what is in here is refused at once. */
  ended?: Pick<EndedCredentials, 'has'>;
  /** Asks whether a session is live, before operations of customers. Without it the token's word is enough. */
  isLive?: (sessionId: string) => Promise<boolean>;
}

type Sureness = Pick<Access, 'customer' | 'public'>;

/**
 * Tells who a request comes from. The access of the operation says how sure of it to be: customers' own things need a
 * session that is live now; where everybody is let in and nobody in particular is asked for, a token that has ended or
 * expired counts as none, so that who still sends it can sign in again.
 */
export type Authenticate = (authorization: string | undefined, access?: Sureness) => Promise<Caller>;

export const TOKEN_ISSUER = 'fusioncommerce';
export const TOKEN_AUDIENCE = 'fusioncommerce-api';

/** SHA-256 of a key, hexadecimal. Keys are 256 random bits, so that a fast hash is enough. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

export const unauthenticated = (detail: string): Problem =>
  new Problem({
    code: 'UNAUTHENTICATED',
    status: 401,
    title: 'Not signed in',
    detail,
    headers: { 'www-authenticate': 'Bearer' },
  });

export const sessionEnded = (): Problem => unauthenticated('This session has ended. Sign in again.');

const POSITIVE_TTL_MS = 10_000;
const CACHE_SIZE = 1_000;
const KEY_PREFIX = 'fc_';

/** The credential that an Authorization header carries; undefined when it is not written as one. */
const credentialIn = (authorization: string): string | undefined =>
  /^bearer +([\x21-\x7e]+) *$/i.exec(authorization)?.[1];

/** True for API keys, as opposed to customers' tokens: whether one is right may take a query to find out. */
export const isApiKey = (authorization: string): boolean =>
  credentialIn(authorization)?.startsWith(KEY_PREFIX) === true;

/**
 * Tells who a request comes from by its Authorization header. API keys start with `fc_`; anything else is read as a
 * customer's token (JWT, EdDSA). No header means anonymous; a wrong one throws 401, and so does one that has ended, but
 * for a token where the operation needs no caller. A found key is remembered for 10 s, which bounds how long a revoked
 * one still works where its end was not learned. Throws at once when the configuration cannot work: a token key that is
 * not Ed25519, a static key without the prefix.
 */
export const createAuthenticator = (options: AuthenticatorOptions): Authenticate => {
  const publicKey = readPublicKey(options.tokenPublicKey);
  const statics = Object.entries(options.staticKeys).map(toStaticKey);
  const cache = new Map<string, { record: ApiKeyRecord; until: number }>();
  const { ended, isLive } = options;

  const find = async (hash: string): Promise<ApiKeyRecord | undefined> => {
    const cached = cache.get(hash);
    if (cached && cached.until > Date.now()) return cached.record;
    const record = await options.findApiKey(hash);
    if (!record) {
      cache.delete(hash);
      return undefined;
    }
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(hash, { record, until: Date.now() + POSITIVE_TTL_MS });
    return record;
  };

  const byKey = async (key: string): Promise<Caller> => {
    const hash = hashApiKey(key);
    const known = statics.find((entry) => timingSafeEqual(entry.hash, Buffer.from(hash)));
    if (known) return { kind: 'key', id: known.id, scopes: known.scopes };
    const record = await find(hash);
    if (!record || ended?.has(record.id)) {
      throw unauthenticated(
        'This API key is unknown, has run out or was revoked. Create a new one, or check that it was copied whole.',
      );
    }
    return { kind: 'key', ...record };
  };

  const bySession = async (token: string, access?: Sureness): Promise<Caller> => {
    const claims = await verifiedClaims(token, publicKey);
    if (claims === 'expired' && needsNoCaller(access)) return anonymous;
    const caller = customerOf(claims);
    if (ended?.has(caller.sessionId)) {
      if (needsNoCaller(access)) return anonymous;
      throw sessionEnded();
    }
    if (access?.customer && isLive && !(await isLive(caller.sessionId))) throw sessionEnded();
    return caller;
  };

  return async (authorization, access) => {
    if (!authorization) return anonymous;
    const credential = credentialIn(authorization);
    if (!credential) {
      throw unauthenticated('The Authorization header must read "Bearer" and then an API key or an access token.');
    }
    return credential.startsWith(KEY_PREFIX) ? byKey(credential) : bySession(credential, access);
  };
};

/** Where customers have things of their own (an order, a cart), a lost session has to be said. */
const needsNoCaller = (access?: Sureness): boolean => access?.public === true && access.customer !== true;

const customerOf = (claims: Claims): Extract<Caller, { kind: 'customer' }> => {
  const { sub, sid, guest } = claims === 'expired' ? {} : claims;
  if (typeof sub !== 'string' || typeof sid !== 'string') {
    throw unauthenticated('This access token is not valid or has run out. Refresh it, or sign in again.');
  }
  return { kind: 'customer', id: sub, customerId: sub, sessionId: sid, ...(guest === true ? { guest } : {}) };
};

type Claims = Partial<Record<string, unknown>> | 'expired';

/**
 * The claims of a token that is ours and alive; none otherwise. A token without an end would live for ever: it is not
 * ours.
 */
const verifiedClaims = async (token: string, publicKey: KeyObject): Promise<Claims> => {
  try {
    const verified = await jwtVerify(token, publicKey, {
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      algorithms: ['EdDSA'],
      requiredClaims: ['exp'],
    });
    return verified.payload;
  } catch (error) {
    // Its signature was checked first: it was ours.
    if (error instanceof errors.JWTExpired) return 'expired';
    if (error instanceof errors.JOSEError) return {};
    throw error;
  }
};

const readPublicKey = (pem: string): KeyObject => {
  const key = parsePublicKey(pem);
  if (key?.asymmetricKeyType !== 'ed25519') {
    throw new Error(
      'The key that checks access tokens (TOKEN_PUBLIC_KEY) must be an Ed25519 public key in PEM form (SPKI), beginning with -----BEGIN PUBLIC KEY-----.',
    );
  }
  return key;
};

const parsePublicKey = (pem: string): KeyObject | undefined => {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
};

/** A static key without the prefix would be read as a token and never work. */
const toStaticKey = ([id, { key, scopes }]: [string, { key: string; scopes: string[] }]) => {
  if (!/^fc_[\x21-\x7e]+$/.test(key)) {
    throw new Error(
      `The API key of "${id}" must begin with ${KEY_PREFIX} and contain neither spaces nor special characters.`,
    );
  }
  return { id, hash: Buffer.from(hashApiKey(key)), scopes };
};
