import fc from 'fast-check';
import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-broker.ts';
import { changeOffsets, closeOffsets, deletionsOf, openOffsets, type OffsetStore } from './committed-offsets.ts';

let directory: string;
beforeEach(async () => {
  directory = await temporaryFolder();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (): Promise<OffsetStore> => openOffsets(join(directory, 'offsets'), 'os', () => undefined);
const commit = (store: OffsetStore, group: string, offset: number, topic = 'orders'): Promise<void> =>
  changeOffsets(store, [{ group, topic, partition: 0, committed: { offset, leaderEpoch: -1, metadata: 'note' } }]);
const committed = (store: OffsetStore, group: string): number | undefined =>
  store.table.get(group)?.get('orders')?.get(0)?.offset;

describe('committed offsets', () => {
  test('are there again after a restart, the latest of each', async () => {
    const store = await open();
    await Promise.all([commit(store, 'a', 1), commit(store, 'b', 5), commit(store, 'a', 2)]);
    await closeOffsets(store);
    const reopened = await open();
    expect(reopened.table).toEqual(store.table);
    expect(committed(reopened, 'a')).toBe(2);
    await closeOffsets(reopened);
  });

  test('deletions are remembered too, by group and by topic', async () => {
    const store = await open();
    await commit(store, 'a', 1);
    await commit(store, 'b', 1);
    await commit(store, 'b', 1, 'wallet');
    await changeOffsets(store, deletionsOf(store, { group: 'a' }));
    await changeOffsets(store, deletionsOf(store, { topic: 'wallet' }));
    await closeOffsets(store);
    const reopened = await open();
    expect([...reopened.table.keys()]).toEqual(['b']);
    expect([...(reopened.table.get('b')?.keys() ?? [])]).toEqual(['orders']);
    await closeOffsets(reopened);
  });

  test('a journal cut at any byte gives the state after some prefix of the commits, and takes new ones', async () => {
    const store = await open();
    const path = join(directory, 'offsets');
    for (let offset = 1; offset <= 15; offset += 1) await commit(store, 'a', offset);
    await closeOffsets(store);
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        await writeFile(path, whole);
        await truncate(path, length);
        const cut = await open();
        const lines = whole.subarray(0, length).toString().split('\n').length - 1;
        expect(committed(cut, 'a') ?? 0).toBe(lines);
        await commit(cut, 'a', 99);
        await closeOffsets(cut);
        const again = await open();
        expect(committed(again, 'a')).toBe(99);
        await closeOffsets(again);
      }),
      { numRuns: 30 },
    );
  });

  test('the journal is rewritten when most of it is outdated, and keeps every group', async () => {
    const store = await open();
    const metadata = 'm'.repeat(4000);
    await commit(store, 'quiet', 7);
    for (let round = 0; round < 12; round += 1) {
      const changes = Array.from({ length: 100 }, (_, offset) => ({
        group: 'busy',
        topic: 'orders',
        partition: 0,
        committed: { offset: round * 100 + offset, leaderEpoch: -1, metadata },
      }));
      await changeOffsets(store, changes);
    }
    await closeOffsets(store);
    expect((await stat(join(directory, 'offsets'))).size).toBeLessThan(1024 * 1024);
    const reopened = await open();
    expect([committed(reopened, 'quiet'), committed(reopened, 'busy')]).toEqual([7, 1199]);
    await closeOffsets(reopened);
  });
});
