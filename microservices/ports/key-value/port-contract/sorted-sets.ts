import { describe, expect, test } from '@jest/globals';
import type { KeyValue } from '../port.ts';
import type { Bench } from './bench.ts';

export const describeSortedSets = (at: Bench): void => {
  describe('sorted sets', () => {
    const filled = async (): Promise<string> => {
      const set = at.newKey();
      const members: [string, number][] = [
        ['b', 2],
        ['a', 2],
        ['B', 2],
        ['z', -1.5],
        ['m', 10],
        ['n', 3e10],
      ];
      for (const [member, score] of members) await at.store.rank(at.space, set, member, score);
      return set;
    };
    const names = async (set: string, options: Parameters<KeyValue['range']>[2]): Promise<string[]> =>
      (await at.store.range(at.space, set, options)).map(({ member }) => member);

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
      expect(await names(at.newKey(), { limit: 10 })).toEqual([]);
    });

    test('-0 and 0 are one score', async () => {
      const set = at.newKey();
      await at.store.rank(at.space, set, 'minus', -0);
      await at.store.rank(at.space, set, 'plus', 0);
      await at.store.rank(at.space, set, 'below', -Number.MIN_VALUE);
      for (const bound of [0, -0]) {
        expect(await at.store.range(at.space, set, { from: bound, to: bound, limit: 10 })).toEqual([
          { member: 'minus', score: 0 },
          { member: 'plus', score: 0 },
        ]);
      }
    });

    test('members come by code point, not by UTF-16 unit', async () => {
      const set = at.newKey();
      for (const member of ['\u{1f600}', '\uffee', 'é', 'z']) await at.store.rank(at.space, set, member, 1);
      expect(await names(set, { limit: 10 })).toEqual(['z', 'é', '\uffee', '\u{1f600}']);
    });

    test('a member has one score, the last one given', async () => {
      const set = await filled();
      await at.store.rank(at.space, set, 'z', 5);
      expect(await at.store.range(at.space, set, { from: 5, to: 5, limit: 10 })).toEqual([{ member: 'z', score: 5 }]);
      expect(await names(set, { limit: 10 })).toEqual(['B', 'a', 'b', 'z', 'm', 'n']);
    });

    test('a member that was taken out is gone, and taking it out again is fine', async () => {
      const set = await filled();
      await at.store.unrank(at.space, set, 'm');
      await at.store.unrank(at.space, set, 'm');
      expect(await names(set, { limit: 10 })).toEqual(['z', 'B', 'a', 'b', 'n']);
    });

    test('a member ranked and taken out at once is there with one score or not at all, for every reader', async () => {
      const set = at.newKey();
      await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          i % 2 === 0 ? at.store.rank(at.space, set, 'one', i) : at.store.unrank(at.space, set, 'one'),
        ),
      );
      expect((await names(set, { limit: 10 })).length).toBeLessThanOrEqual(1);
      await at.store.unrank(at.space, set, 'one');
      expect(await names(set, { limit: 10 })).toEqual([]);
    });

    test('a member ranked at many scores at once ends with one of them', async () => {
      const set = at.newKey();
      await Promise.all(Array.from({ length: 10 }, (_, score) => at.store.rank(at.space, set, 'one', score)));
      expect(await names(set, { limit: 10 })).toEqual(['one']);
    });
  });
};
