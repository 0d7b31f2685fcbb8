import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { privateFile } from './private-modes.ts';
import { join } from 'node:path';
import { encodeIndex, type SparseIndex } from './sparse-index.ts';

/** One file of a partition's log: the batches from `baseOffset` on, one behind the other. */
export type Segment = {
  readonly baseOffset: number;
  readonly directory: string;
  readonly file: FileHandle;
  readonly index: SparseIndex;
  /** Bytes that hold whole, acknowledged batches. What may lie behind them was never acknowledged. */
  size: number;
  /** When it was last written to: its age when its records carry no timestamps. */
  writtenAt: number;
  readers: number;
  retired: boolean;
};

/** Twenty digits, so that names sort as offsets do. */
const stem = (baseOffset: number): string => String(baseOffset).padStart(20, '0');
export const segmentPath = (directory: string, baseOffset: number): string =>
  join(directory, `${stem(baseOffset)}.log`);
export const indexPath = (directory: string, baseOffset: number): string =>
  join(directory, `${stem(baseOffset)}.index`);
export const producersPath = (directory: string, offset: number): string =>
  join(directory, `${stem(offset)}.producers`);

export async function openSegment(
  directory: string,
  baseOffset: number,
  index: SparseIndex,
  size: number,
  writtenAt: number,
): Promise<Segment> {
  // 'r+' needs an existing file, 'a' ignores positions on Linux: create first, then open for positioned I/O.
  const path = segmentPath(directory, baseOffset);
  const file = await open(path, 'r+').catch(async () => open(path, 'wx+', privateFile));
  return { baseOffset, directory, file, index, size, writtenAt, readers: 0, retired: false };
}

/** Reads `length` bytes at `position` into the start of `target`. Throws when the file is shorter than it should be. */
export async function readSegment(segment: Segment, target: Buffer, position: number, length: number): Promise<void> {
  let done = 0;
  while (done < length) {
    const { bytesRead } = await segment.file.read(target, done, length - done, position + done);
    if (bytesRead === 0)
      throw new Error(
        `${segmentPath(segment.directory, segment.baseOffset)} ends at ${position + done}, ${segment.size} bytes expected`,
      );
    done += bytesRead;
  }
}

/** Runs `work` while the segment's file is sure to stay open, even if retention deletes the segment meanwhile. */
export async function whileOpen<Result>(segment: Segment, work: () => Promise<Result>): Promise<Result> {
  segment.readers += 1;
  try {
    return await work();
  } finally {
    segment.readers -= 1;
    if (segment.retired && segment.readers === 0) await segment.file.close();
  }
}

/** Writes the index beside a segment that will not grow, so that the next start need not read the segment. */
export async function saveIndex(segment: Segment, nextOffset: number): Promise<void> {
  const bytes = encodeIndex({ index: segment.index, segmentBytes: segment.size, nextOffset });
  await writeFile(indexPath(segment.directory, segment.baseOffset), bytes, { mode: privateFile });
}

/** Deletes a segment's files; the open file is closed when its last reader is done. */
export async function deleteSegment(segment: Segment): Promise<void> {
  segment.retired = true;
  await rm(indexPath(segment.directory, segment.baseOffset), { force: true });
  await rm(segmentPath(segment.directory, segment.baseOffset), { force: true });
  if (segment.readers === 0) await segment.file.close();
}

export async function closeSegment(segment: Segment): Promise<void> {
  segment.retired = true;
  if (segment.readers === 0) await segment.file.close();
}
