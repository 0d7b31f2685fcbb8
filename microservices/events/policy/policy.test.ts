import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAllowedAddress, literalAddress } from './addresses.ts';
import { secretFrom, signatureOf } from './signature.ts';
import { pauseAfter, retryAfterMs, verdictOf } from './verdict.ts';

describe('a signature', () => {
  // The example of the Standard Webhooks reference libraries.
  test('is that of Standard Webhooks', () => {
    expect(
      signatureOf(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        timestamp: '1614265330',
        body: '{"test": 2432232314}',
      }),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('of two secrets is two signatures', () => {
    const message = { id: 'a', timestamp: '1', body: '{}' };
    const [one, two] = [secretFrom(Buffer.alloc(32, 1)), secretFrom(Buffer.alloc(32, 2))];
    expect(signatureOf([one, two], message)).toBe(`${signatureOf([one], message)} ${signatureOf([two], message)}`);
  });
});

describe('a response', () => {
  const responded = (status: number, retryAfter?: string) =>
    verdictOf({ kind: 'responded', status, retryAfter, body: '' }, 0);

  test('of 2xx is a delivery, of 410 ends the subscription', () => {
    for (const status of [200, 201, 202, 204, 299]) expect(responded(status).kind).toBe('delivered');
    expect(responded(410)).toMatchObject({ kind: 'over', because: 'gone' });
  });

  test('that concerns the address makes everything wait, as long as it asks for', () => {
    for (const status of [404, 429, 502, 503, 504]) expect(responded(status).kind).toBe('away');
    expect(responded(503, '7')).toMatchObject({ waitMs: 7_000 });
    expect(verdictOf({ kind: 'unreachable', detail: 'refused' }, 0).kind).toBe('away');
  });

  test('of anything else is a failure of this event, redirects among them', () => {
    for (const status of [301, 302, 307, 400, 401, 409, 422, 500, 501])
      expect(responded(status)).toMatchObject({ kind: 'failed', status });
    expect(verdictOf({ kind: 'broken', detail: 'reset' }, 0)).toMatchObject({ kind: 'failed', status: null });
  });

  test('Retry-After is seconds or a date, an hour at most, and nonsense is none', () => {
    expect(retryAfterMs('120', 0)).toBe(120_000);
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:10 GMT', 4_000)).toBe(6_000);
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:10 GMT', 40_000)).toBe(0);
    expect(retryAfterMs('999999', 0)).toBe(3_600_000);
    expect(retryAfterMs('soon', 0)).toBeUndefined();
    expect(retryAfterMs(undefined, 0)).toBeUndefined();
  });

  test('pauses grow, spread, and never exceed a minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const pause = pauseAfter(failures, 1_000, random);
          expect(pause).toBeGreaterThanOrEqual(500);
          expect(pause).toBeLessThanOrEqual(60_000);
        },
      ),
    );
    expect(pauseAfter(1, 1_000, 1)).toBe(1_000);
    expect(pauseAfter(4, 1_000, 1)).toBe(8_000);
  });
});

describe('an address', () => {
  test.each([
    ['93.184.216.34', 'none', true],
    ['2606:2800:220:1::1', 'none', true],
    ['127.0.0.1', 'none', false],
    ['127.9.9.9', 'loopback', true],
    ['::1', 'loopback', true],
    ['10.1.2.3', 'loopback', false],
    ['192.168.1.1', 'private', true],
    ['172.31.0.1', 'private', true],
    ['172.32.0.1', 'none', true],
    ['fd00::1', 'private', true],
    ['fd00::1', 'none', false],
    ['169.254.169.254', 'private', false],
    ['0.0.0.0', 'private', false],
    ['100.64.0.1', 'private', false],
    ['224.0.0.1', 'private', false],
    ['255.255.255.255', 'private', false],
    ['::ffff:127.0.0.1', 'private', false],
    ['::ffff:169.254.169.254', 'private', false],
    ['64:ff9b::a9fe:a9fe', 'private', false],
    ['fe80::1', 'private', false],
    ['::', 'private', false],
    ['::ffff:0:7f00:1', 'private', false],
    ['::7f00:1', 'private', false],
    ['::ffff:7f00:1', 'private', false],
    ['fec0::1', 'private', false],
    ['192.88.99.1', 'private', false],
    ['100::1', 'private', false],
    ['100:0:0:1::1', 'private', false],
    ['64:ff9b:1::1', 'private', false],
    ['2001::1', 'private', false],
    ['2001:20::1', 'private', false],
    ['2002:7f00:1::', 'private', false],
    ['2001:db8::1', 'private', false],
    ['3fff::1', 'private', false],
    ['5f00::1', 'private', false],
    ['4000::1', 'private', false],
    ['ff02::1', 'private', false],
    ['2a00:1450:4001:80b::200e', 'none', true],
    ['n8n.example', 'private', false],
  ] as const)('%s with %s: %s', (address, allow, expected) => {
    expect(isAllowedAddress(address, allow)).toBe(expected);
  });

  test('is found in every form that a URL allows', () => {
    expect(literalAddress('http://2130706433/x')).toBe('127.0.0.1');
    expect(literalAddress('http://0x7f.1/x')).toBe('127.0.0.1');
    expect(literalAddress('http://[::1]:3/x')).toBe('::1');
    expect(literalAddress('https://n8n.example/x')).toBeUndefined();
  });
});
