import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../microservices/chassis/auth/authenticate.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';

let platform: TestPlatform;
let customerId: string;
let sessionId: string;
let accessToken: string;
let fetchedKeys = 0;
const keyServer = createServer((_request, response) => {
  fetchedKeys += 1;
  response.end('{}');
});

beforeAll(async () => {
  platform = await startTestPlatform({ services: [customers] });
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  const { customer, session } = await platform.client(customersContract, { credential: '' }).createGuest({});
  ({ sessionId, accessToken } = session);
  customerId = customer.id;
});
afterAll(async () => {
  await platform.stop();
  await new Promise((resolve) => keyServer.close(resolve));
});

const statusFor = async (token: string, headers: Record<string, string> = {}): Promise<number> => {
  const response = await fetch(`${platform.url}/v1/customers/${customerId}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  await response.body?.cancel();
  return response.status;
};

const inAnHour = (): number => Math.floor(Date.now() / 1_000) + 3_600;
const claims = () => ({
  sub: customerId,
  sid: sessionId,
  iss: TOKEN_ISSUER,
  aud: TOKEN_AUDIENCE,
  exp: inAnHour(),
  iat: inAnHour() - 3_700,
});
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Signer = (text: Buffer) => Buffer;
const byHmac =
  (hash: 'sha256' | 'sha512', secret: Buffer): Signer =>
  (text) =>
    createHmac(hash, secret).update(text).digest();
const byKey =
  (key: KeyObject): Signer =>
  (text) =>
    sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', text, { key, dsaEncoding: 'ieee-p1363' });

/** A token with these claims and this header, signed as it says or as somebody else would. */
const token = (
  changes: object,
  signer = byKey(createPrivateKey(platform.access.tokenPrivateKey)),
  header = {},
): string => {
  const text = `${part({ alg: 'EdDSA', ...header })}.${part({ ...claims(), ...changes })}`;
  return `${text}.${signer(Buffer.from(text)).toString('base64url')}`;
};

describe('S1: a customer’s token', () => {
  test('is taken as the customers service gives it, and as it would sign it', async () => {
    expect(await statusFor(accessToken)).toBe(200);
    expect(await statusFor(token({}))).toBe(200);
  });

  test('without a signature is refused, however "none" is written', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null])
      for (const signature of ['', 'AA', accessToken.split('.')[2] ?? ''])
        expect([alg, await statusFor(`${part({ alg, typ: 'JWT' })}.${part(claims())}.${signature}`)]).toEqual([
          alg,
          401,
        ]);
  });

  test('signed with our public key as a shared secret is refused, in every form of the key', async () => {
    const pem = platform.access.tokenPublicKey;
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    const { x = '' } = createPublicKey(pem).export({ format: 'jwk' });
    for (const secret of [Buffer.from(pem), Buffer.from(pem.trim()), der, Buffer.from(x, 'base64url')])
      for (const [alg, hash] of [
        ['HS256', 'sha256'],
        ['HS512', 'sha512'],
      ] as const)
        expect(await statusFor(token({}, byHmac(hash, secret), { alg }))).toBe(401);
  });

  test('signed by another key is refused, whatever its header says about keys', async () => {
    const pair = generateKeyPairSync('ed25519');
    const jwk = pair.publicKey.export({ format: 'jwk' });
    const jku = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/keys`;
    const headers: object[] = [
      {},
      { jwk },
      { jku },
      { x5u: jku },
      { kid: '../../../../dev/null' },
      { kid: "x' UNION SELECT 'key' --" },
      { kid: jku },
    ];
    for (const header of headers)
      expect([header, await statusFor(token({}, byKey(pair.privateKey), header))]).toEqual([header, 401]);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(await statusFor(token({}, byKey(rsa), { alg: 'RS256' }))).toBe(401);
    expect(await statusFor(token({}, byKey(ec), { alg: 'ES256' }))).toBe(401);
    expect(fetchedKeys).toBe(0);
  });

  test.each<[string, object]>([
    ['has ended', { exp: Math.floor(Date.now() / 1_000) - 1 }],
    ['never ends', { exp: undefined }],
    ['ends with a word', { exp: 'tomorrow' }],
    ['begins later', { nbf: inAnHour() }],
    ['is of another issuer', { iss: 'https://fusioncommerce.example' }],
    ['is for another audience', { aud: 'n8n' }],
    ['names nobody', { sub: undefined }],
    ['names several', { sub: ['a', 'b'] }],
    ['names no session', { sid: undefined }],
  ])('with our own signature is refused when it %s', async (_why, changes) => {
    expect(await statusFor(token(changes))).toBe(401);
  });

  test('with a changed header, payload or signature is refused', async () => {
    const [header = '', payload = '', signature = ''] = accessToken.split('.');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const changed = part({ ...claims(), sub: customerId });
    for (const forged of [
      `${header}.${changed}.${signature}`,
      `${part({ alg: 'EdDSA', crit: ['b64'], b64: false })}.${payload}.${signature}`,
      `${header}.${payload}.${flipped}`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.${signature}`,
      `${header}.${payload}.`,
    ])
      expect(await statusFor(forged)).toBe(401);
  });

  test('counts in the Authorization header only', async () => {
    const response = await fetch(`${platform.url}/v1/customers/${customerId}?access_token=${accessToken}`, {
      headers: { cookie: `access_token=${accessToken}; token=${accessToken}`, 'x-access-token': accessToken },
    });
    expect([400, 401]).toContain(response.status);
  });
});
