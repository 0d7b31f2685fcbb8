import { describe, expect, test } from '@jest/globals';
import { until } from '../../../chassis/testing/until.ts';
import type { Bench } from './bench.ts';

export const describeTimeToLive = (at: Bench): void => {
  describe('time to live', () => {
    test('a value runs out, and is then absent for compare-and-set too', async () => {
      const key = at.newKey();
      const version = await at.store.put(at.space, key, 'short', { ttlSeconds: 1 });
      await until(async () => (await at.store.get(at.space, key)) === undefined);
      expect(await at.store.compareAndSet(at.space, key, version, 'late')).toBeUndefined();
      expect(await at.store.compareAndSet(at.space, key, 0, 'new')).toBeGreaterThan(version);
      expect((await at.store.get(at.space, key))?.value).toBe('new');
    });

    test('a later put without a time to live keeps the value', async () => {
      const kept = at.newKey();
      const lost = at.newKey();
      await at.store.put(at.space, kept, 1, { ttlSeconds: 1 });
      await at.store.put(at.space, kept, 2);
      await at.store.put(at.space, lost, 1, { ttlSeconds: 1 });
      await until(async () => (await at.store.get(at.space, lost)) === undefined);
      expect((await at.store.get(at.space, kept))?.value).toBe(2);
    });

    test('a value that lived on without a time to live can be given one again, and is then absent for all', async () => {
      const key = at.newKey();
      await at.store.put(at.space, key, 1);
      await at.store.put(at.space, key, 2, { ttlSeconds: 1 });
      await until(async () => (await at.store.get(at.space, key)) === undefined);
      expect(await at.store.compareAndSet(at.space, key, 0, 3)).toBeGreaterThan(0);
      expect((await at.store.get(at.space, key))?.value).toBe(3);
    });

    test('compare-and-set can give a time to live', async () => {
      const key = at.newKey();
      await at.store.compareAndSet(at.space, key, 0, 'short', { ttlSeconds: 1 });
      await until(async () => (await at.store.get(at.space, key)) === undefined);
    });
  });
};
