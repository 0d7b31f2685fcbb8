import type { ProducerStates } from '../producers/sequences.ts';
import type { Segment } from './segment.ts';

export type LogEntry = { level: 'info' | 'warn' | 'error'; message: string; [key: string]: unknown };
export type Log = (entry: LogEntry) => void;

/** 'os': acknowledged once the operating system has it (survives kill -9). 'fsync': once the disk has it. */
export type Flush = 'os' | 'fsync';

/** -1 for a retention means without end. */
export type LogSettings = {
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly segmentBytes: number;
  readonly maxMessageBytes: number;
};

export type Appended =
  | { readonly kind: 'appended'; readonly baseOffset: number }
  | { readonly kind: 'refused'; readonly errorCode: number; readonly message: string };

/** A batch that has its offset and waits to be written. */
export type PendingAppend = {
  readonly batch: Buffer;
  readonly baseOffset: number;
  readonly settle: (result: Appended) => void;
};

/**
 * The log of one partition. Offsets are given when a batch arrives (`nextOffset`); batches that wait are written
 * together (group commit) and only then can be read (`highWatermark`) and are acknowledged.
 */
export type PartitionLog = {
  readonly topic: string;
  readonly partition: number;
  readonly directory: string;
  readonly flush: Flush;
  readonly settings: () => LogSettings;
  readonly now: () => number;
  readonly log: Log;
  /** In order of offset, at least one; the last is the one written to. */
  readonly segments: Segment[];
  readonly pending: PendingAppend[];
  /** Called whenever the high watermark moved or the log was closed. */
  readonly watchers: Set<() => void>;
  startOffset: number;
  nextOffset: number;
  highWatermark: number;
  /** Bytes acknowledged since the log was opened: what a long poll counts. */
  writtenBytes: number;
  /** Producers' last batches, waiting ones included: decides on the next batch. */
  producers: ProducerStates;
  /** Producers' last written batches: goes into snapshots, so that a crash never remembers an unwritten batch. */
  readonly writtenProducers: ProducerStates;
  /** When to start a new segment although the active one is not full: its records are past their retention time. */
  rollRequested: boolean;
  writer: Promise<void> | null;
  /** Work on finished segments (fsync, index, snapshot) that appends do not wait for. */
  background: Promise<void>;
  /** Why nothing can be written any more, else null. */
  closed: string | null;
};

export function activeSegment(log: PartitionLog): Segment {
  const segment = log.segments.at(-1);
  if (segment === undefined) throw new Error(`${log.directory} has no segment`);
  return segment;
}

/** Bytes of all segments. */
export const logBytes = (log: PartitionLog): number => log.segments.reduce((total, segment) => total + segment.size, 0);

export function wakeWatchers(log: PartitionLog): void {
  for (const watcher of [...log.watchers]) watcher();
}
