import { rename, writeFile } from 'node:fs/promises';
import { privateFile } from './private-modes.ts';
import { forgetProducers } from '../producers/sequences.ts';
import { deleteProducerSnapshots, encodeProducers } from './producer-snapshot.ts';
import { activeSegment, type PartitionLog } from './partition-log.ts';
import { openSegment, producersPath, saveIndex, whileOpen, type Segment } from './segment.ts';
import { emptyIndex } from './sparse-index.ts';
import { syncFolder } from './write-whole.ts';

/** Producers that were silent this long are forgotten, as Kafka's producer.id.expiration.ms does. */
const producerExpiryMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Ends the active segment and starts the next one. The ended one goes to the disk, with its index and a snapshot of
 * the producers, while appends already go on; until then recovery reads the segment itself.
 */
export async function rollSegment(log: PartitionLog): Promise<void> {
  const ended = activeSegment(log);
  const nextBase = log.highWatermark;
  for (const states of [log.producers, log.writtenProducers]) forgetProducers(states, log.now() - producerExpiryMs);
  const producers = encodeProducers(log.writtenProducers);
  log.segments.push(await openSegment(log.directory, nextBase, emptyIndex(), 0, log.now()));
  if (log.flush === 'fsync') await syncFolder(log.directory);
  log.background = log.background
    .then(() => settleSegment(log, ended, nextBase, producers))
    .catch((error: unknown) => {
      const message = `closing a segment of ${log.topic}-${log.partition} failed, the next start will read it again`;
      log.log({ level: 'warn', message, error: String(error) });
    });
}

async function settleSegment(log: PartitionLog, ended: Segment, nextBase: number, producers: string): Promise<void> {
  if (ended.retired) return;
  await whileOpen(ended, async () => {
    await ended.file.datasync();
    if (!ended.retired) await saveIndex(ended, nextBase);
  });
  await saveProducers(log.directory, nextBase, producers);
  await deleteProducerSnapshots(log.directory, (offset) => offset < ended.baseOffset);
}

export async function saveProducers(directory: string, offset: number, producers: string): Promise<void> {
  const path = producersPath(directory, offset);
  await writeFile(`${path}.new`, producers, { mode: privateFile });
  await rename(`${path}.new`, path);
}
