import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rememberBatch, type ProducerStates } from '../producers/sequences.ts';
import type { Flush, Log, LogSettings, PartitionLog } from './partition-log.ts';
import { privateFolder } from './private-modes.ts';
import { deleteProducerSnapshots, loadProducerSnapshot, type ProducerSnapshot } from './producer-snapshot.ts';
import type { BatchHeader } from './record-batch.ts';
import { scanSegment } from './scan-segment.ts';
import { indexPath, openSegment, segmentPath, type Segment } from './segment.ts';
import { decodeIndex, emptyIndex, indexBatch, type IndexFile } from './sparse-index.ts';
import { loadStartOffset } from './start-offset.ts';
import { syncFolder } from './write-whole.ts';

export type OpenLogOptions = {
  readonly topic: string;
  readonly partition: number;
  readonly directory: string;
  readonly flush: Flush;
  readonly settings: () => LogSettings;
  readonly now: () => number;
  readonly log: Log;
  /** True when the broker ended cleanly the last time: then index files are trusted and nothing is scanned. */
  readonly cleanShutdown: boolean;
};

/**
 * Opens a partition's log, creating it when there is none. After a crash the last segment is read and every checksum
 * computed; the first thing that is not the next whole batch, and all behind it, is cut off. Earlier segments were
 * flushed to the disk when they ended, so they are only read where their index is missing.
 */
export async function openLog(options: OpenLogOptions): Promise<PartitionLog> {
  const { directory } = options;
  await mkdir(directory, { recursive: true, mode: privateFolder });
  const bases = await segmentBases(directory);
  const recovery = await startRecovery(options, bases);
  const segments: Segment[] = [];
  let nextOffset = bases[0] ?? 0;
  for (const [position, base] of bases.entries()) {
    const recovered = await recoverSegment(recovery, base, bases[position + 1] ?? null);
    segments.push(recovered.segment);
    nextOffset = recovered.nextOffset;
  }
  if (segments.length === 0) segments.push(await createFirstSegment(options));
  await deleteProducerSnapshots(directory, (offset) => offset > nextOffset);
  const storedStart = Math.min(await loadStartOffset(directory), nextOffset);
  return {
    ...options,
    segments,
    pending: [],
    watchers: new Set(),
    startOffset: Math.max(storedStart, segments[0]?.baseOffset ?? 0),
    nextOffset,
    highWatermark: nextOffset,
    writtenBytes: 0,
    producers: new Map(recovery.producers),
    writtenProducers: recovery.producers,
    rollRequested: false,
    writer: null,
    background: Promise.resolve(),
    closed: null,
  };
}

async function createFirstSegment({ directory, flush, now }: OpenLogOptions): Promise<Segment> {
  const segment = await openSegment(directory, 0, emptyIndex(), 0, now());
  if (flush === 'os') return segment;
  for (const folder of [directory, dirname(directory), dirname(dirname(directory))]) await syncFolder(folder);
  return segment;
}

async function segmentBases(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  const bases = names.filter((name) => /^\d{20}\.log$/.test(name)).map((name) => Number(name.slice(0, 20)));
  const orphans = names.filter((name) => /^\d{20}\.index$/.test(name) && !bases.includes(Number(name.slice(0, 20))));
  for (const name of orphans) await rm(indexPath(directory, Number(name.slice(0, 20))), { force: true });
  return bases.sort((a, b) => a - b);
}

type Recovery = {
  readonly options: OpenLogOptions;
  readonly snapshot: ProducerSnapshot;
  readonly producers: ProducerStates;
};

async function startRecovery(options: OpenLogOptions, bases: readonly number[]): Promise<Recovery> {
  const newest = options.cleanShutdown ? Number.MAX_SAFE_INTEGER : (bases.at(-1) ?? 0);
  const snapshot = await loadProducerSnapshot(options.directory, newest);
  return { options, snapshot, producers: snapshot.states };
}

type RecoveredSegment = { readonly segment: Segment; readonly nextOffset: number };

/** `nextBase` is where the following segment starts, null for the last one. */
async function recoverSegment(recovery: Recovery, base: number, nextBase: number | null): Promise<RecoveredSegment> {
  const { directory } = recovery.options;
  const { size, mtimeMs } = await stat(segmentPath(directory, base));
  const known = await knownIndex(recovery, base, nextBase, size);
  if (known && known.nextOffset <= Math.max(recovery.snapshot.offset, base)) {
    return { segment: await openSegment(directory, base, known.index, size, mtimeMs), nextOffset: known.nextOffset };
  }
  return readWholeSegment(recovery, base, nextBase, mtimeMs);
}

async function knownIndex(
  { options }: Recovery,
  base: number,
  nextBase: number | null,
  size: number,
): Promise<IndexFile | null> {
  if (nextBase === null && !options.cleanShutdown) return null;
  const bytes = await readFile(indexPath(options.directory, base)).catch(() => null);
  const stored = bytes && decodeIndex(bytes);
  if (!stored || stored.segmentBytes !== size) return null;
  return nextBase === null || stored.nextOffset === nextBase ? stored : null;
}

async function readWholeSegment(
  { options, snapshot, producers }: Recovery,
  base: number,
  nextBase: number | null,
  writtenAt: number,
): Promise<RecoveredSegment> {
  const index = emptyIndex();
  const path = segmentPath(options.directory, base);
  const file = await open(path, 'r+');
  try {
    const remember = (header: BatchHeader, position: number): void => {
      indexBatch(index, header, position);
      if (header.baseOffset >= snapshot.offset) rememberBatch(producers, header, header.baseOffset, options.now());
    };
    const end = await scanSegment(file, { position: 0, offset: base }, true, remember);
    if (end.torn !== null) {
      await reportTear(options, path, end.torn, end.goodBytes);
      await file.truncate(end.goodBytes);
      await file.datasync();
    }
    if (nextBase !== null && nextBase !== end.nextOffset) reportGap(options, end.nextOffset, nextBase);
    const segment = await openSegment(options.directory, base, index, end.goodBytes, writtenAt);
    return { segment, nextOffset: end.nextOffset };
  } finally {
    await file.close();
  }
}

async function reportTear(options: OpenLogOptions, path: string, reason: string, goodBytes: number): Promise<void> {
  const { size } = await stat(path);
  options.log({
    level: 'warn',
    message: `cut ${size - goodBytes} unacknowledged or damaged bytes off ${options.topic}-${options.partition}: ${reason}`,
    topic: options.topic,
    partition: options.partition,
    goodBytes,
  });
}

function reportGap(options: OpenLogOptions, from: number, to: number): void {
  options.log({
    level: 'error',
    message: `${options.topic}-${options.partition} lost the records from offset ${from} to ${to}: the disk lost part of a finished segment`,
    topic: options.topic,
    partition: options.partition,
  });
}
