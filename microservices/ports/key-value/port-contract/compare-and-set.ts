import { describe, expect, test } from '@jest/globals';
import type { Bench } from './bench.ts';

export const describeCompareAndSet = (at: Bench): void => {
  describe('compare-and-set', () => {
    test('writes on the version that was read, once', async () => {
      const key = at.newKey();
      const first = await at.store.put(at.space, key, 'a');
      const second = await at.store.compareAndSet(at.space, key, first, 'b');
      expect(second).toBeGreaterThan(first);
      expect(await at.store.compareAndSet(at.space, key, first, 'c')).toBeUndefined();
      expect(await at.store.get(at.space, key)).toEqual({ value: 'b', version: second });
    });

    test('version 0 writes only what is absent', async () => {
      const key = at.newKey();
      expect(await at.store.compareAndSet(at.space, key, 0, 'a')).toBeGreaterThan(0);
      expect(await at.store.compareAndSet(at.space, key, 0, 'b')).toBeUndefined();
      expect((await at.store.get(at.space, key))?.value).toBe('a');
    });

    test('a version from before a delete never fits what was written after it', async () => {
      const key = at.newKey();
      const old = await at.store.put(at.space, key, 'a');
      await at.store.delete(at.space, key);
      await at.store.put(at.space, key, 'b');
      expect(await at.store.compareAndSet(at.space, key, old, 'c')).toBeUndefined();
    });

    test('of 20 who race to create, exactly one wins', async () => {
      const key = at.newKey();
      const wins = await Promise.all(Array.from({ length: 20 }, (_, i) => at.store.compareAndSet(at.space, key, 0, i)));
      expect(wins.filter((version) => version !== undefined)).toHaveLength(1);
    });

    test('puts and compare-and-sets at once: what came last in versions is what stands', async () => {
      const key = at.newKey();
      const first = await at.store.put(at.space, key, 'first');
      const [swapped, ...puts] = await Promise.all([
        at.store.compareAndSet(at.space, key, first, 'swapped'),
        ...['a', 'b', 'c', 'd'].map((value) => at.store.put(at.space, key, value)),
      ]);
      const values = new Map([...puts.map((version, i) => [version, 'abcd'[i]] as const), [swapped, 'swapped']]);
      const standing = await at.store.get(at.space, key);
      expect(standing?.version).toBe(Math.max(...puts, swapped ?? 0));
      expect(standing?.value).toBe(values.get(standing?.version));
    });

    test('10 writers who read, add one and compare-and-set lose nothing', async () => {
      const key = at.newKey();
      await at.store.put(at.space, key, 0);
      const addOne = async (): Promise<void> => {
        const read = await at.store.get<number>(at.space, key);
        if (read && (await at.store.compareAndSet(at.space, key, read.version, read.value + 1))) return;
        await addOne();
      };
      await Promise.all(Array.from({ length: 10 }, addOne));
      expect((await at.store.get(at.space, key))?.value).toBe(10);
    });
  });
};
