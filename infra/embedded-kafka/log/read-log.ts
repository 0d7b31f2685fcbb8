import { borrowBuffer, type PooledBuffer } from './buffer-pool.ts';
import type { PartitionLog } from './partition-log.ts';
import { batchHeaderBytes, compressionOf, readBatchHeader } from './record-batch.ts';
import { readSegment, whileOpen, type Segment } from './segment.ts';
import { indexIntervalBytes, positionBefore } from './sparse-index.ts';

/** Whole batches, valid until released. `compressions` says which compression types occur among them. */
export type ReadBatches = {
  readonly records: Buffer;
  readonly compressions: ReadonlySet<number>;
  readonly release: () => void;
};

const nothing: ReadBatches = { records: Buffer.alloc(0), compressions: new Set(), release: () => undefined };

/**
 * The batches from the one that holds `offset` on, up to `maxBytes`. With `atLeastOne`, the first batch is returned
 * even when it is larger, so that a consumer never gets stuck (KIP-74). Reads one segment only.
 */
export async function readLog(
  log: PartitionLog,
  offset: number,
  maxBytes: number,
  atLeastOne: boolean,
): Promise<ReadBatches> {
  if (offset >= log.highWatermark) return nothing;
  const segment = segmentFor(log, offset);
  if (segment === undefined) return nothing;
  return whileOpen(segment, () => readFrom(segment, offset, maxBytes, atLeastOne));
}

/** The last segment that starts at or before `offset`, or a later one when that one has nothing from there on. */
function segmentFor(log: PartitionLog, offset: number): Segment | undefined {
  const after = log.segments.findIndex((segment) => segment.baseOffset > offset);
  return log.segments.at(after === -1 ? -1 : Math.max(0, after - 1));
}

async function readFrom(segment: Segment, offset: number, maxBytes: number, atLeastOne: boolean): Promise<ReadBatches> {
  const end = segment.size;
  let position = positionBefore(segment.index, offset);
  while (position < end) {
    const window = borrowBuffer(
      Math.min(end - position, Math.max(0, maxBytes) + indexIntervalBytes + batchHeaderBytes),
    );
    const length = window.buffer.length;
    await readSegment(segment, window.buffer, position, length).catch((error: unknown) => {
      window.release();
      throw error;
    });
    const cut = cutBatches(window.buffer, offset, maxBytes);
    if (cut.end > cut.start) return batchesOf(window, cut);
    window.release();
    if (cut.tooLarge > 0) {
      const wanted = atLeastOne || cut.tooLarge <= maxBytes;
      return wanted ? readOneBatch(segment, position + cut.start, cut.tooLarge) : nothing;
    }
    position += cut.start;
  }
  return nothing;
}

type Cut = {
  readonly start: number;
  readonly end: number;
  /** Size of the first wanted batch when it does not fit, else 0. */
  readonly tooLarge: number;
  readonly compressions: Set<number>;
};

/** Where in a window of whole and cut batches the wanted ones lie. `start` is the first batch not before `offset`. */
function cutBatches(window: Buffer, offset: number, maxBytes: number): Cut {
  const compressions = new Set<number>();
  let start = 0;
  let at = 0;
  while (at + batchHeaderBytes <= window.length) {
    const header = readBatchHeader(window, at);
    if (header === null) throw new Error(`no record batch at ${at} of what was read for offset ${offset}`);
    const next = at + header.size;
    if (header.baseOffset + header.lastOffsetDelta < offset) {
      start = next;
    } else {
      if (next > window.length || next - start > maxBytes) {
        return { start, end: at, tooLarge: at === start ? header.size : 0, compressions };
      }
      compressions.add(compressionOf(header));
    }
    at = next;
  }
  return { start, end: Math.min(at, window.length), tooLarge: 0, compressions };
}

function batchesOf(window: PooledBuffer, cut: Cut): ReadBatches {
  return {
    records: window.buffer.subarray(cut.start, cut.end),
    compressions: cut.compressions,
    release: window.release,
  };
}

async function readOneBatch(segment: Segment, position: number, size: number): Promise<ReadBatches> {
  const window = borrowBuffer(size);
  await readSegment(segment, window.buffer, position, size).catch((error: unknown) => {
    window.release();
    throw error;
  });
  const header = readBatchHeader(window.buffer);
  const compressions = new Set(header ? [compressionOf(header)] : []);
  return { records: window.buffer, compressions, release: window.release };
}
