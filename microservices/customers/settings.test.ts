import { generateKeyPairSync } from 'node:crypto';
import { readSettings } from './settings.ts';

const TOKEN_PRIVATE_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test('a signing key is enough', () => {
  expect(readSettings({ TOKEN_PRIVATE_KEY })).toMatchObject({
    accessTokenMinutes: 15,
    refreshTokenDays: 30,
    codeMinutes: 15,
    consentDoubleOptIn: false,
    erasureServices: undefined,
  });
});

test('every setting is read', () => {
  expect(
    readSettings({
      TOKEN_PRIVATE_KEY,
      ACCESS_TOKEN_MINUTES: '5',
      CONSENT_DOUBLE_OPT_IN: 'true',
      ERASURE_SERVICES: 'orders,wallet',
    }),
  ).toMatchObject({ accessTokenMinutes: 5, consentDoubleOptIn: true, erasureServices: ['orders', 'wallet'] });
  expect(readSettings({ TOKEN_PRIVATE_KEY, ERASURE_SERVICES: '' }).erasureServices).toEqual([]);
});

test.each([
  ['ACCESS_TOKEN_MINUTES', 'soon', 'ACCESS_TOKEN_MINUTES (it holds "soon"): must be a whole number from 1 to 60.'],
  ['CONSENT_DOUBLE_OPT_IN', 'maybe', 'CONSENT_DOUBLE_OPT_IN (it holds "maybe"): must be true or false.'],
])('%s=%s is refused in words', (name, value, message) => {
  expect(() => readSettings({ TOKEN_PRIVATE_KEY, [name]: value })).toThrow(message);
});

test('every wrong variable is named, not only the first', () => {
  const both = () => readSettings({ TOKEN_PRIVATE_KEY, CODE_MINUTES: '0', SESSION_DAYS: '9999' });
  expect(both).toThrow('CODE_MINUTES (it holds "0")');
  expect(both).toThrow('SESSION_DAYS (it holds "9999")');
  expect(() => readSettings({ TOKEN_PRIVATE_KEY, ERASURE_SERVICES: 'Orders!' })).toThrow(
    'ERASURE_SERVICES (it holds "Orders!")',
  );
});

test('a signing key that is missing, broken or of another kind is named and not shown', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  expect(() => readSettings({})).toThrow('TOKEN_PRIVATE_KEY: must be set');
  for (const wrong of ['', 'hunter2', rsa]) {
    expect(() => readSettings({ TOKEN_PRIVATE_KEY: wrong })).toThrow(
      'TOKEN_PRIVATE_KEY: must be an Ed25519 private key',
    );
    if (wrong) expect(() => readSettings({ TOKEN_PRIVATE_KEY: wrong })).not.toThrow(wrong);
  }
});
