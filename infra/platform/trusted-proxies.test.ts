import { expect, test } from '@jest/globals';
import { readOptions, WrongSetting } from './options.ts';

const read = (value: string) => {
  const options = readOptions([], { TRUST_PROXY: value });
  return options === 'help' ? undefined : options.trustProxy;
};

test.each([
  ['', []],
  ['0', 0],
  ['1', 1],
  ['10.0.0.0/8', ['10.0.0.0/8']],
  ['10.1.2.3, fd00::/8,loopback', ['10.1.2.3', 'fd00::/8', 'loopback']],
])('TRUST_PROXY="%s" is read as %p', (value, expected) => {
  expect(read(value)).toEqual(expected);
});

test.each(['true', '1,2', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', 'proxy.example', '10.0.0', '*'])(
  'TRUST_PROXY="%s" is refused in words',
  (value) => {
    expect(() => read(value)).toThrow(WrongSetting);
    expect(() => read(value)).toThrow(/TRUST_PROXY holds/);
  },
);
