import type { FileHandle } from 'node:fs/promises';
import { borrowBuffer } from './buffer-pool.ts';
import { crc32c } from './crc32c.ts';
import { batchHeaderBytes, crcCoversFrom, readBatchHeader, storedCrc, type BatchHeader } from './record-batch.ts';

export type ScanEnd = {
  /** Bytes of whole, good batches from the start of the segment. */
  readonly goodBytes: number;
  readonly nextOffset: number;
  /** Why the scan stopped before the end of the file, else null. */
  readonly torn: string | null;
};

const windowBytes = 1024 * 1024;

/**
 * Walks a segment from `position`, batch by batch, and stops at the first thing that is not the next whole batch: that
 * is the torn tail of a crash. With `verify`, each batch's checksum is computed as well.
 */
export async function scanSegment(
  file: FileHandle,
  from: { readonly position: number; readonly offset: number },
  verify: boolean,
  onBatch: (header: BatchHeader, position: number) => void,
): Promise<ScanEnd> {
  const { size } = await file.stat();
  const window = borrowBuffer(windowBytes);
  let { position, offset } = from;
  let windowStart = 0;
  let windowLength = 0;
  try {
    for (;;) {
      const batch = await nextBatch(position, offset);
      if (batch === null) return { goodBytes: position, nextOffset: offset, torn: null };
      if (typeof batch === 'string') return { goodBytes: position, nextOffset: offset, torn: batch };
      onBatch(batch, position);
      position += batch.size;
      offset = batch.baseOffset + batch.lastOffsetDelta + 1;
    }
  } finally {
    window.release();
  }

  /** The batch at `at`, null at the end of the file, or what is wrong with it. */
  async function nextBatch(at: number, expectedOffset: number): Promise<BatchHeader | string | null> {
    if (at === size) return null;
    if (size - at < batchHeaderBytes) return `${size - at} bytes are no batch header`;
    const head = await windowAt(at, batchHeaderBytes);
    const header = readBatchHeader(head);
    if (header === null) return 'no batch header';
    if (header.size > size - at) return `a batch of ${header.size} bytes has only ${size - at}`;
    if (header.baseOffset !== expectedOffset) return `offset ${header.baseOffset} where ${expectedOffset} was next`;
    if (header.recordCount < 1 || header.lastOffsetDelta < 0) return `a batch of ${header.recordCount} records`;
    const expectedCrc = storedCrc(head);
    if (verify && (await checksum(at, header.size)) !== expectedCrc) return 'a checksum does not match';
    return header;
  }

  async function checksum(at: number, batchBytes: number): Promise<number> {
    let crc = 0;
    for (let done = crcCoversFrom; done < batchBytes;) {
      const length = Math.min(windowBytes, batchBytes - done);
      const bytes = await windowAt(at + done, length);
      crc = crc32c(bytes, 0, length, crc);
      done += length;
    }
    return crc;
  }

  /**
   * At least `length` bytes from `at` on, out of the window; the file is read only when the window does not have them.
   */
  async function windowAt(at: number, length: number): Promise<Buffer> {
    if (at < windowStart || at + length > windowStart + windowLength) {
      const { bytesRead } = await file.read(window.buffer, 0, windowBytes, at);
      windowStart = at;
      windowLength = bytesRead;
    }
    return window.buffer.subarray(at - windowStart, windowLength);
  }
}
