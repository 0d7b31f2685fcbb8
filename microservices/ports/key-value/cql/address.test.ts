import { describe, expect, test } from '@jest/globals';
import { readCqlAddress } from './address.ts';

describe('the address of a CQL cluster', () => {
  test.each([
    ['one node', '127.0.0.1:9042', { contactPoints: ['127.0.0.1:9042'] }],
    ['nodes, some without a port', 'scylla-1, scylla-2:9043,', { contactPoints: ['scylla-1', 'scylla-2:9043'] }],
    ['an IPv6 address', '[::1]:9042', { contactPoints: ['[::1]:9042'] }],
    [
      'a sign-in with what has a meaning here',
      'shop:p%40ss%3Aw%2Crd@scylla-1:9042',
      { contactPoints: ['scylla-1:9042'], credentials: { username: 'shop', password: 'p@ss:w,rd' } },
    ],
  ])('%s', (_what, text, expected) => {
    expect(readCqlAddress(text)).toEqual(expected);
  });

  test.each(['', ',', 'http://scylla-1:9042', 'scylla-1:port', 'a:b:c', '%zz:x@scylla-1', 'two words'])(
    '"%s" is none',
    (text) => {
      expect(readCqlAddress(text)).toBeUndefined();
    },
  );
});
