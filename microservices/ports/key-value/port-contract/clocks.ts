import { describe, expect, test } from '@jest/globals';
import { until } from '../../../chassis/testing/until.ts';
import type { Bench } from './bench.ts';

/** Versions come from clocks, and those differ: those of processes, those of servers after a failover. */
export const describeClocks = (at: Bench): void => {
  describe('a clock that is ten minutes behind', () => {
    test('every put gives a higher version, whoever writes', async () => {
      const key = at.newKey();
      const versions = [];
      for (const store of [at.store, at.behind, at.behind, at.store, at.behind])
        versions.push(await store.put(at.space, key, versions.length));
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
      expect(await at.store.get(at.space, key)).toEqual({ value: 4, version: versions[4] });
    });

    test('what was deleted and is written anew gets a higher version', async () => {
      const key = at.newKey();
      const old = await at.store.put(at.space, key, 'old');
      await at.store.delete(at.space, key);
      const put = await at.behind.put(at.space, key, 'put');
      expect(put).toBeGreaterThan(old);
      await at.behind.delete(at.space, key);
      expect(await at.behind.get(at.space, key)).toBeUndefined();
      expect(await at.store.get(at.space, key)).toBeUndefined();
      const set = await at.behind.compareAndSet(at.space, key, 0, 'set');
      expect(set).toBeGreaterThan(put);
      expect(await at.store.compareAndSet(at.space, key, old, 'late')).toBeUndefined();
      expect(await at.store.compareAndSet(at.space, key, put, 'late')).toBeUndefined();
      expect(await at.store.get(at.space, key)).toEqual({ value: 'set', version: set });
    });

    test('what ran out and is written anew gets a higher version', async () => {
      const key = at.newKey();
      const old = await at.store.put(at.space, key, 'short', { ttlSeconds: 1 });
      await until(async () => (await at.store.get(at.space, key)) === undefined);
      expect(await at.behind.put(at.space, key, 'new')).toBeGreaterThan(old);
    });

    test('of 20 who race to write what was deleted anew, exactly one wins', async () => {
      const key = at.newKey();
      const old = await at.store.put(at.space, key, 'old');
      await at.store.delete(at.space, key);
      const versions = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? at.store : at.behind).compareAndSet(at.space, key, 0, i)),
      );
      const [won, ...others] = versions.filter((version) => version !== undefined);
      expect(others).toEqual([]);
      expect(won).toBeGreaterThan(old);
      expect(await at.store.get(at.space, key)).toEqual({ value: versions.indexOf(won), version: won });
    });
  });
};
