import { createHash, timingSafeEqual } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { Problem } from '../problem.ts';
import { anonymous, type Caller } from './caller.ts';

/** What is known of an API key: never the key itself. */
export interface ApiKeyRecord {
  id: string;
  scopes: string[];
}

export interface AuthenticatorOptions {
  /** Keys from the configuration, for service-to-service calls and the first administrator: name → key. */
  staticKeys: Record<string, { key: string; scopes: string[] }>;
  /** Finds a key that is not revoked by its SHA-256 hash. */
  findApiKey: (hash: string) => Promise<ApiKeyRecord | undefined>;
  /** PEM (SPKI) of the Ed25519 key that customers' tokens are signed with. */
  tokenPublicKey: string;
}

export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

export const TOKEN_ISSUER = 'fusioncommerce';
export const TOKEN_AUDIENCE = 'fusioncommerce-api';

/** SHA-256 of a key, hexadecimal. Keys are 256 random bits, so that a fast hash is enough. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

export const unauthenticated = (detail: string): Problem =>
  new Problem({ code: 'UNAUTHENTICATED', status: 401, title: 'Not signed in', detail, headers: { 'www-authenticate': 'Bearer' } });

const POSITIVE_TTL_MS = 10_000;
const CACHE_SIZE = 1_000;

/**
 * Tells who a request comes from by its Authorization header. API keys start with `fc_`; anything else is read as a customer's token (JWT, EdDSA).
 * No header means anonymous; a wrong one throws 401. A found key is remembered for 10 s, which bounds how long a revoked one still works.
 */
export const createAuthenticator = (options: AuthenticatorOptions): Authenticate => {
  const publicKey = importSPKI(options.tokenPublicKey, 'EdDSA');
  const statics = Object.entries(options.staticKeys).map(([id, { key, scopes }]) => ({ id, hash: Buffer.from(hashApiKey(key)), scopes }));
  const cache = new Map<string, { record: ApiKeyRecord; until: number }>();

  const byKey = async (key: string): Promise<Caller> => {
    const hash = hashApiKey(key);
    const known = statics.find((entry) => timingSafeEqual(entry.hash, Buffer.from(hash)));
    if (known) return { kind: 'key', id: known.id, scopes: known.scopes };
    const cached = cache.get(hash);
    const record = cached && cached.until > Date.now() ? cached.record : await options.findApiKey(hash);
    if (!record) throw unauthenticated('This API key is unknown or was revoked. Create a new one, or check that it was copied whole.');
    if (cache.size >= CACHE_SIZE) cache.clear();
    if (cached?.record !== record) cache.set(hash, { record, until: Date.now() + POSITIVE_TTL_MS });
    return { kind: 'key', id: record.id, scopes: record.scopes };
  };

  const byToken = async (token: string): Promise<Caller> => {
    const verified = await jwtVerify(token, await publicKey, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, algorithms: ['EdDSA'] }).catch(() => undefined);
    const { sub, sid } = verified?.payload ?? {};
    if (typeof sub !== 'string' || typeof sid !== 'string') {
      throw unauthenticated('This access token is not valid or has run out. Refresh it, or sign in again.');
    }
    return { kind: 'customer', id: sub, customerId: sub, sessionId: sid };
  };

  return async (authorization) => {
    if (!authorization) return anonymous;
    const [scheme, credential] = authorization.split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || !credential) {
      throw unauthenticated('The Authorization header must read "Bearer" and then an API key or an access token.');
    }
    return credential.startsWith('fc_') ? byKey(credential) : byToken(credential);
  };
};
