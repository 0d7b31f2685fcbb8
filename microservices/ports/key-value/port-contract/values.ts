import { describe, expect, test } from '@jest/globals';
import type { Bench } from './bench.ts';

export const describeValues = (at: Bench): void => {
  describe('values', () => {
    test('an absent key answers undefined', async () => {
      expect(await at.store.get(at.space, at.newKey())).toBeUndefined();
    });

    test.each([
      ['an object', { a: [1, 2.5, { b: null }], z: 'é', a2: true }],
      ['text with NUL and a lone surrogate', 'a\u0000b\ud800c'],
      ['null', null],
      ['false', false],
      ['zero', 0],
      ['a large integer', Number.MAX_SAFE_INTEGER],
      ['an empty list', []],
    ])('%s comes back as it went in', async (_what, value) => {
      const key = at.newKey();
      const version = await at.store.put(at.space, key, value);
      expect(await at.store.get(at.space, key)).toEqual({ value, version });
    });

    test('keys are exact: letter case, spaces and unicode tell them apart, and spaces are apart', async () => {
      const stem = at.newKey();
      const keys = [stem, stem.toUpperCase() + 'X', stem + 'x', `${stem} `, `${stem}é`, `${stem}/..`, `${stem}'";--`];
      for (const [index, key] of keys.entries()) await at.store.put(at.space, key, index);
      await at.store.put(`${at.space}-other`, stem, 'other');
      for (const [index, key] of keys.entries()) expect((await at.store.get(at.space, key))?.value).toBe(index);
      expect((await at.store.get(`${at.space}-other`, stem))?.value).toBe('other');
    });

    test('puts at once each get a version of their own, and the last one stays', async () => {
      const key = at.newKey();
      const written = await Promise.all(
        Array.from({ length: 10 }, async (_, value) => ({ value, version: await at.store.put(at.space, key, value) })),
      );
      const last = written.toSorted((left, right) => right.version - left.version)[0];
      expect(new Set(written.map(({ version }) => version)).size).toBe(10);
      expect(await at.store.get(at.space, key)).toEqual(last);
    });

    test('every put gives a higher version', async () => {
      const key = at.newKey();
      const versions = [];
      for (let i = 0; i < 5; i += 1) versions.push(await at.store.put(at.space, key, i));
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
      expect(Math.min(...versions)).toBeGreaterThan(0);
    });

    test('a deleted key is absent, and deleting it again is fine', async () => {
      const key = at.newKey();
      await at.store.put(at.space, key, 1);
      await at.store.delete(at.space, key);
      await at.store.delete(at.space, key);
      expect(await at.store.get(at.space, key)).toBeUndefined();
    });

    test('a value of half a mebibyte is kept whole', async () => {
      const key = at.newKey();
      const value = 'x'.repeat(512 * 1024);
      await at.store.put(at.space, key, value);
      expect((await at.store.get(at.space, key))?.value).toBe(value);
    });
  });
};
