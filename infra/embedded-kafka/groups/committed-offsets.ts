import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32c } from '../log/crc32c.ts';
import type { Flush, Log } from '../log/partition-log.ts';
import { readIfExists } from '../log/read-if-exists.ts';
import { privateFile } from '../log/private-modes.ts';
import { syncFolder, writeWhole } from '../log/write-whole.ts';

export type CommittedOffset = {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
};

/** One line of the journal: an offset of a group, or (offset null) that it was deleted. */
export type OffsetChange = {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset | null;
};

/** Offsets per group, then per topic, then per partition. */
export type OffsetTable = Map<string, Map<string, Map<number, CommittedOffset>>>;

/**
 * The committed offsets of all groups: a table in memory, and on disk a journal that every change is appended to before
 * it is acknowledged, rewritten when most of it is outdated. Kafka keeps the same in its topic __consumer_offsets.
 */
export type OffsetStore = {
  readonly path: string;
  readonly flush: Flush;
  readonly log: Log;
  readonly table: OffsetTable;
  file: FileHandle;
  size: number;
  waiting: { readonly changes: readonly OffsetChange[]; readonly settle: (failure: Error | null) => void }[];
  writer: Promise<void> | null;
};

const compactAtBytes = 4 * 1024 * 1024;
/** A journal this many times larger than what it says is rewritten. */
const outdatedFactor = 4;

export async function openOffsets(path: string, flush: Flush, log: Log): Promise<OffsetStore> {
  const table: OffsetTable = new Map();
  const bytes = (await readIfExists(path)) ?? Buffer.alloc(0);
  const size = replay(bytes, table);
  if (size < bytes.length) {
    const message = `cut ${bytes.length - size} unacknowledged bytes off the journal of committed offsets`;
    log({ level: 'warn', message, path });
  }
  const file = await open(path, bytes.length === 0 ? 'w+' : 'r+', privateFile);
  await file.truncate(size);
  if (flush === 'fsync') await syncFolder(dirname(path));
  return { path, flush, log, table, file, size, waiting: [], writer: null };
}

/** Applies the intact lines from the start of the journal; returns how many bytes they take. */
function replay(bytes: Buffer, table: OffsetTable): number {
  let good = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, good);
    const change = end === -1 ? null : decodeLine(bytes.subarray(good, end));
    if (change === null) return good;
    applyChange(table, change);
    good = end + 1;
  }
}

const checksumDigits = 8;

function encodeLine(change: OffsetChange): Buffer {
  const { group, topic, partition, committed } = change;
  const value = committed && [committed.offset, committed.leaderEpoch, committed.metadata];
  const text = Buffer.from(JSON.stringify([group, topic, partition, value]));
  const checksum = crc32c(text).toString(16).padStart(checksumDigits, '0');
  return Buffer.concat([Buffer.from(checksum), text, Buffer.from('\n')]);
}

function decodeLine(line: Buffer): OffsetChange | null {
  const text = line.subarray(checksumDigits);
  if (Number.parseInt(line.toString('latin1', 0, checksumDigits), 16) !== crc32c(text)) return null;
  // The checksum says that these are our own bytes, so their shape is known.
  const [group, topic, partition, value] = JSON.parse(text.toString()) as [
    string,
    string,
    number,
    [number, number, string | null] | null,
  ];
  const committed = value && { offset: value[0], leaderEpoch: value[1], metadata: value[2] };
  return { group, topic, partition, committed };
}

function applyChange(table: OffsetTable, { group, topic, partition, committed }: OffsetChange): void {
  const topics = table.get(group) ?? new Map<string, Map<number, CommittedOffset>>();
  const partitions = topics.get(topic) ?? new Map<number, CommittedOffset>();
  if (committed) partitions.set(partition, committed);
  else partitions.delete(partition);
  if (partitions.size > 0) topics.set(topic, partitions);
  else topics.delete(topic);
  if (topics.size > 0) table.set(group, topics);
  else table.delete(group);
}

/** Makes changes durable and visible, in this order; changes that wait together are written together. */
export function changeOffsets(store: OffsetStore, changes: readonly OffsetChange[]): Promise<void> {
  if (changes.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    store.waiting.push({
      changes,
      settle: (failure) => (failure === null ? resolve() : reject(failure)),
    });
    startWriter(store);
  });
}

function startWriter(store: OffsetStore): void {
  store.writer ??= drain(store).finally(() => {
    store.writer = null;
    if (store.waiting.length > 0) startWriter(store);
  });
}

async function drain(store: OffsetStore): Promise<void> {
  while (store.waiting.length > 0) {
    const group = store.waiting;
    store.waiting = [];
    const failure = await writeChanges(
      store,
      group.flatMap(({ changes }) => changes),
    ).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error('writing failed', { cause: error })),
    );
    if (failure !== null) await store.file.truncate(store.size).catch(() => undefined);
    for (const { settle } of group) settle(failure);
    if (failure === null) await compactWhenOutdated(store);
  }
}

async function writeChanges(store: OffsetStore, changes: readonly OffsetChange[]): Promise<void> {
  const bytes = Buffer.concat(changes.map(encodeLine));
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await store.file.write(bytes, done, bytes.length - done, store.size + done);
    done += bytesWritten;
  }
  if (store.flush === 'fsync') await store.file.datasync();
  store.size += bytes.length;
  for (const change of changes) applyChange(store.table, change);
}

function tableLines(table: OffsetTable): Buffer {
  const lines: Buffer[] = [];
  for (const [group, topics] of table) {
    for (const [topic, partitions] of topics) {
      for (const [partition, committed] of partitions) lines.push(encodeLine({ group, topic, partition, committed }));
    }
  }
  return Buffer.concat(lines);
}

async function compactWhenOutdated(store: OffsetStore): Promise<void> {
  if (store.size < compactAtBytes) return;
  const lines = tableLines(store.table);
  if (store.size < lines.length * outdatedFactor) return;
  try {
    await writeWhole(store.path, lines.toString());
    const file = await open(store.path, 'r+');
    await store.file.close();
    store.file = file;
    store.size = lines.length;
  } catch (error) {
    store.log({
      level: 'warn',
      message: 'the journal of committed offsets could not be rewritten',
      error: String(error),
    });
  }
}

/** Deletions of everything a group, or every group for a topic, has committed. */
export function deletionsOf(
  store: OffsetStore,
  which: { readonly group?: string; readonly topic?: string },
): OffsetChange[] {
  const changes: OffsetChange[] = [];
  for (const [group, topics] of store.table) {
    if (which.group !== undefined && which.group !== group) continue;
    for (const [topic, partitions] of topics) {
      if (which.topic !== undefined && which.topic !== topic) continue;
      for (const partition of partitions.keys()) changes.push({ group, topic, partition, committed: null });
    }
  }
  return changes;
}

export async function closeOffsets(store: OffsetStore): Promise<void> {
  while (store.writer) await store.writer;
  await store.file.datasync();
  await store.file.close();
}
