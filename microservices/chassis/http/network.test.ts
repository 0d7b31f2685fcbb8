import { describe, expect, test } from '@jest/globals';
import { networkOf, plainAddress } from './network.ts';

describe('an address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:51234', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['unknown', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('written as %s is %s', (written, expected) => {
    expect(plainAddress(written)).toBe(expected);
  });

  test('of IPv6 is counted by its network, however it is written', () => {
    const networks = ['2001:db8:1:2::1', '2001:DB8:1:2:ffff::9', '2001:0db8:0001:0002:0:0:0:1'].map(networkOf);
    expect(new Set(networks)).toEqual(new Set(['2001:db8:1:2::/64']));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });
});
