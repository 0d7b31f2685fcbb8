import { describe, expect, test } from '@jest/globals';
import type { Bench } from './bench.ts';

export const describeRefusals = (at: Bench): void => {
  describe('what no engine could keep is refused with a reason', () => {
    test.each<[string, () => Promise<unknown>, RegExp]>([
      ['an empty key', () => at.store.put(at.space, '', 1), /key-value key is 1 to 512/],
      ['a NUL in a key', () => at.store.get(at.space, 'a\u0000'), /key-value key .*without NUL/],
      ['a key too long', () => at.store.get(at.space, 'k'.repeat(513)), /513 characters/],
      ['an empty space', () => at.store.get('', 'k'), /key-value space/],
      ['a value that is not JSON', () => at.store.put(at.space, 'k', undefined), /must be JSON/],
      ['version 0 to write by', () => at.store.putNewer(at.space, 'k', 1, 0), /whole number from 1/],
      ['a version that is not whole', () => at.store.putNewer(at.space, 'k', 1, 1.5), /whole number from 1/],
      ['a value too large', () => at.store.put(at.space, 'k', 'x'.repeat(1_048_576)), /object store/],
      ['half a second to live', () => at.store.put(at.space, 'k', 1, { ttlSeconds: 0.5 }), /whole number from 1/],
      ['a negative version', () => at.store.compareAndSet(at.space, 'k', -1, 1), /expected version is 0/],
      ['half a step', () => at.store.increment(at.space, 'k', 0.5), /whole numbers/],
      ['a score that is not finite', () => at.store.rank(at.space, 's', 'm', Infinity), /finite number/],
      ['no limit', () => at.store.range(at.space, 's', { limit: 0 }), /limit of 1 to 1000/],
      ['an empty member', () => at.store.unrank(at.space, 's', ''), /key-value member/],
    ])('%s', async (_what, attempt, reason) => {
      await expect(attempt()).rejects.toThrow(reason);
    });
  });
};
