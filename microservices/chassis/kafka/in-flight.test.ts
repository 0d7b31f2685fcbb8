import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createInFlightWindow, type InFlightEntry } from './in-flight.ts';

const offsets = (entries: readonly InFlightEntry<unknown>[]): string[] =>
  entries.map(({ partition, offset }) => `${partition}:${offset}`);

describe('the window of messages in flight', () => {
  test('one key runs one after the other, also over partitions; other keys run beside it', () => {
    const window = createInFlightWindow<string>({ overall: 10, perPartition: 10, held: 10 });
    window.add('a', 0n, 'k', 'first');
    window.add('a', 1n, 'k', 'second');
    window.add('b', 0n, 'k', 'third');
    window.add('a', 2n, 'other', 'beside');
    const started = window.start();
    expect(offsets(started)).toEqual(['a:0', 'a:2']);
    expect(window.start()).toEqual([]);
    for (const entry of started) window.finish(entry);
    const second = window.start();
    expect(offsets(second)).toEqual(['a:1']);
    for (const entry of second) window.finish(entry);
    expect(offsets(window.start())).toEqual(['b:0']);
  });

  test('messages without a key wait for nobody', () => {
    const window = createInFlightWindow<null>({ overall: 10, perPartition: 10, held: 10 });
    window.add('a', 0n, null, null);
    window.add('a', 1n, null, null);
    expect(window.start()).toHaveLength(2);
  });

  test('the position passes only what is finished with all before it, across gaps and unwanted messages', () => {
    const window = createInFlightWindow<null>({ overall: 10, perPartition: 10, held: 10 });
    window.skip('a', 3n);
    expect(window.position('a')).toBe(4n);
    window.add('a', 7n, 'x', null);
    window.add('a', 9n, 'y', null);
    for (let offset = 10n; offset < 5_000n; offset += 1n) window.skip('a', offset);
    const [x, y] = window.start();
    if (!x || !y) throw new Error('both should run');
    window.finish(y);
    expect(window.position('a')).toBe(4n);
    window.finish(x);
    expect(window.position('a')).toBe(5_000n);
  });

  test('a partition without room says so until its position moved', () => {
    const window = createInFlightWindow<null>({ overall: 10, perPartition: 10, held: 2 });
    window.add('a', 0n, 'x', null);
    window.add('a', 1n, 'y', null);
    expect(window.hasRoom('a')).toBe(false);
    expect(window.held('a')).toBe(2);
    expect(window.hasRoom('b')).toBe(true);
    const [x, y] = window.start();
    if (!x || !y) throw new Error('both should run');
    window.finish(y);
    expect(window.hasRoom('a')).toBe(false);
    window.finish(x);
    expect(window.hasRoom('a')).toBe(true);
  });

  test('a forgotten partition keeps running keys busy, moves no position, and may come back', () => {
    const window = createInFlightWindow<null>({ overall: 10, perPartition: 10, held: 10 });
    window.add('a', 5n, 'k', null);
    window.add('a', 6n, 'k', null);
    const [old] = window.start();
    if (!old) throw new Error('one should run');
    expect(window.forget('a')).toEqual([old]);
    expect(window.add('a', 5n, 'k', null)).toBe(true);
    expect(window.start()).toEqual([]);
    window.finish(old);
    expect(window.position('a')).toBeUndefined();
    expect(offsets(window.start())).toEqual(['a:5']);
    expect(window.unfinished()).toBe(1);
  });

  type Step =
    | { kind: 'read'; partition: number; key: number | null; wanted: boolean; gap: number }
    | { kind: 'reread'; partition: number }
    | { kind: 'start' }
    | { kind: 'finish'; which: number }
    | { kind: 'forget'; partition: number };
  const partition = fc.integer({ min: 0, max: 2 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('read' as const),
        partition,
        key: fc.option(fc.integer({ min: 0, max: 4 })),
        wanted: fc.boolean(),
        gap: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reread' as const), partition }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('finish' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), partition }) },
  );

  test('whatever happens: limits hold, keys take turns in order, positions never pass the unfinished, everything ends', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const limits = { overall: 4, perPartition: 2, held: 6 };
        const window = createInFlightWindow<number>(limits);
        const last = new Map<string, bigint>();
        const open = new Map<string, Set<bigint>>();
        const running: InFlightEntry<number>[] = [];
        const startedOfKey = new Map<string, number>();
        let count = 0;

        const startAll = (): void => {
          for (const entry of window.start()) {
            if (entry.key !== null) {
              expect(running.some(({ key }) => key === entry.key)).toBe(false);
              expect(entry.item).toBeGreaterThan(startedOfKey.get(entry.key) ?? -1);
              startedOfKey.set(entry.key, entry.item);
            }
            running.push(entry);
          }
          expect(running.length).toBeLessThanOrEqual(limits.overall);
          expect(window.running()).toBe(running.length);
        };
        const finishAt = (which: number): void => {
          const [entry] = running.splice(which % Math.max(running.length, 1), 1);
          if (!entry) return;
          window.finish(entry);
          if (!orphans.delete(entry)) open.get(entry.partition)?.delete(entry.offset);
        };
        const orphans = new Set<InFlightEntry<number>>();
        const check = (): void => {
          for (const [name, offsetsOpen] of open) {
            const least = [...offsetsOpen].reduce((low, offset) => (offset < low ? offset : low), 1_000_000n);
            const position = window.position(name);
            const highest = last.get(name);
            if (offsetsOpen.size > 0) expect(position ?? -1n).toBeLessThanOrEqual(least);
            else if (highest !== undefined) expect(position).toBe(highest + 1n);
            const inPartition = running.filter((entry) => entry.partition === name && !orphans.has(entry));
            expect(inPartition.length).toBeLessThanOrEqual(limits.perPartition);
          }
        };

        for (const taken of steps) {
          if (taken.kind === 'read') {
            const name = `p${taken.partition}`;
            if (!window.hasRoom(name)) continue;
            const offset = (last.get(name) ?? -1n) + BigInt(taken.gap);
            last.set(name, offset);
            const opened = open.get(name) ?? new Set();
            open.set(name, opened);
            if (taken.wanted) {
              opened.add(offset);
              expect(window.add(name, offset, taken.key === null ? null : `k${taken.key}`, (count += 1))).toBe(true);
            } else window.skip(name, offset);
          } else if (taken.kind === 'reread') {
            const highest = last.get(`p${taken.partition}`);
            if (highest !== undefined) expect(window.add(`p${taken.partition}`, highest, 'k0', 0)).toBe(false);
          } else if (taken.kind === 'start') startAll();
          else if (taken.kind === 'finish') finishAt(taken.which);
          else {
            const name = `p${taken.partition}`;
            for (const orphan of window.forget(name)) orphans.add(orphan);
            last.delete(name);
            open.delete(name);
          }
          check();
        }
        for (let left = true; left;) {
          startAll();
          left = running.length > 0;
          finishAt(0);
          check();
        }
        expect(window.unfinished()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
