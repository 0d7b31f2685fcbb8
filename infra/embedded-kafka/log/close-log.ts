import { wakeWatchers, type PartitionLog } from './partition-log.ts';
import { deleteProducerSnapshots, encodeProducers } from './producer-snapshot.ts';
import { saveProducers } from './roll-segment.ts';
import { closeSegment, saveIndex } from './segment.ts';

async function stopWriting(log: PartitionLog, reason: string): Promise<void> {
  log.closed = reason;
  while (log.writer) await log.writer;
  await log.background;
}

/** Writes what waits, then everything that lets the next start open the log without reading it. */
export async function closeLog(log: PartitionLog): Promise<void> {
  await stopWriting(log, 'the broker is shutting down');
  const active = log.segments.at(-1);
  if (active) {
    await active.file.datasync();
    await saveIndex(active, log.highWatermark);
    await saveProducers(log.directory, log.highWatermark, encodeProducers(log.writtenProducers));
    const kept = new Set([active.baseOffset, log.highWatermark]);
    await deleteProducerSnapshots(log.directory, (offset) => !kept.has(offset));
  }
  wakeWatchers(log);
  for (const segment of log.segments) await closeSegment(segment);
}

/** Stops a log whose topic was deleted; its files are the caller's to remove. */
export async function abandonLog(log: PartitionLog): Promise<void> {
  await stopWriting(log, `topic ${log.topic} was deleted`);
  wakeWatchers(log);
  for (const segment of log.segments) await closeSegment(segment);
}
