import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyValue } from './port.ts';

export interface OpenedKeyValue {
  store: KeyValue;
  close: () => Promise<void>;
}

/** Waits for something that the adapter's own clock decides; the test's time-out is the only limit. */
const eventually = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(50);
};

/** The promises of the KeyValue port, as tests. Every adapter runs them all against its real engine. */
export const describeKeyValuePort = (adapter: string, open: () => Promise<OpenedKeyValue>): void => {
  describe(`KeyValue port on ${adapter}`, () => {
    let opened: OpenedKeyValue;
    let store: KeyValue;
    const space = `test-${randomUUID()}`;
    const newKey = (): string => randomUUID();

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    describe('values', () => {
      test('an absent key answers undefined', async () => {
        expect(await store.get(space, newKey())).toBeUndefined();
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
        const key = newKey();
        const version = await store.put(space, key, value);
        expect(await store.get(space, key)).toEqual({ value, version });
      });

      test('keys are exact: letter case, spaces and unicode tell them apart, and spaces are apart', async () => {
        const stem = newKey();
        const keys = [stem, stem.toUpperCase() + 'X', stem + 'x', `${stem} `, `${stem}é`, `${stem}/..`, `${stem}'";--`];
        for (const [index, key] of keys.entries()) await store.put(space, key, index);
        await store.put(`${space}-other`, stem, 'other');
        for (const [index, key] of keys.entries()) expect((await store.get(space, key))?.value).toBe(index);
        expect((await store.get(`${space}-other`, stem))?.value).toBe('other');
      });

      test('puts at once each get a version of their own, and the last one stays', async () => {
        const key = newKey();
        const written = await Promise.all(
          Array.from({ length: 10 }, async (_, value) => ({ value, version: await store.put(space, key, value) })),
        );
        const last = written.toSorted((left, right) => right.version - left.version)[0];
        expect(new Set(written.map(({ version }) => version)).size).toBe(10);
        expect(await store.get(space, key)).toEqual(last);
      });

      test('every put gives a higher version', async () => {
        const key = newKey();
        const versions = [];
        for (let i = 0; i < 5; i += 1) versions.push(await store.put(space, key, i));
        expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
        expect(Math.min(...versions)).toBeGreaterThan(0);
      });

      test('a deleted key is absent, and deleting it again is fine', async () => {
        const key = newKey();
        await store.put(space, key, 1);
        await store.delete(space, key);
        await store.delete(space, key);
        expect(await store.get(space, key)).toBeUndefined();
      });

      test('a value of half a mebibyte is kept whole', async () => {
        const key = newKey();
        const value = 'x'.repeat(512 * 1024);
        await store.put(space, key, value);
        expect((await store.get(space, key))?.value).toBe(value);
      });
    });

    describe('time to live', () => {
      test('a value runs out, and is then absent for compare-and-set too', async () => {
        const key = newKey();
        const version = await store.put(space, key, 'short', { ttlSeconds: 1 });
        await eventually(async () => (await store.get(space, key)) === undefined);
        expect(await store.compareAndSet(space, key, version, 'late')).toBeUndefined();
        expect(await store.compareAndSet(space, key, 0, 'new')).toBeGreaterThan(version);
        expect((await store.get(space, key))?.value).toBe('new');
      });

      test('a later put without a time to live keeps the value', async () => {
        const kept = newKey();
        const lost = newKey();
        await store.put(space, kept, 1, { ttlSeconds: 1 });
        await store.put(space, kept, 2);
        await store.put(space, lost, 1, { ttlSeconds: 1 });
        await eventually(async () => (await store.get(space, lost)) === undefined);
        expect((await store.get(space, kept))?.value).toBe(2);
      });

      test('a value that lived on without a time to live can be given one again, and is then absent for all', async () => {
        const key = newKey();
        await store.put(space, key, 1);
        await store.put(space, key, 2, { ttlSeconds: 1 });
        await eventually(async () => (await store.get(space, key)) === undefined);
        expect(await store.compareAndSet(space, key, 0, 3)).toBeGreaterThan(0);
        expect((await store.get(space, key))?.value).toBe(3);
      });

      test('compare-and-set can give a time to live', async () => {
        const key = newKey();
        await store.compareAndSet(space, key, 0, 'short', { ttlSeconds: 1 });
        await eventually(async () => (await store.get(space, key)) === undefined);
      });
    });

    describe('compare-and-set', () => {
      test('writes on the version that was read, once', async () => {
        const key = newKey();
        const first = await store.put(space, key, 'a');
        const second = await store.compareAndSet(space, key, first, 'b');
        expect(second).toBeGreaterThan(first);
        expect(await store.compareAndSet(space, key, first, 'c')).toBeUndefined();
        expect(await store.get(space, key)).toEqual({ value: 'b', version: second });
      });

      test('version 0 writes only what is absent', async () => {
        const key = newKey();
        expect(await store.compareAndSet(space, key, 0, 'a')).toBeGreaterThan(0);
        expect(await store.compareAndSet(space, key, 0, 'b')).toBeUndefined();
        expect((await store.get(space, key))?.value).toBe('a');
      });

      test('a version from before a delete never fits what was written after it', async () => {
        const key = newKey();
        const old = await store.put(space, key, 'a');
        await store.delete(space, key);
        await store.put(space, key, 'b');
        expect(await store.compareAndSet(space, key, old, 'c')).toBeUndefined();
      });

      test('of 20 who race to create, exactly one wins', async () => {
        const key = newKey();
        const wins = await Promise.all(Array.from({ length: 20 }, (_, i) => store.compareAndSet(space, key, 0, i)));
        expect(wins.filter((version) => version !== undefined)).toHaveLength(1);
      });

      test('puts and compare-and-sets at once: what came last in versions is what stands', async () => {
        const key = newKey();
        const first = await store.put(space, key, 'first');
        const [swapped, ...puts] = await Promise.all([
          store.compareAndSet(space, key, first, 'swapped'),
          ...['a', 'b', 'c', 'd'].map((value) => store.put(space, key, value)),
        ]);
        const values = new Map([...puts.map((version, i) => [version, 'abcd'[i]] as const), [swapped, 'swapped']]);
        const standing = await store.get(space, key);
        expect(standing?.version).toBe(Math.max(...puts, swapped ?? 0));
        expect(standing?.value).toBe(values.get(standing?.version));
      });

      test('10 writers who read, add one and compare-and-set lose nothing', async () => {
        const key = newKey();
        await store.put(space, key, 0);
        const addOne = async (): Promise<void> => {
          const read = await store.get<number>(space, key);
          if (read && (await store.compareAndSet(space, key, read.version, read.value + 1))) return;
          await addOne();
        };
        await Promise.all(Array.from({ length: 10 }, addOne));
        expect((await store.get(space, key))?.value).toBe(10);
      });
    });

    describe('writing by version', () => {
      test('goes forward only: what is as new or newer stays', async () => {
        const key = newKey();
        expect(await store.putNewer(space, key, 'first', 3)).toBe(true);
        expect(await store.get(space, key)).toEqual({ value: 'first', version: 3 });
        expect(await store.putNewer(space, key, 'older', 2)).toBe(false);
        expect(await store.putNewer(space, key, 'as new', 3)).toBe(false);
        expect(await store.get(space, key)).toEqual({ value: 'first', version: 3 });
        expect(await store.putNewer(space, key, 'newer', 4)).toBe(true);
        expect(await store.get(space, key)).toEqual({ value: 'newer', version: 4 });
      });

      test('20 versions at once, in any order, end with the highest', async () => {
        const key = newKey();
        const versions = Array.from({ length: 20 }, (_, i) => ((i * 7) % 20) + 1);
        const written = await Promise.all(versions.map((version) => store.putNewer(space, key, { version }, version)));
        expect(await store.get(space, key)).toEqual({ value: { version: 20 }, version: 20 });
        expect(written[versions.indexOf(20)]).toBe(true);
      });

      test('the same version by 10 at once is written once', async () => {
        const key = newKey();
        const written = await Promise.all(Array.from({ length: 10 }, () => store.putNewer(space, key, 'same', 7)));
        expect(written.filter(Boolean)).toHaveLength(1);
      });

      test('takes the largest version, and any once the key was deleted', async () => {
        const key = newKey();
        expect(await store.putNewer(space, key, 1, Number.MAX_SAFE_INTEGER)).toBe(true);
        expect((await store.get(space, key))?.version).toBe(Number.MAX_SAFE_INTEGER);
        await store.delete(space, key);
        expect(await store.putNewer(space, key, 2, 1)).toBe(true);
        expect(await store.get(space, key)).toEqual({ value: 2, version: 1 });
      });

      test('writes over what ran out', async () => {
        const key = newKey();
        await store.put(space, key, 'short', { ttlSeconds: 1 });
        await eventually(async () => (await store.get(space, key)) === undefined);
        expect(await store.putNewer(space, key, 'new', 1)).toBe(true);
        expect(await store.get(space, key)).toEqual({ value: 'new', version: 1 });
      });

      test('compare-and-set goes on from a version of the caller’s own', async () => {
        const key = newKey();
        await store.putNewer(space, key, 'a', 5);
        expect(await store.compareAndSet(space, key, 4, 'b')).toBeUndefined();
        expect(await store.compareAndSet(space, key, 5, 'c')).toBeGreaterThan(5);
        expect((await store.get(space, key))?.value).toBe('c');
      });
    });

    describe('counters', () => {
      test('start at zero, go up and down, and are apart from values', async () => {
        const key = newKey();
        expect(await store.count(space, key)).toBe(0);
        expect(await store.increment(space, key)).toBe(1);
        expect(await store.increment(space, key, 41)).toBe(42);
        expect(await store.increment(space, key, -50)).toBe(-8);
        expect(await store.count(space, key)).toBe(-8);
        expect(await store.get(space, key)).toBeUndefined();
      });

      test('50 increments at once, on an engine that does not fail, count 50', async () => {
        const key = newKey();
        await Promise.all(Array.from({ length: 50 }, () => store.increment(space, key)));
        expect(await store.count(space, key)).toBe(50);
      });
    });

    describe('sorted sets', () => {
      const filled = async (): Promise<string> => {
        const set = newKey();
        const members: [string, number][] = [
          ['b', 2],
          ['a', 2],
          ['B', 2],
          ['z', -1.5],
          ['m', 10],
          ['n', 3e10],
        ];
        for (const [member, score] of members) await store.rank(space, set, member, score);
        return set;
      };
      const names = async (set: string, options: Parameters<KeyValue['range']>[2]): Promise<string[]> =>
        (await store.range(space, set, options)).map(({ member }) => member);

      test('come in the order of score, then of member by code point', async () => {
        const set = await filled();
        expect(await names(set, { limit: 10 })).toEqual(['z', 'B', 'a', 'b', 'm', 'n']);
        expect(await names(set, { limit: 10, reverse: true })).toEqual(['n', 'm', 'b', 'a', 'B', 'z']);
      });

      test('bounds are inclusive, the limit counts from the side that is read first', async () => {
        const set = await filled();
        expect(await names(set, { from: 2, to: 10, limit: 10 })).toEqual(['B', 'a', 'b', 'm']);
        expect(await names(set, { from: 2, limit: 2 })).toEqual(['B', 'a']);
        expect(await names(set, { to: 10, limit: 2, reverse: true })).toEqual(['m', 'b']);
        expect(await names(set, { from: 4, to: 3, limit: 10 })).toEqual([]);
        expect(await names(newKey(), { limit: 10 })).toEqual([]);
      });

      test('-0 and 0 are one score', async () => {
        const set = newKey();
        await store.rank(space, set, 'minus', -0);
        await store.rank(space, set, 'plus', 0);
        await store.rank(space, set, 'below', -Number.MIN_VALUE);
        for (const bound of [0, -0]) {
          expect(await store.range(space, set, { from: bound, to: bound, limit: 10 })).toEqual([
            { member: 'minus', score: 0 },
            { member: 'plus', score: 0 },
          ]);
        }
      });

      test('members come by code point, not by UTF-16 unit', async () => {
        const set = newKey();
        for (const member of ['\u{1f600}', '\uffee', 'é', 'z']) await store.rank(space, set, member, 1);
        expect(await names(set, { limit: 10 })).toEqual(['z', 'é', '\uffee', '\u{1f600}']);
      });

      test('a member has one score, the last one given', async () => {
        const set = await filled();
        await store.rank(space, set, 'z', 5);
        expect(await store.range(space, set, { from: 5, to: 5, limit: 10 })).toEqual([{ member: 'z', score: 5 }]);
        expect(await names(set, { limit: 10 })).toEqual(['B', 'a', 'b', 'z', 'm', 'n']);
      });

      test('a member that was taken out is gone, and taking it out again is fine', async () => {
        const set = await filled();
        await store.unrank(space, set, 'm');
        await store.unrank(space, set, 'm');
        expect(await names(set, { limit: 10 })).toEqual(['z', 'B', 'a', 'b', 'n']);
      });

      test('a member ranked and taken out at once is there with one score or not at all, for every reader', async () => {
        const set = newKey();
        await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            i % 2 === 0 ? store.rank(space, set, 'one', i) : store.unrank(space, set, 'one'),
          ),
        );
        expect((await names(set, { limit: 10 })).length).toBeLessThanOrEqual(1);
        await store.unrank(space, set, 'one');
        expect(await names(set, { limit: 10 })).toEqual([]);
      });

      test('a member ranked at many scores at once ends with one of them', async () => {
        const set = newKey();
        await Promise.all(Array.from({ length: 10 }, (_, score) => store.rank(space, set, 'one', score)));
        expect(await names(set, { limit: 10 })).toEqual(['one']);
      });
    });

    describe('what no engine could keep is refused with a reason', () => {
      test.each<[string, () => Promise<unknown>, RegExp]>([
        ['an empty key', () => store.put(space, '', 1), /key-value key is 1 to 512/],
        ['a NUL in a key', () => store.get(space, 'a\u0000'), /key-value key .*without NUL/],
        ['a key too long', () => store.get(space, 'k'.repeat(513)), /513 characters/],
        ['an empty space', () => store.get('', 'k'), /key-value space/],
        ['a value that is not JSON', () => store.put(space, 'k', undefined), /must be JSON/],
        ['version 0 to write by', () => store.putNewer(space, 'k', 1, 0), /whole number from 1/],
        ['a version that is not whole', () => store.putNewer(space, 'k', 1, 1.5), /whole number from 1/],
        ['a value too large', () => store.put(space, 'k', 'x'.repeat(1_048_576)), /object store/],
        ['half a second to live', () => store.put(space, 'k', 1, { ttlSeconds: 0.5 }), /whole number from 1/],
        ['a negative version', () => store.compareAndSet(space, 'k', -1, 1), /expected version is 0/],
        ['half a step', () => store.increment(space, 'k', 0.5), /whole numbers/],
        ['a score that is not finite', () => store.rank(space, 's', 'm', Infinity), /finite number/],
        ['no limit', () => store.range(space, 's', { limit: 0 }), /limit of 1 to 1000/],
        ['an empty member', () => store.unrank(space, 's', ''), /key-value member/],
      ])('%s', async (_what, attempt, reason) => {
        await expect(attempt()).rejects.toThrow(reason);
      });
    });
  });
};
