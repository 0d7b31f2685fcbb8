import { activeSegment, logBytes, type PartitionLog } from './partition-log.ts';
import { deleteSegment, type Segment } from './segment.ts';
import { saveStartOffset } from './start-offset.ts';

const age = (log: PartitionLog, segment: Segment): number =>
  log.now() - (segment.index.maxTimestamp >= 0 ? segment.index.maxTimestamp : segment.writtenAt);

function isTooOld(log: PartitionLog, segment: Segment): boolean {
  const { retentionMs } = log.settings();
  return retentionMs >= 0 && segment.size > 0 && age(log, segment) > retentionMs;
}

function isTooMuch(log: PartitionLog, segment: Segment): boolean {
  const { retentionBytes } = log.settings();
  return retentionBytes >= 0 && logBytes(log) - segment.size >= retentionBytes;
}

/** True when the segment being written to should end so that its old records can be deleted. */
export const activeIsTooOld = (log: PartitionLog): boolean => isTooOld(log, activeSegment(log));

/** Deletes whole segments from the start of the log: those past the retention time, then those beyond the size. */
export async function applyRetention(log: PartitionLog): Promise<void> {
  for (;;) {
    const [oldest, next] = log.segments;
    if (oldest === undefined || next === undefined) return;
    if (next.baseOffset > log.startOffset && !isTooOld(log, oldest) && !isTooMuch(log, oldest)) return;
    log.segments.shift();
    log.startOffset = Math.max(log.startOffset, next.baseOffset);
    await deleteSegment(oldest);
  }
}

/** Makes `offset` (at most the high watermark) the first record to read, for ever. */
export async function deleteRecordsBefore(log: PartitionLog, offset: number): Promise<void> {
  if (offset <= log.startOffset) return;
  await saveStartOffset(log.directory, offset);
  log.startOffset = Math.max(log.startOffset, offset);
  await applyRetention(log);
}
