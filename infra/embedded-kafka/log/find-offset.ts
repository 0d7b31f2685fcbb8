import type { PartitionLog } from './partition-log.ts';
import { batchHeaderBytes, readBatchHeader, type BatchHeader } from './record-batch.ts';
import { findRecordTime, type RecordTime } from './record-times.ts';
import { readSegment, whileOpen, type Segment } from './segment.ts';
import { positionBeforeTime } from './sparse-index.ts';

/** The first record of the log with a timestamp of at least `timestamp`, null when there is none. */
export async function findOffsetForTime(log: PartitionLog, timestamp: number): Promise<RecordTime | null> {
  for (const segment of [...log.segments]) {
    if (segment.index.maxTimestamp < timestamp) continue;
    const found = await whileOpen(segment, () => findInSegment(segment, timestamp, log.startOffset));
    if (found) return found;
  }
  return null;
}

async function findInSegment(segment: Segment, timestamp: number, startOffset: number): Promise<RecordTime | null> {
  const end = segment.size;
  const head = Buffer.alloc(batchHeaderBytes);
  for (let position = positionBeforeTime(segment.index, timestamp); position < end;) {
    await readSegment(segment, head, position, batchHeaderBytes);
    const header = readBatchHeader(head);
    if (header === null) throw new Error(`no record batch at ${position} of segment ${segment.baseOffset}`);
    const found = header.maxTimestamp >= timestamp ? await findInBatch(segment, position, header, timestamp) : null;
    if (found && found.offset >= startOffset) return found;
    position += header.size;
  }
  return null;
}

async function findInBatch(
  segment: Segment,
  position: number,
  header: BatchHeader,
  timestamp: number,
): Promise<RecordTime | null> {
  const batch = Buffer.allocUnsafe(header.size);
  await readSegment(segment, batch, position, header.size);
  return findRecordTime(batch, header, timestamp);
}
