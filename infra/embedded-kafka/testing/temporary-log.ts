import { rm } from 'node:fs/promises';
import { append } from '../log/append.ts';
import { closeLog } from '../log/close-log.ts';
import { openLog, type OpenLogOptions } from '../log/open-log.ts';
import type { Appended, LogEntry, LogSettings, PartitionLog } from '../log/partition-log.ts';
import { readLog } from '../log/read-log.ts';
import { readBatchHeader } from '../log/record-batch.ts';
import { closeSegment } from '../log/segment.ts';
import { readRecords, type RecordRead } from './build-batch.ts';
import { temporaryFolder } from './temporary-broker.ts';

export type TemporaryLog = {
  readonly directory: string;
  readonly entries: LogEntry[];
  readonly open: (options?: { readonly cleanShutdown?: boolean }) => Promise<PartitionLog>;
  readonly remove: () => Promise<void>;
};

export async function temporaryLog(
  settings: Partial<LogSettings> = {},
  now: () => number = Date.now,
): Promise<TemporaryLog> {
  const directory = await temporaryFolder();
  const entries: LogEntry[] = [];
  const options: OpenLogOptions = {
    topic: 'orders',
    partition: 0,
    directory,
    flush: 'os',
    settings: () => ({
      retentionMs: -1,
      retentionBytes: -1,
      segmentBytes: 2 ** 20,
      maxMessageBytes: 2 ** 20,
      ...settings,
    }),
    now,
    log: (entry) => entries.push(entry),
    cleanShutdown: false,
  };
  const opened: PartitionLog[] = [];
  return {
    directory,
    entries,
    async open({ cleanShutdown = false } = {}) {
      const log = await openLog({ ...options, cleanShutdown });
      opened.push(log);
      return log;
    },
    async remove() {
      for (const log of opened) if (log.closed === null) await closeLog(log);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function appendBatch(log: PartitionLog, batch: Buffer): Promise<Appended> {
  const header = readBatchHeader(batch);
  if (header === null) throw new Error('no batch');
  return append(log, batch, header);
}

/** Ends a log as kill -9 does: nothing more is written, no index, no snapshot. */
export async function crashLog(log: PartitionLog): Promise<void> {
  while (log.writer) await log.writer;
  await log.background;
  log.closed = 'crashed';
  for (const segment of log.segments) await closeSegment(segment);
}

/** Every record a consumer reads from `from` on, in fetches of at most `maxBytes`. */
export async function readAll(log: PartitionLog, from = log.startOffset, maxBytes = 4096): Promise<RecordRead[]> {
  const records: RecordRead[] = [];
  for (let next = from; ;) {
    const { records: batches, release } = await readLog(log, next, maxBytes, true);
    const read = readRecords(batches);
    release();
    const last = read.at(-1);
    if (last === undefined) return records.filter(({ offset }) => offset >= from);
    records.push(...read);
    next = last.offset + 1;
  }
}
