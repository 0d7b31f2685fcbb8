import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { abandonLog, closeLog } from '../log/close-log.ts';
import { openLog } from '../log/open-log.ts';
import type { Flush, Log, PartitionLog } from '../log/partition-log.ts';
import { readIfExists } from '../log/read-if-exists.ts';
import { privateFolder } from '../log/private-modes.ts';
import { writeWhole } from '../log/write-whole.ts';
import { settingsOf, type TopicDefaults, type TopicOverrides } from './topic-settings.ts';

/** `id` names the topic's folder, so that a topic created again under an old name never meets old records. */
export type Topic = {
  readonly name: string;
  readonly id: string;
  readonly partitions: PartitionLog[];
  overrides: TopicOverrides;
};

export type TopicStore = {
  readonly directory: string;
  readonly defaults: TopicDefaults;
  readonly flush: Flush;
  readonly log: Log;
  readonly topics: Map<string, Topic>;
  /** Changes of the list of topics run one after the other. */
  changes: Promise<unknown>;
};

type StoredTopic = {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly overrides: TopicOverrides;
};

const catalogPath = (store: TopicStore): string => join(store.directory, 'topics.json');
const topicDirectory = (store: TopicStore, id: string): string => join(store.directory, 'topics', id);

/** Kafka's rule for names: they become part of file names and of metrics. */
export const isTopicName = (name: string): boolean => /^[a-zA-Z0-9._-]{1,249}$/.test(name) && !/^\.{1,2}$/.test(name);

/** Opens every topic of the list and removes folders that a deletion left behind. */
export async function openTopics(store: TopicStore, cleanShutdown: boolean): Promise<void> {
  await mkdir(join(store.directory, 'topics'), { recursive: true, mode: privateFolder });
  const entries = await readCatalog(store);
  for (const { name, id, partitions, overrides } of entries) {
    const topic: Topic = { name, id, partitions: [], overrides };
    topic.partitions.push(...(await openPartitions(store, topic, 0, partitions, cleanShutdown)));
    store.topics.set(name, topic);
  }
  const known = new Set(entries.map(({ id }) => id));
  const leftovers = (await readdir(join(store.directory, 'topics'))).filter((id) => !known.has(id));
  for (const id of leftovers) await rm(topicDirectory(store, id), { recursive: true, force: true });
}

/** Opens partitions `from` to `to` (exclusive) of a topic. */
async function openPartitions(
  store: TopicStore,
  topic: Topic,
  from: number,
  to: number,
  cleanShutdown: boolean,
): Promise<PartitionLog[]> {
  const { flush, log } = store;
  const settings = (): ReturnType<typeof settingsOf> => settingsOf(store.defaults, topic.overrides);
  const opened: PartitionLog[] = [];
  for (let partition = from; partition < to; partition += 1) {
    const directory = join(topicDirectory(store, topic.id), String(partition));
    const options = { topic: topic.name, partition, directory, flush, settings, now: Date.now, log, cleanShutdown };
    opened.push(await openLog(options));
  }
  return opened;
}

async function readCatalog(store: TopicStore): Promise<StoredTopic[]> {
  const text = (await readIfExists(catalogPath(store)))?.toString() ?? '[]';
  const value = parseOrNull(text);
  if (!Array.isArray(value) || !value.every(isStoredTopic)) {
    throw new Error(
      `${catalogPath(store)} is damaged: restore it from a backup, or delete the data folder to start empty`,
    );
  }
  return value;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isStoredTopic(value: unknown): value is StoredTopic {
  if (typeof value !== 'object' || value === null) return false;
  const { name, id, partitions, overrides } = value as Record<string, unknown>;
  if (typeof name !== 'string' || typeof id !== 'string' || typeof partitions !== 'number') return false;
  return (
    typeof overrides === 'object' &&
    overrides !== null &&
    Object.values(overrides).every((text) => typeof text === 'string')
  );
}

const stored = (topic: Topic): StoredTopic => ({
  name: topic.name,
  id: topic.id,
  partitions: topic.partitions.length,
  overrides: topic.overrides,
});

const catalog = (store: TopicStore): StoredTopic[] => [...store.topics.values()].map(stored);

/** Changes reach the disk before anybody can see them: what a client was told about survives a crash. */
async function writeCatalog(store: TopicStore, topics: readonly StoredTopic[]): Promise<void> {
  await writeWhole(catalogPath(store), JSON.stringify(topics, null, 2));
}

/** Runs one change of the list of topics after the earlier ones. */
function change<Result>(store: TopicStore, work: () => Promise<Result>): Promise<Result> {
  const result = store.changes.then(work);
  store.changes = result.catch(() => undefined);
  return result;
}

/** Creates a topic; false when the name is taken. It is durable when this resolves. */
export function createTopic(
  store: TopicStore,
  name: string,
  partitions: number,
  overrides: TopicOverrides,
): Promise<boolean> {
  return change(store, async () => {
    if (store.topics.has(name)) return false;
    const topic: Topic = { name, id: randomUUID(), partitions: [], overrides };
    topic.partitions.push(...(await openPartitions(store, topic, 0, partitions, true)));
    await writeCatalog(store, [...catalog(store), stored(topic)]);
    store.topics.set(name, topic);
    store.log({ level: 'info', message: `created topic ${name} with ${partitions} partitions`, topic: name });
    return true;
  });
}

/** Deletes a topic and its records; false when there is none of that name. */
export function deleteTopic(store: TopicStore, name: string): Promise<boolean> {
  return change(store, async () => {
    const topic = store.topics.get(name);
    if (topic === undefined) return false;
    await writeCatalog(
      store,
      catalog(store).filter((kept) => kept.name !== name),
    );
    store.topics.delete(name);
    for (const partition of topic.partitions) await abandonLog(partition);
    await rm(topicDirectory(store, topic.id), { recursive: true, force: true });
    store.log({ level: 'info', message: `deleted topic ${name}`, topic: name });
    return true;
  });
}

/** Adds partitions until the topic has `count`. */
export function growTopic(store: TopicStore, topic: Topic, count: number): Promise<void> {
  return change(store, async () => {
    const added = await openPartitions(store, topic, topic.partitions.length, count, true);
    const grown = catalog(store).map((entry) => (entry.id === topic.id ? { ...entry, partitions: count } : entry));
    await writeCatalog(store, grown);
    topic.partitions.push(...added);
  });
}

export function configureTopic(store: TopicStore, topic: Topic, overrides: TopicOverrides): Promise<void> {
  return change(store, async () => {
    await writeCatalog(
      store,
      catalog(store).map((entry) => (entry.id === topic.id ? { ...entry, overrides } : entry)),
    );
    topic.overrides = overrides;
  });
}

export async function closeTopics(store: TopicStore): Promise<void> {
  await store.changes;
  for (const topic of store.topics.values()) {
    for (const partition of topic.partitions) await closeLog(partition);
  }
}
