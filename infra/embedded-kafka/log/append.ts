import { errorCodes } from '../protocol/error-codes.ts';
import { checkSequence, rememberBatch } from '../producers/sequences.ts';
import { activeSegment, wakeWatchers, type Appended, type PartitionLog, type PendingAppend } from './partition-log.ts';
import { placeBatch, readBatchHeader, type BatchHeader } from './record-batch.ts';
import { applyRetention } from './retention.ts';
import { rollSegment } from './roll-segment.ts';
import { indexBatch } from './sparse-index.ts';

/** The most batches that one write takes: the kernel's limit on buffers in one call is 1,024. */
const maxGroup = 512;

/**
 * Appends one checked batch; resolves when it is written (and, with flush 'fsync', on the disk). The batch's memory is
 * changed in place and must stay untouched until then. Never rejects.
 */
export function append(log: PartitionLog, batch: Buffer, header: BatchHeader): Promise<Appended> {
  if (log.closed !== null) return Promise.resolve(storageError(log.closed));
  const verdict = checkSequence(log.producers, header);
  if (verdict.kind === 'refused') return Promise.resolve(verdict);
  if (verdict.kind === 'duplicate') return whenWritten(log, verdict.baseOffset);
  const baseOffset = log.nextOffset;
  placeBatch(batch, baseOffset);
  log.nextOffset += header.recordCount;
  rememberBatch(log.producers, header, baseOffset, log.now());
  return new Promise((settle) => {
    log.pending.push({ batch, baseOffset, settle });
    startWriter(log);
  });
}

const storageError = (message: string): Appended => ({
  kind: 'refused',
  errorCode: errorCodes.KAFKA_STORAGE_ERROR,
  message,
});

/** The answer to a repeated batch: the first one's offset, but not before the first one is safe. */
function whenWritten(log: PartitionLog, baseOffset: number): Promise<Appended> {
  const index = log.pending.findIndex((waiting) => waiting.baseOffset === baseOffset);
  const waiting = log.pending[index];
  if (waiting === undefined) return Promise.resolve({ kind: 'appended', baseOffset });
  return new Promise((settle) => {
    const both = (result: Appended): void => {
      waiting.settle(result);
      settle(result);
    };
    log.pending[index] = { ...waiting, settle: both };
  });
}

/** Lets the writer take up whatever waits; at most one runs per log. */
export function startWriter(log: PartitionLog): void {
  log.writer ??= drain(log).finally(() => {
    log.writer = null;
    if (log.pending.length > 0 || log.rollRequested) startWriter(log);
  });
}

async function drain(log: PartitionLog): Promise<void> {
  try {
    while (log.pending.length > 0 || log.rollRequested) {
      if (needsRoll(log)) await rollAndRetain(log);
      const group = nextGroup(log);
      if (group.length > 0) await writeGroup(log, group);
    }
  } catch (error) {
    await failPending(log, error);
  }
}

function needsRoll(log: PartitionLog): boolean {
  const { size } = activeSegment(log);
  if (size === 0) {
    log.rollRequested = false;
    return false;
  }
  const next = log.pending[0]?.batch.length ?? 0;
  return log.rollRequested || (next > 0 && size + next > log.settings().segmentBytes);
}

async function rollAndRetain(log: PartitionLog): Promise<void> {
  log.rollRequested = false;
  await rollSegment(log);
  await applyRetention(log);
}

/** The waiting batches that still fit into the active segment; always one when any waits. */
function nextGroup(log: PartitionLog): PendingAppend[] {
  const limit = log.settings().segmentBytes;
  let bytes = activeSegment(log).size;
  let count = 0;
  for (const { batch } of log.pending) {
    if (count === maxGroup || (bytes > 0 && bytes + batch.length > limit)) break;
    bytes += batch.length;
    count += 1;
  }
  return log.pending.slice(0, count);
}

async function writeGroup(log: PartitionLog, group: readonly PendingAppend[]): Promise<void> {
  const segment = activeSegment(log);
  await writeFully(
    segment.file.writev.bind(segment.file),
    group.map(({ batch }) => batch),
    segment.size,
  );
  if (log.flush === 'fsync') await segment.file.datasync();
  for (const { batch, baseOffset } of group) {
    const header = readBatchHeader(batch);
    if (header === null) throw new Error(`the batch at offset ${baseOffset} lost its header before it was written`);
    indexBatch(segment.index, header, segment.size);
    rememberBatch(log.writtenProducers, header, baseOffset, log.now());
    segment.size += batch.length;
    log.writtenBytes += batch.length;
    log.highWatermark = baseOffset + header.recordCount;
  }
  segment.writtenAt = log.now();
  for (const { settle, baseOffset } of log.pending.splice(0, group.length)) settle({ kind: 'appended', baseOffset });
  wakeWatchers(log);
}

type WriteVector = (buffers: Buffer[], position: number) => Promise<{ bytesWritten: number }>;

async function writeFully(write: WriteVector, buffers: readonly Buffer[], position: number): Promise<void> {
  let rest = [...buffers];
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await write(rest, at);
    at += bytesWritten;
    rest = dropBytes(rest, bytesWritten);
  }
}

function dropBytes(buffers: readonly Buffer[], count: number): Buffer[] {
  let rest = count;
  return buffers.flatMap((buffer) => {
    const dropped = Math.min(rest, buffer.length);
    rest -= dropped;
    return dropped === buffer.length ? [] : [buffer.subarray(dropped)];
  });
}

/**
 * A write failed (disk full, say): everything that waits is refused and forgotten, and what the write left behind the
 * good part is cut off. If even that fails, the log takes no more writes until the broker is restarted.
 */
async function failPending(log: PartitionLog, error: unknown): Promise<void> {
  const reason = `writing ${log.topic}-${log.partition} failed: ${error instanceof Error ? error.message : String(error)}`;
  log.log({ level: 'error', message: reason, topic: log.topic, partition: log.partition });
  const failed = log.pending.splice(0);
  log.nextOffset = log.highWatermark;
  log.producers = new Map(log.writtenProducers);
  const segment = activeSegment(log);
  await segment.file.truncate(segment.size).catch(() => {
    log.closed = `${reason}; restart the broker once the disk is writable again`;
  });
  for (const { settle } of failed) settle(storageError(reason));
}
