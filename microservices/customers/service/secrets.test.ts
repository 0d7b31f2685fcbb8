import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { createAuthenticator, hashApiKey } from '../../chassis/auth/authenticate.ts';
import { newId } from '../../chassis/ids.ts';
import { createSecrets, newApiKey } from './secrets.ts';

const signingKey = generateKeyPairSync('ed25519').privateKey;
const secrets = createSecrets(signingKey);
const others = createSecrets(generateKeyPairSync('ed25519').privateKey);
const claims = fc.record({
  sessionId: fc.constant(0).map(() => newId('ses')),
  generation: fc.integer({ min: 1, max: 999_999_999 }),
});

test('the platform reads an access token as its customer in its session', async () => {
  const authenticate = createAuthenticator({
    staticKeys: {},
    findApiKey: async () => undefined,
    tokenPublicKey: createPublicKey(signingKey).export({ type: 'spki', format: 'pem' }).toString(),
  });
  const now = new Date();
  const until = new Date(now.getTime() + 60_000);
  const session = { customerId: 'cus_1', id: 'ses_1', isGuest: false };
  const caller = { kind: 'customer', id: 'cus_1', customerId: 'cus_1', sessionId: 'ses_1' };
  expect(await authenticate(`Bearer ${await secrets.accessToken(session, now, until)}`)).toEqual(caller);
  const guests = await secrets.accessToken({ ...session, isGuest: true }, now, until);
  expect(await authenticate(`Bearer ${guests}`)).toEqual({ ...caller, guest: true });
  const over = await secrets.accessToken(session, new Date(0), new Date(1_000));
  await expect(authenticate(`Bearer ${over}`)).rejects.toMatchObject({ status: 401 });
  await expect(authenticate(`Bearer ${await others.accessToken(session, now, until)}`)).rejects.toMatchObject({
    status: 401,
  });
});

describe('refresh tokens', () => {
  test('say which session and generation they are for, to nobody but the one who signed them', () => {
    fc.assert(
      fc.property(claims, (given) => {
        const token = secrets.refreshToken(given);
        expect(secrets.readRefreshToken(token)).toEqual(given);
        expect(others.readRefreshToken(token)).toBeUndefined();
      }),
    );
  });

  test('any changed character makes them worthless', () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.constantFrom(...'0aZ_.-'), (given, at, character) => {
        const token = secrets.refreshToken(given);
        const place = at % token.length;
        const changed = token.slice(0, place) + character + token.slice(place + 1);
        fc.pre(changed !== token);
        const read = secrets.readRefreshToken(changed);
        // The last character of base64url carries bits that decode to nothing: then it is the very same signature.
        if (read) expect([place, read]).toEqual([token.length - 1, given]);
      }),
    );
  });

  test('noise is not one', () => {
    fc.assert(fc.property(fc.string(), (noise) => secrets.readRefreshToken(noise) === undefined));
  });
});

describe('codes', () => {
  test('eight letters and digits, however they are typed, that fit their own id only', () => {
    const ids = Array.from({ length: 500 }, () => newId('otc'));
    for (const id of ids) {
      const code = secrets.codeFor(id);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      for (const typed of [
        code,
        code.toLowerCase(),
        code.replace('-', ''),
        code.replaceAll('0', 'o'),
        code.replaceAll('1', 'I'),
      ])
        expect(secrets.isCodeFor(id, typed)).toBe(true);
      expect(secrets.isCodeFor(id, code.slice(1))).toBe(false);
    }
    const fitting = ids.filter((id, index) =>
      secrets.isCodeFor(id, secrets.codeFor(ids[(index + 1) % ids.length] ?? '')),
    );
    expect(fitting).toEqual([]);
  });

  test('cannot be computed with another key', () => {
    const ids = Array.from({ length: 200 }, () => newId('otc'));
    expect(ids.filter((id) => others.codeFor(id) === secrets.codeFor(id))).toEqual([]);
  });
});

test('the throttle does not write down whom it counts', () => {
  const key = secrets.throttleKey('sign-in', 'ada@example.org');
  expect(key).toBe(secrets.throttleKey('sign-in', 'ada@example.org'));
  expect(key).not.toBe(secrets.throttleKey('code', 'ada@example.org'));
  expect(key).not.toBe(others.throttleKey('sign-in', 'ada@example.org'));
  expect(key).not.toContain('ada');
});

test('an API key is 256 random bits behind its prefix; its hint gives none of them away that matter', () => {
  const { key, hint, hash } = newApiKey();
  expect(key).toMatch(/^fc_[A-Za-z0-9_-]{43}$/);
  expect(hash).toBe(hashApiKey(key));
  expect(key.startsWith(hint)).toBe(true);
  expect(hint).toHaveLength(9);
});
