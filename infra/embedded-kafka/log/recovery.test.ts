import fc from 'fast-check';
import { copyFile, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodes } from '../protocol/error-codes.ts';
import { buildBatch } from '../testing/build-batch.ts';
import { appendBatch, crashLog, readAll, temporaryLog, type TemporaryLog } from '../testing/temporary-log.ts';
import { closeLog } from './close-log.ts';
import { indexPath, segmentPath } from './segment.ts';

let folder: TemporaryLog;
afterEach(() => folder.remove());

const values = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `record ${index} ${'x'.repeat((index * 37) % 200)}`);

async function filled(count: number, segmentBytes = 2 ** 20): Promise<void> {
  folder = await temporaryLog({ segmentBytes });
  const log = await folder.open();
  for (const value of values(count)) await appendBatch(log, buildBatch([{ value }]));
  await crashLog(log);
}

describe('opening a log after a crash', () => {
  test('a tail cut at any byte leaves the whole batches before it', async () => {
    await filled(20);
    const original = segmentPath(folder.directory, 0);
    const backup = join(folder.directory, 'backup');
    await copyFile(original, backup);
    const file = await open(backup, 'r');
    const { size } = await file.stat();
    await file.close();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: size }), async (length) => {
        await copyFile(backup, original);
        await truncate(original, length);
        const log = await folder.open();
        const read = await readAll(log);
        expect(read).toEqual(
          values(20)
            .slice(0, read.length)
            .map((value, offset) => ({ offset, value })),
        );
        expect(log.segments[0]?.size).toBeLessThanOrEqual(length);
        expect(await appendBatch(log, buildBatch([{ value: 'next' }]))).toEqual({
          kind: 'appended',
          baseOffset: read.length,
        });
        await crashLog(log);
      }),
      { numRuns: 40 },
    );
  });

  test('a damaged batch and everything behind it is cut, and the log says so', async () => {
    await filled(10);
    const file = await open(segmentPath(folder.directory, 0), 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.from('?'), 0, 1, size - 3);
    await file.close();
    const log = await folder.open();
    expect((await readAll(log)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(folder.entries).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('checksum') as string }),
    );
  });

  test('zeros behind the last batch, as a file system leaves them after power loss, are cut', async () => {
    await filled(3);
    const file = await open(segmentPath(folder.directory, 0), 'a');
    await file.write(Buffer.alloc(5000));
    await file.close();
    expect(await readAll(await folder.open())).toHaveLength(3);
  });

  test('old bytes of a failed write behind the end cannot come back: offsets must continue', async () => {
    await filled(2);
    const path = segmentPath(folder.directory, 0);
    const file = await open(path, 'a');
    await file.write(buildBatch([{ value: 'offset 0 again' }]));
    await file.close();
    expect((await readAll(await folder.open())).map(({ offset }) => offset)).toEqual([0, 1]);
  });

  test('several segments are read on, also where index files are missing or damaged', async () => {
    await filled(40, 1500);
    const indexes = (await readdir(folder.directory)).filter((name) => name.endsWith('.index'));
    expect(indexes.length).toBeGreaterThan(2);
    await rm(join(folder.directory, indexes[0] ?? ''));
    await writeFile(join(folder.directory, indexes[1] ?? ''), 'damaged');
    const log = await folder.open();
    expect(await readAll(log)).toEqual(values(40).map((value, offset) => ({ offset, value })));
    expect(folder.entries).toEqual([]);
  });

  test('a log that was closed in order opens from its index', async () => {
    folder = await temporaryLog();
    const log = await folder.open();
    for (const value of values(50)) await appendBatch(log, buildBatch([{ value }]));
    await closeLog(log);
    const reopened = await folder.open({ cleanShutdown: true });
    expect(reopened.segments[0]?.index).toEqual(log.segments[0]?.index);
    expect(await readAll(reopened)).toHaveLength(50);
  });

  test('an index that does not fit its segment is not believed, even after an orderly end', async () => {
    folder = await temporaryLog();
    const log = await folder.open();
    for (const value of values(5)) await appendBatch(log, buildBatch([{ value }]));
    await closeLog(log);
    const other = await temporaryLog();
    const otherLog = await other.open();
    for (const value of values(9)) await appendBatch(otherLog, buildBatch([{ value }]));
    await closeLog(otherLog);
    await copyFile(indexPath(other.directory, 0), indexPath(folder.directory, 0));
    await other.remove();
    expect(await readAll(await folder.open({ cleanShutdown: true }))).toHaveLength(5);
  });
});

describe('idempotent producers after a restart', () => {
  const sequenced = (sequence: number, epoch = 0): Buffer =>
    buildBatch([{ value: `s${sequence} ${'x'.repeat(300)}` }], { producerId: 9, epoch, sequence });

  test.each([
    { name: 'a crash', end: crashLog, cleanShutdown: false, segmentBytes: 2 ** 20 },
    { name: 'a crash with several segments', end: crashLog, cleanShutdown: false, segmentBytes: 1000 },
    { name: 'an orderly end', end: closeLog, cleanShutdown: true, segmentBytes: 2 ** 20 },
    { name: 'an orderly end with several segments', end: closeLog, cleanShutdown: true, segmentBytes: 1000 },
  ])('repetitions are recognised and gaps refused after $name', async ({ end, cleanShutdown, segmentBytes }) => {
    folder = await temporaryLog({ segmentBytes });
    const log = await folder.open();
    for (let sequence = 0; sequence < 12; sequence += 1) await appendBatch(log, sequenced(sequence));
    await end(log);
    const reopened = await folder.open({ cleanShutdown });
    expect(await appendBatch(reopened, sequenced(11))).toEqual({ kind: 'appended', baseOffset: 11 });
    expect(await appendBatch(reopened, sequenced(7))).toEqual({ kind: 'appended', baseOffset: 7 });
    expect(await appendBatch(reopened, sequenced(13))).toMatchObject({
      errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
    });
    expect(await appendBatch(reopened, sequenced(12))).toEqual({ kind: 'appended', baseOffset: 12 });
    expect(await appendBatch(reopened, sequenced(0, 1))).toEqual({ kind: 'appended', baseOffset: 13 });
    expect(await appendBatch(reopened, sequenced(13))).toMatchObject({ errorCode: errorCodes.INVALID_PRODUCER_EPOCH });
  });

  test('a snapshot that is not whole is passed over', async () => {
    folder = await temporaryLog({ segmentBytes: 1000 });
    const log = await folder.open();
    for (let sequence = 0; sequence < 12; sequence += 1) await appendBatch(log, sequenced(sequence));
    await crashLog(log);
    const snapshots = (await readdir(folder.directory)).filter((name) => name.endsWith('.producers'));
    expect(snapshots.length).toBeGreaterThan(0);
    for (const name of snapshots) await writeFile(join(folder.directory, name), '[[9,{"epoch":0');
    const reopened = await folder.open();
    expect(await appendBatch(reopened, sequenced(11))).toEqual({ kind: 'appended', baseOffset: 11 });
  });
});
