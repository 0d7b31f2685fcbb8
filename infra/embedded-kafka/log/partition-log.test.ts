import fc from 'fast-check';
import { readdir } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { errorCodes } from '../protocol/error-codes.ts';
import { buildBatch } from '../testing/build-batch.ts';
import { appendBatch, readAll, temporaryLog, type TemporaryLog } from '../testing/temporary-log.ts';
import { closeLog } from './close-log.ts';
import { findOffsetForTime } from './find-offset.ts';
import { readLog } from './read-log.ts';
import { applyRetention, deleteRecordsBefore } from './retention.ts';

let folder: TemporaryLog | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

async function open(...options: Parameters<typeof temporaryLog>) {
  folder = await temporaryLog(...options);
  return folder.open();
}

const one = (value: string, timestamp?: number): Buffer =>
  buildBatch([timestamp === undefined ? { value } : { value, timestamp }]);

describe('a partition log', () => {
  test('gives offsets in order and reads back what was appended, whatever the sizes of batches, segments and fetches', async () => {
    const shapes = fc.array(fc.array(fc.string({ maxLength: 400 }), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.integer({ min: 100, max: 5000 }),
        fc.integer({ min: 1, max: 3000 }),
        async (batches, segmentBytes, maxBytes) => {
          const temporary = await temporaryLog({ segmentBytes });
          try {
            const log = await temporary.open();
            const appended = await Promise.all(
              batches.map((values) => appendBatch(log, buildBatch(values.map((value) => ({ value }))))),
            );
            let next = 0;
            for (const [index, values] of batches.entries()) {
              expect(appended[index]).toEqual({ kind: 'appended', baseOffset: next });
              next += values.length;
            }
            const expected = batches.flat().map((value, offset) => ({ offset, value }));
            expect(await readAll(log, 0, maxBytes)).toEqual(expected);
            expect(await readAll(log, Math.floor(next / 2), maxBytes)).toEqual(expected.slice(Math.floor(next / 2)));
          } finally {
            await temporary.remove();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('returns a batch larger than the limit only when it must return something', async () => {
    const log = await open();
    await appendBatch(log, one('x'.repeat(5000)));
    expect((await readLog(log, 0, 100, true)).records.length).toBeGreaterThan(5000);
    expect((await readLog(log, 0, 100, false)).records.length).toBe(0);
  });

  test('answers a repeated idempotent batch with the first offset, also while the first one is being written', async () => {
    const log = await open();
    const identity = { producerId: 3, epoch: 0, sequence: 0 };
    const answers = await Promise.all([1, 2, 3].map(() => appendBatch(log, buildBatch([{ value: 'once' }], identity))));
    expect(answers).toEqual([1, 2, 3].map(() => ({ kind: 'appended', baseOffset: 0 })));
    expect(await readAll(log)).toEqual([{ offset: 0, value: 'once' }]);
  });

  test('a failed write refuses what waits and takes back its offsets', async () => {
    const log = await open();
    await appendBatch(log, one('kept'));
    await log.segments[0]?.file.close();
    const refused = await appendBatch(log, one('lost'));
    expect(refused).toMatchObject({ kind: 'refused', errorCode: errorCodes.KAFKA_STORAGE_ERROR });
    expect(log.nextOffset).toBe(1);
    expect(folder?.entries.map(({ level }) => level)).toContain('error');
    expect(log.closed).toContain('restart the broker');
  });
});

describe('retention', () => {
  test('deletes whole old segments beyond retention.bytes and moves the start', async () => {
    const log = await open({ segmentBytes: 1000, retentionBytes: 2000 });
    for (let index = 0; index < 20; index += 1) await appendBatch(log, one(`${index}${'x'.repeat(300)}`));
    await log.background;
    await applyRetention(log);
    const records = await readAll(log);
    expect(log.startOffset).toBe(log.segments[0]?.baseOffset);
    expect(records.at(-1)?.offset).toBe(19);
    expect(records[0]?.offset).toBe(log.startOffset);
    const bytes = log.segments.reduce((total, { size }) => total + size, 0);
    expect(bytes).toBeGreaterThanOrEqual(2000);
    expect(bytes - (log.segments[0]?.size ?? 0)).toBeLessThan(2000);
    const files = await readdir(log.directory);
    expect(files.filter((name) => name.endsWith('.log')).length).toBe(log.segments.length);
  });

  test('deletes segments whose newest record is past retention.ms, and keeps the others', async () => {
    const log = await open({ segmentBytes: 500, retentionMs: 1000 }, () => 10_000);
    for (const timestamp of [8000, 8500, 8900, 9500, 9900]) await appendBatch(log, one('x'.repeat(400), timestamp));
    await applyRetention(log);
    expect((await readAll(log)).map(({ offset }) => offset)).toEqual([3, 4]);
  });

  test('counts the age of records without a time from when they were written', async () => {
    const log = await open({ segmentBytes: 500, retentionMs: 1000 }, () => 10_000);
    for (let index = 0; index < 3; index += 1) await appendBatch(log, one('x'.repeat(400), -1));
    await applyRetention(log);
    expect(await readAll(log)).toHaveLength(3);
  });

  test('deleted records stay deleted after a restart', async () => {
    const log = await open({ segmentBytes: 500 });
    for (let index = 0; index < 6; index += 1)
      await appendBatch(log, buildBatch([{ value: 'a' }, { value: 'b'.repeat(100) }]));
    await deleteRecordsBefore(log, 7);
    expect((await readAll(log))[0]?.offset).toBe(7);
    await closeLog(log);
    const reopened = await folder?.open({ cleanShutdown: true });
    expect(reopened?.startOffset).toBe(7);
  });
});

describe('looking up a time', () => {
  const at = (timestamp: number): { value: string; timestamp: number } => ({ value: String(timestamp), timestamp });

  test.each([
    { name: 'uncompressed', compression: null },
    { name: 'gzip', compression: { type: 1, compress: gzipSync } },
    { name: 'zstd', compression: { type: 4, compress: zstdCompressSync } },
  ])('finds the first record at or after it, $name', async ({ compression }) => {
    const log = await open({ segmentBytes: 400 });
    for (let time = 0; time < 300; time += 30) {
      await appendBatch(log, buildBatch([at(time), at(time + 10), at(time + 20)], {}, compression));
    }
    expect(await findOffsetForTime(log, 0)).toEqual({ offset: 0, timestamp: 0 });
    expect(await findOffsetForTime(log, 105)).toEqual({ offset: 11, timestamp: 110 });
    expect(await findOffsetForTime(log, 290)).toEqual({ offset: 29, timestamp: 290 });
    expect(await findOffsetForTime(log, 291)).toBeNull();
  });

  test('answers with the start of the batch where the compression is not known to Node', async () => {
    const log = await open();
    await appendBatch(log, buildBatch([at(10), at(20)], {}, { type: 2, compress: (records) => records }));
    expect(await findOffsetForTime(log, 20)).toEqual({ offset: 0, timestamp: 10 });
  });
});
