import { describe, expect, test } from '@jest/globals';
import { until } from '../../../chassis/testing/until.ts';
import type { Bench } from './bench.ts';

export const describeByVersion = (at: Bench): void => {
  describe('writing by version', () => {
    test('goes forward only: what is as new or newer stays', async () => {
      const key = at.newKey();
      expect(await at.store.putNewer(at.space, key, 'first', 3)).toBe(true);
      expect(await at.store.get(at.space, key)).toEqual({ value: 'first', version: 3 });
      expect(await at.store.putNewer(at.space, key, 'older', 2)).toBe(false);
      expect(await at.store.putNewer(at.space, key, 'as new', 3)).toBe(false);
      expect(await at.store.get(at.space, key)).toEqual({ value: 'first', version: 3 });
      expect(await at.store.putNewer(at.space, key, 'newer', 4)).toBe(true);
      expect(await at.store.get(at.space, key)).toEqual({ value: 'newer', version: 4 });
    });

    test('20 versions at once, in any order, end with the highest', async () => {
      const key = at.newKey();
      const versions = Array.from({ length: 20 }, (_, i) => ((i * 7) % 20) + 1);
      const written = await Promise.all(
        versions.map((version) => at.store.putNewer(at.space, key, { version }, version)),
      );
      expect(await at.store.get(at.space, key)).toEqual({ value: { version: 20 }, version: 20 });
      expect(written[versions.indexOf(20)]).toBe(true);
    });

    test('the same version by 10 at once is written once', async () => {
      const key = at.newKey();
      const written = await Promise.all(Array.from({ length: 10 }, () => at.store.putNewer(at.space, key, 'same', 7)));
      expect(written.filter(Boolean)).toHaveLength(1);
    });

    test('takes the largest version, and any once the key was deleted', async () => {
      const key = at.newKey();
      expect(await at.store.putNewer(at.space, key, 1, Number.MAX_SAFE_INTEGER)).toBe(true);
      expect((await at.store.get(at.space, key))?.version).toBe(Number.MAX_SAFE_INTEGER);
      await at.store.delete(at.space, key);
      expect(await at.store.putNewer(at.space, key, 2, 1)).toBe(true);
      expect(await at.store.get(at.space, key)).toEqual({ value: 2, version: 1 });
    });

    test('nothing follows on the highest version; once deleted, the key is as any other', async () => {
      const key = at.newKey();
      await at.store.putNewer(at.space, key, 'last', Number.MAX_SAFE_INTEGER);
      await expect(at.store.put(at.space, key, 'more')).rejects.toThrow(/no higher one: delete it/);
      await expect(at.store.compareAndSet(at.space, key, Number.MAX_SAFE_INTEGER, 'more')).rejects.toThrow(/no higher/);
      expect((await at.store.get(at.space, key))?.value).toBe('last');
      await at.store.delete(at.space, key);
      const version = await at.store.put(at.space, key, 'new');
      expect(await at.store.compareAndSet(at.space, key, version, 'newer')).toBeGreaterThan(version);
    });

    test('writes over what ran out', async () => {
      const key = at.newKey();
      await at.store.put(at.space, key, 'short', { ttlSeconds: 1 });
      await until(async () => (await at.store.get(at.space, key)) === undefined);
      expect(await at.store.putNewer(at.space, key, 'new', 1)).toBe(true);
      expect(await at.store.get(at.space, key)).toEqual({ value: 'new', version: 1 });
    });

    test('compare-and-set goes on from a version of the caller’s own', async () => {
      const key = at.newKey();
      await at.store.putNewer(at.space, key, 'a', 5);
      expect(await at.store.compareAndSet(at.space, key, 4, 'b')).toBeUndefined();
      expect(await at.store.compareAndSet(at.space, key, 5, 'c')).toBeGreaterThan(5);
      expect((await at.store.get(at.space, key))?.value).toBe('c');
    });
  });
};
