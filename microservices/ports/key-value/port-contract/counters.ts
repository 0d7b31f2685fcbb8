import { describe, expect, test } from '@jest/globals';
import type { Bench } from './bench.ts';

export const describeCounters = (at: Bench): void => {
  describe('counters', () => {
    test('start at zero, go up and down, and are apart from values', async () => {
      const key = at.newKey();
      expect(await at.store.count(at.space, key)).toBe(0);
      expect(await at.store.increment(at.space, key)).toBe(1);
      expect(await at.store.increment(at.space, key, 41)).toBe(42);
      expect(await at.store.increment(at.space, key, -50)).toBe(-8);
      expect(await at.store.count(at.space, key)).toBe(-8);
      expect(await at.store.get(at.space, key)).toBeUndefined();
    });

    test('50 increments at once, on an engine that does not fail, count 50', async () => {
      const key = at.newKey();
      await Promise.all(Array.from({ length: 50 }, () => at.store.increment(at.space, key)));
      expect(await at.store.count(at.space, key)).toBe(50);
    });
  });
};
