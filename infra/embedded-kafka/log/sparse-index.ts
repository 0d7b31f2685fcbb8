import { crc32c } from './crc32c.ts';

/**
 * Finds a place in a segment without reading it from its start: every `indexIntervalBytes` one entry of
 * (offset, position of its batch, greatest timestamp up to and including that batch).
 */
export type SparseIndex = {
  readonly offsets: number[];
  readonly positions: number[];
  readonly maxTimestamps: number[];
  /** Greatest timestamp of the whole segment, -1 when it has none. */
  maxTimestamp: number;
  bytesSinceEntry: number;
};

export const indexIntervalBytes = 16 * 1024;

export const emptyIndex = (): SparseIndex => ({
  offsets: [],
  positions: [],
  maxTimestamps: [],
  maxTimestamp: -1,
  bytesSinceEntry: 0,
});

/** Tells the index of a batch written at `position`. Batches come in order. */
export function indexBatch(
  index: SparseIndex,
  batch: { readonly baseOffset: number; readonly size: number; readonly maxTimestamp: number },
  position: number,
): void {
  index.maxTimestamp = Math.max(index.maxTimestamp, batch.maxTimestamp);
  if (index.offsets.length === 0 || index.bytesSinceEntry >= indexIntervalBytes) {
    index.offsets.push(batch.baseOffset);
    index.positions.push(position);
    index.maxTimestamps.push(index.maxTimestamp);
    index.bytesSinceEntry = 0;
  }
  index.bytesSinceEntry += batch.size;
}

/** How many leading values satisfy `holds`, which is true for a prefix only. */
function prefixLength(values: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(values[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A position at or before the batch that holds `offset`. */
export function positionBefore(index: SparseIndex, offset: number): number {
  return index.positions[prefixLength(index.offsets, (indexed) => indexed <= offset) - 1] ?? 0;
}

/** A position at or before the first batch with a timestamp of at least `timestamp`. */
export function positionBeforeTime(index: SparseIndex, timestamp: number): number {
  return index.positions[prefixLength(index.maxTimestamps, (greatest) => greatest < timestamp) - 1] ?? 0;
}

const magic = 0x46434958; // "FCIX"
const headerBytes = 40;
const entryBytes = 24;

/** Head of an index file: enough to open the segment without reading it. */
export type IndexFile = { readonly index: SparseIndex; readonly segmentBytes: number; readonly nextOffset: number };

export function encodeIndex({ index, segmentBytes, nextOffset }: IndexFile): Buffer {
  const buffer = Buffer.alloc(headerBytes + index.offsets.length * entryBytes);
  buffer.writeUInt32BE(magic, 0);
  buffer.writeDoubleBE(segmentBytes, 8);
  buffer.writeDoubleBE(nextOffset, 16);
  buffer.writeDoubleBE(index.maxTimestamp, 24);
  buffer.writeDoubleBE(index.bytesSinceEntry, 32);
  index.offsets.forEach((offset, entry) => {
    const at = headerBytes + entry * entryBytes;
    buffer.writeDoubleBE(offset, at);
    buffer.writeDoubleBE(index.positions[entry] ?? 0, at + 8);
    buffer.writeDoubleBE(index.maxTimestamps[entry] ?? 0, at + 16);
  });
  buffer.writeUInt32BE(crc32c(buffer, 8), 4);
  return buffer;
}

/** Null when the bytes are not a whole, intact index: the caller then rebuilds it from the segment. */
export function decodeIndex(buffer: Buffer): IndexFile | null {
  if (buffer.length < headerBytes || (buffer.length - headerBytes) % entryBytes !== 0) return null;
  if (buffer.readUInt32BE(0) !== magic || buffer.readUInt32BE(4) !== crc32c(buffer, 8)) return null;
  const index = emptyIndex();
  index.maxTimestamp = buffer.readDoubleBE(24);
  index.bytesSinceEntry = buffer.readDoubleBE(32);
  for (let at = headerBytes; at < buffer.length; at += entryBytes) {
    index.offsets.push(buffer.readDoubleBE(at));
    index.positions.push(buffer.readDoubleBE(at + 8));
    index.maxTimestamps.push(buffer.readDoubleBE(at + 16));
  }
  return { index, segmentBytes: buffer.readDoubleBE(8), nextOffset: buffer.readDoubleBE(16) };
}
