import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { Problem } from '../problem.ts';
import { createAuthenticator, hashApiKey, TOKEN_AUDIENCE, TOKEN_ISSUER, type ApiKeyRecord } from './authenticate.ts';

const pair = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const ADMIN = 'fc_administrator';
const STORED = 'fc_stored';

const start = (
  records: Map<string, ApiKeyRecord> = new Map([[hashApiKey(STORED), { id: 'key_1', scopes: ['orders:read'] }]]),
) => {
  const asked: string[] = [];
  const authenticate = createAuthenticator({
    staticKeys: { administrator: { key: ADMIN, scopes: ['*'] } },
    findApiKey: async (hash) => {
      asked.push(hash);
      return records.get(hash);
    },
    tokenPublicKey: pem(pair.publicKey),
  });
  return { authenticate, asked, records };
};

interface TokenParts {
  subject?: string;
  session?: unknown;
  issuer?: string;
  audience?: string;
  expires?: number | undefined;
  key?: KeyObject;
}
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
const token = async (parts: TokenParts = {}): Promise<string> => {
  const jwt = new SignJWT(parts.session === undefined ? { sid: 'ses_1' } : { sid: parts.session })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(parts.subject ?? 'cus_1')
    .setIssuer(parts.issuer ?? TOKEN_ISSUER)
    .setAudience(parts.audience ?? TOKEN_AUDIENCE);
  if (!('expires' in parts)) jwt.setExpirationTime(inAnHour());
  else if (parts.expires !== undefined) jwt.setExpirationTime(parts.expires);
  return jwt.sign(parts.key ?? pair.privateKey);
};

const refusal = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error(`Expected a Problem, got ${String(error)}`);
  return error;
};

afterEach(() => {
  import.meta.jest.useRealTimers();
});

describe('without a usable header', () => {
  test('no header is anonymous', async () => {
    expect(await start().authenticate(undefined)).toEqual({ kind: 'anonymous', id: 'anonymous' });
  });

  test.each(['Basic abc', 'Bearer', 'Bearer ', `Bearer ${ADMIN} more`, ADMIN, 'Bearer fc_ä'])(
    '%p is told how it must read',
    async (header) => {
      const problem = await refusal(start().authenticate(header));
      expect(problem).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
        headers: { 'www-authenticate': 'Bearer' },
      });
      expect(problem.message).toContain('Bearer');
    },
  );
});

describe('API keys', () => {
  test('a static key is known without asking; the scheme may be written in any case', async () => {
    const { authenticate, asked } = start();
    expect(await authenticate(`bearer ${ADMIN}`)).toEqual({ kind: 'key', id: 'administrator', scopes: ['*'] });
    expect(asked).toEqual([]);
  });

  test('a stored key is found by its hash, never by itself', async () => {
    const { authenticate, asked } = start();
    expect(await authenticate(`Bearer ${STORED}`)).toEqual({ kind: 'key', id: 'key_1', scopes: ['orders:read'] });
    expect(asked).toEqual([hashApiKey(STORED)]);
    expect(asked[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('an unknown key is refused, asked for each time, and not repeated in the message', async () => {
    const { authenticate, asked } = start();
    const problem = await refusal(authenticate('Bearer fc_unknown'));
    await refusal(authenticate('Bearer fc_unknown'));
    expect(problem.status).toBe(401);
    expect(problem.message).not.toContain('fc_unknown');
    expect(asked).toHaveLength(2);
  });

  test('a revoked key works ten more seconds at most', async () => {
    import.meta.jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const { authenticate, asked, records } = start();
    await authenticate(`Bearer ${STORED}`);
    records.clear();
    import.meta.jest.advanceTimersByTime(9_999);
    expect(await authenticate(`Bearer ${STORED}`)).toMatchObject({ id: 'key_1' });
    import.meta.jest.advanceTimersByTime(2);
    expect((await refusal(authenticate(`Bearer ${STORED}`))).status).toBe(401);
    expect(asked).toHaveLength(2);
  });

  test('the memory of found keys stays bounded and full memory does not forget what it just answered', async () => {
    const records = new Map(
      Array.from({ length: 1_000 }, (_, index) => [hashApiKey(`fc_${index}`), { id: `key_${index}`, scopes: [] }]),
    );
    const { authenticate, asked } = start(records);
    for (let index = 0; index < 1_000; index += 1) await authenticate(`Bearer fc_${index}`);
    for (let index = 0; index < 1_000; index += 1) await authenticate(`Bearer fc_${index}`);
    expect(asked).toHaveLength(1_000);
  });

  test('a failing look-up is not mistaken for an unknown key', async () => {
    const authenticate = createAuthenticator({
      staticKeys: {},
      findApiKey: () => Promise.reject(new Error('database away')),
      tokenPublicKey: pem(pair.publicKey),
    });
    await expect(authenticate(`Bearer ${STORED}`)).rejects.toThrow('database away');
  });
});

describe('customers’ tokens', () => {
  test('a good token is its customer in its session', async () => {
    expect(await start().authenticate(`Bearer ${await token()}`)).toEqual({
      kind: 'customer',
      id: 'cus_1',
      customerId: 'cus_1',
      sessionId: 'ses_1',
    });
  });

  test.each<[string, TokenParts]>([
    ['has run out', { expires: Math.floor(Date.now() / 1000) - 1 }],
    ['never runs out', { expires: undefined }],
    ['is from another issuer', { issuer: 'somebody' }],
    ['is for another audience', { audience: 'something' }],
    ['is signed by another key', { key: generateKeyPairSync('ed25519').privateKey }],
    ['names a session that is no text', { session: 7 }],
  ])('a token that %s is refused', async (_why, parts) => {
    expect((await refusal(start().authenticate(`Bearer ${await token(parts)}`))).status).toBe(401);
  });

  test('unsigned tokens, other algorithms, changed payloads and noise are refused', async () => {
    const { authenticate } = start();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { sub: 'cus_1', sid: 'ses_1', iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, exp: inAnHour() };
    const unsigned = `${part({ alg: 'none' })}.${part(claims)}.`;
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pem(pair.publicKey)));
    const [header, , signature] = (await token()).split('.');
    const changed = `${header}.${part({ ...claims, sub: 'cus_2' })}.${signature}`;
    for (const credential of [unsigned, hmac, changed, 'x', 'a.b.c', '....']) {
      expect((await refusal(authenticate(`Bearer ${credential}`))).status).toBe(401);
    }
  });
});

describe('what has ended', () => {
  const ended = new Set<string>();
  const live = new Set<string>();
  const authenticate = createAuthenticator({
    staticKeys: {},
    findApiKey: async () => ({ id: 'key_1', scopes: ['orders:read'] }),
    tokenPublicKey: pem(pair.publicKey),
    ended,
    isLive: async (sessionId) => live.has(sessionId),
  });
  beforeEach(() => {
    ended.clear();
    live.clear();
    live.add('ses_1');
  });

  test('a session that is known to have ended is refused, also where a guest would be let in to things of their own', async () => {
    ended.add('ses_1');
    const bearer = `Bearer ${await token()}`;
    for (const access of [undefined, {}, { customer: true }, { customer: true, public: true }])
      expect((await refusal(authenticate(bearer, access))).message).toContain('This session has ended');
  });

  test('where nobody in particular is needed, a token that has ended or expired is no token; a wrong one is still wrong', async () => {
    const forAll = { public: true };
    expect(await authenticate(`Bearer ${await token()}`, forAll)).toMatchObject({ sessionId: 'ses_1' });
    ended.add('ses_1');
    const expired = await token({ session: 'ses_2', expires: Math.floor(Date.now() / 1000) - 1 });
    for (const past of [await token(), expired])
      expect(await authenticate(`Bearer ${past}`, forAll)).toEqual({ kind: 'anonymous', id: 'anonymous' });
    expect((await refusal(authenticate(`Bearer ${expired}`, { ...forAll, customer: true }))).status).toBe(401);
    const { privateKey } = generateKeyPairSync('ed25519');
    const foreign = await token({ key: privateKey, expires: Math.floor(Date.now() / 1000) - 1 });
    for (const wrong of [foreign, 'noise', 'fc_wrong'])
      expect((await refusal(start().authenticate(`Bearer ${wrong}`, forAll))).status).toBe(401);
  });

  test('customers’ own things ask whether the session is live; what everybody may do does not', async () => {
    live.clear();
    const bearer = `Bearer ${await token()}`;
    expect((await refusal(authenticate(bearer, { customer: true }))).status).toBe(401);
    expect(await authenticate(bearer, { customer: false })).toMatchObject({ sessionId: 'ses_1' });
    expect(await authenticate(bearer)).toMatchObject({ sessionId: 'ses_1' });
  });

  test('a key that was found before is refused as soon as its end is known', async () => {
    expect(await authenticate(`Bearer ${STORED}`)).toMatchObject({ id: 'key_1' });
    ended.add('key_1');
    expect((await refusal(authenticate(`Bearer ${STORED}`))).status).toBe(401);
  });
});

describe('configuration that cannot work fails at the start', () => {
  const options = { staticKeys: {}, findApiKey: async () => undefined, tokenPublicKey: pem(pair.publicKey) };

  test('a token key that is no Ed25519 public key', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    for (const tokenPublicKey of ['', 'nonsense', pem(rsa)]) {
      expect(() => createAuthenticator({ ...options, tokenPublicKey })).toThrow('TOKEN_PUBLIC_KEY');
    }
  });

  test('a static key without the prefix is named, not shown', () => {
    const staticKeys = { service: { key: 'hunter2', scopes: ['*'] } };
    expect(() => createAuthenticator({ ...options, staticKeys })).toThrow('"service" must begin with fc_');
    expect(() => createAuthenticator({ ...options, staticKeys })).not.toThrow('hunter2');
  });
});
